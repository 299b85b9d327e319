"""A definition as a Compose file again: what `labctl config` prints. It reads to the same definition."""

from dataclasses import asdict
from typing import Any

import yaml

from labctl.model import (
    DEFAULT_COURSE,
    Definition,
    Healthcheck,
    Mount,
    Network,
    PublishedPort,
    Service,
    Volume,
)


def render_compose(definition: Definition) -> str:
    """Return the text of a Compose file; variables are put in, paths are full ones."""
    text: str = yaml.safe_dump(as_compose(definition), sort_keys=False, width=1000, allow_unicode=True)
    return text


def as_compose(definition: Definition) -> dict[str, Any]:
    """Return the mapping that a Compose file would hold, with what was given alone."""
    data: dict[str, Any] = {"name": definition.name}
    if definition.course != DEFAULT_COURSE:
        data["x-labctl"] = {"course": definition.course}
    data["services"] = {name: _service(each) for name, each in definition.services.items()}
    data["networks"] = {name: _network(each) for name, each in definition.networks.items()}
    data["volumes"] = {name: _volume(each) for name, each in definition.volumes.items()}
    compose: dict[str, Any] = _written({key: value for key, value in data.items() if value})
    return compose


def _written(value: Any) -> Any:
    """Return a value with each dollar doubled, as no variable is meant any more."""
    if isinstance(value, dict):
        return {key: _written(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_written(each) for each in value]
    return value.replace("$", "$$") if isinstance(value, str) else value


def _given(data: dict[str, Any], default: Any) -> dict[str, Any]:
    """Return the keys whose value is not the default's."""
    usual = default if isinstance(default, dict) else asdict(default)
    return {key: value for key, value in data.items() if key not in usual or value != usual[key]}


def _service(service: Service) -> dict[str, Any]:
    data: dict[str, Any] = {"image": service.image}
    if (build := service.build) is not None:
        data["build"] = {
            "context": str(build.context),
            "dockerfile": build.dockerfile,
            **({"target": build.target} if build.target is not None else {}),
            **({"args": dict(build.args)} if build.args else {}),
        }
    data |= _given(
        {
            "command": None if service.command is None else list(service.command),
            "entrypoint": None if service.entrypoint is None else list(service.entrypoint),
            "environment": dict(service.environment),
            "user": service.user,
            "working_dir": service.working_dir,
            "hostname": service.hostname,
            "read_only": service.read_only,
            "init": service.init,
            "stop_signal": service.stop_signal,
            "labels": dict(service.labels),
            "sysctls": dict(service.sysctls),
        },
        Service("", "", 0),
    )
    given: dict[str, Any] = {
        "networks": _networks(service),
        "ports": [_port(each) for each in service.ports],
        "volumes": [_mount(each) for each in service.mounts],
        "tmpfs": [f"{path}:{options}" if options else path for path, options in service.tmpfs.items()],
        "cap_add": list(service.cap_add),
        "cap_drop": list(service.cap_drop),
        "security_opt": list(service.security_opt),
        "mem_limit": str(service.mem_limit_bytes) if service.mem_limit_bytes else None,
        "pids_limit": service.pids_limit,
        "cpus": _seconds(service.cpus) if service.cpus else None,
        "shm_size": str(service.shm_size_bytes) if service.shm_size_bytes else None,
        "ulimits": {name: {"soft": soft, "hard": hard} for name, (soft, hard) in service.ulimits.items()},
        "dns": list(service.dns),
        "dns_opt": list(service.dns_opt),
        "extra_hosts": list(service.extra_hosts),
        "profiles": list(service.profiles),
        "depends_on": {name: asdict(each) for name, each in service.depends_on.items()},
    }
    data |= {key: value for key, value in given.items() if value}
    if service.logging_driver is not None or service.logging_options:
        driver = {"driver": service.logging_driver} if service.logging_driver is not None else {}
        data["logging"] = {**driver, "options": dict(service.logging_options)}
    if service.healthcheck is not None:
        data["healthcheck"] = _healthcheck(service.healthcheck)
    if service.restart != Service.restart:
        retries = f":{service.restart.retries}" if service.restart.retries else ""
        data["restart"] = f"{service.restart.name}{retries}"
    if service.stop_grace_period_s != Service.stop_grace_period_s:
        data["stop_grace_period"] = f"{_seconds(service.stop_grace_period_s)}s"
    return data


def _networks(service: Service) -> dict[str, Any] | None:
    aliases = {service.network: service.aliases, **service.more_networks}
    if aliases == {"default": ()}:
        return None
    return {name: {"aliases": list(own)} if own else None for name, own in aliases.items()}


def _seconds(value: float) -> str:
    return f"{value:.9f}".rstrip("0").rstrip(".")


def _port(port: PublishedPort) -> dict[str, Any]:
    return {
        "target": port.listener.port,
        "published": str(port.host_port),
        "host_ip": port.host_ip,
        "protocol": port.listener.protocol,
    }


def _mount(mount: Mount) -> dict[str, Any]:
    data: dict[str, Any] = {"type": mount.kind, "source": mount.source, "target": mount.target}
    return data | ({"read_only": True} if mount.read_only else {})


def _healthcheck(healthcheck: Healthcheck) -> dict[str, Any]:
    if healthcheck.test == ("NONE",):
        return {"disable": True}
    return {
        "test": list(healthcheck.test),
        "interval": f"{_seconds(healthcheck.interval_s)}s",
        "timeout": f"{_seconds(healthcheck.timeout_s)}s",
        "start_period": f"{_seconds(healthcheck.start_period_s)}s",
        "retries": healthcheck.retries,
    }


def _network(network: Network) -> dict[str, Any]:
    data = _given({**asdict(network), "subnets": None}, Network())
    data.pop("subnets", None)
    if network.subnets:
        data["ipam"] = {"config": [{"subnet": each} for each in network.subnets]}
    return data


def _volume(volume: Volume) -> dict[str, Any]:
    data = _given(asdict(volume), Volume(volume.name))
    data.pop("name", None)
    return data
