"""Our values as the Engine's JSON (Docker Engine API, `POST /containers/create`)."""

from typing import Any

from labctl.engine import HOST_NETWORK, NO_NETWORK, ContainerSpec
from labctl.model import Healthcheck, Network, Service

NANOSECONDS = 1_000_000_000
SHARED_SHIM = "io.containerd.runc.v2.group"  # an annotation (API 1.43) that containerd's shim looks for


def container_config(spec: ContainerSpec) -> dict[str, Any]:
    """Return the body of a container-create request."""
    service = spec.service
    config: dict[str, Any] = {
        "Image": service.image,
        "Labels": {**service.labels, **spec.labels},
        "Env": [f"{name}={value}" for name, value in service.environment.items()],
        "ExposedPorts": {str(port.listener): {} for port in service.ports},
        "HostConfig": _host_config(spec),
    }
    if spec.network not in (NO_NETWORK, HOST_NETWORK):  # which have no names
        endpoint = {"Aliases": [service.name, *service.aliases]}
        config["NetworkingConfig"] = {"EndpointsConfig": {spec.network: endpoint}}
    optional = {
        "Cmd": list(service.command) if service.command is not None else None,
        "Entrypoint": list(service.entrypoint) if service.entrypoint is not None else None,
        "User": service.user,
        "WorkingDir": service.working_dir,
        "Hostname": service.hostname,
        "StopSignal": service.stop_signal,
        "StopTimeout": round(service.stop_grace_period_s),
        "Healthcheck": _healthcheck(service.healthcheck) if service.healthcheck else None,
    }
    config |= {name: value for name, value in optional.items() if value is not None}
    return config


def _host_config(spec: ContainerSpec) -> dict[str, Any]:
    service = spec.service
    config: dict[str, Any] = {
        "NetworkMode": spec.network,
        "AutoRemove": spec.ephemeral,
        "ReadonlyRootfs": service.read_only,
        "CapAdd": list(service.cap_add),
        "CapDrop": list(service.cap_drop),
        "SecurityOpt": list(service.security_opt),
        "Tmpfs": dict(service.tmpfs),
        "Mounts": _mounts(spec),
        "Memory": service.mem_limit_bytes,
        "MemorySwap": service.mem_limit_bytes,  # the same figure: no swap on top
        "PidsLimit": service.pids_limit or None,
        "NanoCpus": round(service.cpus * NANOSECONDS),
        "Ulimits": [
            {"Name": name, "Soft": soft, "Hard": hard} for name, (soft, hard) in service.ulimits.items()
        ],
        "Sysctls": dict(service.sysctls),
        "Dns": list(service.dns),
        "DnsOptions": list(service.dns_opt),
        "ExtraHosts": list(service.extra_hosts),
        "PortBindings": _port_bindings(service),
        "RestartPolicy": {"Name": service.restart.name, "MaximumRetryCount": service.restart.retries},
        "Init": service.init or None,
    }
    if service.shm_size_bytes:
        config["ShmSize"] = service.shm_size_bytes
    if spec.shim is not None:
        config["Annotations"] = {SHARED_SHIM: spec.shim}
    if service.logging_driver is not None:
        config["LogConfig"] = {"Type": service.logging_driver, "Config": dict(service.logging_options)}
    return config


def _mounts(spec: ContainerSpec) -> list[dict[str, Any]]:
    return [
        {
            "Type": mount.kind,
            "Source": spec.volumes[mount.source] if mount.kind == "volume" else mount.source,
            "Target": mount.target,
            "ReadOnly": mount.read_only,
        }
        for mount in spec.service.mounts
    ]


def _port_bindings(service: Service) -> dict[str, list[dict[str, str]]]:
    bindings: dict[str, list[dict[str, str]]] = {}
    for port in service.ports:
        binding = {"HostIp": port.host_ip, "HostPort": str(port.host_port)}
        bindings.setdefault(str(port.listener), []).append(binding)
    return bindings


def _healthcheck(healthcheck: Healthcheck) -> dict[str, Any]:
    return {
        "Test": list(healthcheck.test),
        "Interval": round(healthcheck.interval_s * NANOSECONDS),
        "Timeout": round(healthcheck.timeout_s * NANOSECONDS),
        "StartPeriod": round(healthcheck.start_period_s * NANOSECONDS),
        "Retries": healthcheck.retries,
    }


def network_config(network: Network) -> dict[str, Any]:
    """Return the keyword arguments of the SDK's `create_network`."""
    return {
        "driver": network.driver,
        "options": dict(network.driver_opts),
        "internal": network.internal,
        "enable_ipv6": network.enable_ipv6,
        "ipam": {"Driver": "default", "Config": [{"Subnet": subnet} for subnet in network.subnets]},
    }
