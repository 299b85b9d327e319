"""One service of the file: every key there is, and what becomes of it in the model."""

import os
import re
import shlex
import signal
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from labctl.composefile.dependencies import read_dependencies
from labctl.composefile.place import Place, suggest
from labctl.composefile.storage import read_storage
from labctl.composefile.values import (
    parse_address,
    parse_cpus,
    parse_duration_s,
    parse_host_name,
    parse_listeners,
    parse_memory_bytes,
    parse_number,
    parse_period_s,
    parse_published_ports,
    parse_restart,
    parse_size_bytes,
    publish,
    shown,
)
from labctl.model import Build, Healthcheck, PublishedPort, Service

# fmt: off
KEYS = (
    "build", "cap_add", "cap_drop", "command", "cpus", "depends_on", "dns", "dns_opt", "entrypoint",
    "env_file", "environment", "extra_hosts", "healthcheck", "hostname", "image", "init", "labels",
    "logging", "mem_limit", "networks", "pids_limit", "ports", "profiles", "read_only", "restart",
    "security_opt", "shm_size", "stop_grace_period", "stop_signal", "sysctls", "tmpfs", "ulimits",
    "user", "volumes", "working_dir",
)
ULIMITS = (
    "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss",
    "rtprio", "rttime", "sigpending", "stack",
)
CAPABILITIES = (
    "ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE",
    "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL",
    "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE",
    "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_ADMIN",
    "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO",
    "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "SYSLOG", "WAKE_ALARM",
)
# fmt: on
WHY_NOT = {
    "container_name": "containers are named after their lab",
    "deploy": "write mem_limit, cpus, pids_limit and restart",
    "devices": "no service gets at the host",
    "ipc": "no service gets at the host",
    "network_mode": "all services are on networks of the lab",
    "pid": "no service gets at the host",
    "privileged": "no service gets at the host; name one capability in cap_add",
    "scale": "a service is one container",
}

WHY_NOT_ON_A_NETWORK = dict.fromkeys(
    ("ipv4_address", "ipv6_address"), "each lab has subnets of its own; call a service by its name"
)

# The Engine's grammar: [REGISTRY[:PORT]/]NAME[/NAME]...[:TAG][@DIGEST].
_IMAGE_NAME = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_IMAGE = re.compile(
    r"(?:(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?/)?"
    rf"{_IMAGE_NAME}(?:/{_IMAGE_NAME})*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,})?"
)
_PROFILE = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*")
_SECURITY_OPT = re.compile(
    r"no-new-privileges(?:[:=](?:true|false))?|apparmor[:=].+|label[:=].+|seccomp[:=]unconfined"
)


class ServiceReader:
    """Reads services one after the other, knowing of the whole file what concerns each of them.

    Args:
        folder: where the file stands; relative paths begin there.
        volumes: the names of the file's volumes.
        networks: the names of its networks, `default` among them.
        read_env_file: returns the variables that a file of variables sets, given those of the environment.
    """

    def __init__(
        self,
        folder: Path,
        volumes: Collection[str],
        networks: Collection[str],
        read_env_file: Callable[[Path, Mapping[str, str]], Mapping[str, str]],
    ) -> None:
        self._networks = networks
        self._read_env_file = read_env_file
        self._folder = folder
        self._volumes = volumes
        self._published: dict[tuple[str, int, str], str] = {}  # port of the host -> path of who has it

    def read(self, name: str, place: Place) -> Service:
        """Return the service that stands in a place.

        Raises:
            ComposeFileError: a key is unknown or its value is not what it must be.
        """
        try:
            parse_host_name(name)
        except ValueError as error:
            raise place.error(str(error), line=place.key_line) from None
        fields = place.fields(KEYS, WHY_NOT)
        given = fields.given
        networks = given("networks", self._read_networks, {"default": ()})
        network = "default" if "default" in networks else next(iter(networks))
        mounts, tmpfs = read_storage(fields, self._folder, self._volumes)
        env_files, env_file_variables = given("env_file", self._read_env_files, ((), {}))
        logging_driver, logging_options = given("logging", _read_logging, (None, {}))
        return Service(
            name=name,
            image=fields["image"].parsed(_parse_image),
            line=place.key_line,
            build=given("build", self._read_build, None),
            command=given("command", _read_words, None),
            entrypoint=given("entrypoint", _read_words, None),
            environment={**env_file_variables, **given("environment", Place.pairs, {})},
            env_files=env_files,
            user=given("user", Place.text, None),
            working_dir=given("working_dir", _read_path, None),
            hostname=given("hostname", lambda each: each.parsed(parse_host_name), None),
            network=network,
            aliases=networks.pop(network),
            more_networks=networks,
            ports=given("ports", self._read_ports, ()),
            mounts=mounts,
            tmpfs=tmpfs,
            read_only=given("read_only", Place.flag, False),
            cap_add=given("cap_add", _read_added_capabilities, ()),
            cap_drop=given("cap_drop", _read_capabilities, ()),
            security_opt=given("security_opt", _read_security_options, ()),
            mem_limit_bytes=given("mem_limit", lambda each: each.read(parse_memory_bytes), 0),
            pids_limit=given("pids_limit", _read_count, 0),
            cpus=given("cpus", lambda each: each.read(parse_cpus), 0.0),
            shm_size_bytes=given("shm_size", lambda each: each.read(parse_size_bytes), 0),
            ulimits=given("ulimits", _read_ulimits, {}),
            sysctls=given("sysctls", Place.pairs, {}),
            dns=given("dns", _read_addresses, ()),
            dns_opt=given("dns_opt", Place.texts, ()),
            extra_hosts=given("extra_hosts", _read_extra_hosts, ()),
            logging_driver=logging_driver,
            logging_options=logging_options,
            healthcheck=given("healthcheck", _read_healthcheck, None),
            restart=given("restart", lambda each: each.parsed(parse_restart), Service.restart),
            init=given("init", Place.flag, False),
            stop_signal=given("stop_signal", _read_signal, None),
            stop_grace_period_s=given(
                "stop_grace_period", lambda each: each.read(parse_duration_s), Service.stop_grace_period_s
            ),
            labels=given("labels", read_labels, {}),
            depends_on=given("depends_on", read_dependencies, {}),
            profiles=given("profiles", _read_profiles, ()),
        )

    def _read_env_files(self, place: Place) -> tuple[tuple[str, ...], dict[str, str]]:
        """Return the files of variables that a service names, and what they set: the later one wins."""
        paths: list[str] = []
        variables: dict[str, str] = {}
        for each in place.one_or_several():
            fields = each.fields(("path", "required")) if each.is_mapping else None
            at = fields["path"] if fields else each
            required = fields.given("required", Place.flag, True) if fields else True
            path = Path(os.path.normpath(self._folder / at.text()))
            if path.is_file():
                at.spend(path.stat().st_size)
                variables |= self._read_env_file(path, place.variables)
                paths.append(str(path))
            elif required or path.exists():
                raise at.error(f"there is no file {shown(str(path))}")
        return tuple(paths), variables

    def _read_networks(self, place: Place) -> dict[str, tuple[str, ...]]:
        """Return the networks of a service, each with its further names there."""
        named = {each.text(): each for each in place.elements()} if place.is_list else place.entries()
        for name, each in named.items():
            if name not in self._networks:
                what = f"there is no network {shown(name)} in the file{suggest(name, self._networks)}"
                raise each.error(what, line=each.key_line)
        if not named:
            raise place.error("a service without a network")
        return {
            name: () if place.is_list or each.is_null else _read_aliases(each) for name, each in named.items()
        }

    def _read_build(self, place: Place) -> Build:
        if not place.is_mapping:
            return Build(self._read_context(place))
        fields = place.fields(("context", "dockerfile", "target", "args"))
        return Build(
            context=self._read_context(fields["context"]),
            dockerfile=fields.given("dockerfile", Place.text, Build.dockerfile),
            target=fields.given("target", Place.text, None),
            args=fields.given("args", Place.pairs, {}),
        )

    def _read_context(self, place: Place) -> Path:
        text = place.text()
        if "://" in text or text.startswith(("git@", "~")):
            raise place.error(f"{shown(text)} is no folder beside the file")
        return Path(os.path.normpath(self._folder / text))

    def _read_ports(self, place: Place) -> tuple[PublishedPort, ...]:
        """Return the ports published, none of which another service publishes."""
        ports: list[PublishedPort] = []
        for element in place.elements():
            published = _read_port(element) if element.is_mapping else element.read(parse_published_ports)
            for port in published:
                key = (port.host_ip, port.host_port, port.listener.protocol)
                if key in self._published:
                    raise element.error(
                        f"port {port.host_port}/{port.listener.protocol} of {port.host_ip} is taken by"
                        f" {self._published[key]}"
                    )
                self._published[key] = element.path
            ports += published
        return tuple(ports)


def read_labels(place: Place) -> dict[str, str]:
    """Return labels; those that mean something to the lab must make sense.

    Raises:
        ComposeFileError: they do not, or are Compose's or labctl's own.
    """
    labels = place.located_pairs()
    for name, (value, at) in labels.items():
        if name.startswith("com.docker.compose."):
            raise at.error(f"label {shown(name)} is Compose's own")
        if name.startswith("org.labctl."):
            raise at.error(f"label {shown(name)} is labctl's own")
        if name == "lab.role" and value != "toolbox":
            raise at.error(f"label lab.role: {shown(value)} is not 'toolbox'")
        if name == "lab.listens":
            try:
                parse_listeners(value)
            except ValueError as error:
                raise at.error(f"label lab.listens: {error}") from None
    return {name: value for name, (value, _) in labels.items()}


def _read_profiles(place: Place) -> tuple[str, ...]:
    for each in place.elements():
        if not _PROFILE.fullmatch(each.text()):
            raise each.error(f"{shown(each.text())} is no name of a profile: letters, digits, '-', '_', '.'")
    return place.texts()


def _read_count(place: Place) -> int:
    """Return a limit, for which 0 and -1 mean none."""
    return max(0, place.read(lambda text: parse_number(text, least=-1)))


def _read_path(place: Place) -> str:
    if not place.text().startswith("/"):
        raise place.error(f"{shown(place.text())} is no path in the container")
    return place.text()


def _read_addresses(place: Place) -> tuple[str, ...]:
    return tuple(each.parsed(parse_address) for each in place.one_or_several())


def _read_words(place: Place) -> tuple[str, ...] | None:
    """Return a command's words, from a list or from a line quoted as for a shell."""
    if place.is_null:
        return None
    if place.is_list:
        return tuple(each.text_or_empty() for each in place.elements())
    try:
        return tuple(shlex.split(place.text_or_empty()))
    except ValueError as error:
        raise place.error(f"{str(error).lower()} in {shown(place.text_or_empty())}") from None


def _parse_image(text: str) -> str:
    if not _IMAGE.fullmatch(text):
        raise ValueError(f"{shown(text)} is no name of an image")
    return text


def _read_port(place: Place) -> list[PublishedPort]:
    fields = place.fields(("target", "published", "host_ip", "protocol"))
    target = fields["target"].read(str)
    published = fields.given("published", lambda each: each.read(str), "")
    host_ip = fields.given("host_ip", Place.text, "")
    try:
        return publish(host_ip, published, target, fields.given("protocol", Place.text, "tcp"))
    except ValueError as error:
        raise place.error(str(error)) from None


def _read_aliases(place: Place) -> tuple[str, ...]:
    aliases = place.fields(("aliases",), WHY_NOT_ON_A_NETWORK).given("aliases", Place.elements, [])
    return tuple(alias.parsed(parse_host_name) for alias in aliases)


def _read_capabilities(place: Place) -> tuple[str, ...]:
    for each in place.elements():
        name = each.text().removeprefix("CAP_")
        if name not in CAPABILITIES:
            like = suggest(name, CAPABILITIES) or " such as NET_RAW"
            raise each.error(f"{shown(each.text())} is no capability{like}")
    return place.texts()


def _read_added_capabilities(place: Place) -> tuple[str, ...]:
    for each in place.elements():
        if each.text() in ("ALL", "CAP_ALL"):
            raise each.error("ALL is not supported: name the one capability that is needed")
    return _read_capabilities(place)


def _read_security_options(place: Place) -> tuple[str, ...]:
    for each in place.elements():
        if not _SECURITY_OPT.fullmatch(each.text()):
            raise each.error(f"{shown(each.text())} is not supported, such as no-new-privileges:true")
    return place.texts()


def _read_ulimits(place: Place) -> dict[str, tuple[int, int]]:
    ulimits: dict[str, tuple[int, int]] = {}
    for name, each in place.entries().items():
        if name not in ULIMITS:
            raise each.error(f"no such limit{suggest(name, ULIMITS)}", line=each.key_line)
        if each.is_mapping:
            fields = each.fields(("soft", "hard"))
            soft, hard = (
                fields[key].read(lambda text: parse_number(text, least=-1)) for key in ("soft", "hard")
            )
        else:
            soft = hard = each.read(lambda text: parse_number(text, least=-1))
        if hard != -1 and not -1 < soft <= hard:
            raise each.error(f"soft limit {soft} is above hard limit {hard}")
        ulimits[name] = (soft, hard)
    return ulimits


def _read_extra_hosts(place: Place) -> tuple[str, ...]:
    def check(name: str, address: str, at: Place) -> str:
        try:
            return f"{parse_host_name(name)}:{parse_address(address)}"
        except ValueError as error:
            raise at.error(str(error)) from None

    if place.is_mapping:
        return tuple(check(name, each.text(), each) for name, each in place.entries().items())
    words = ((each, *each.text().partition(":")[::2]) for each in place.elements())
    return tuple(check(name, address, each) for each, name, address in words)


def _read_logging(place: Place) -> tuple[str | None, dict[str, str]]:
    fields = place.fields(("driver", "options"))
    return fields.given("driver", Place.text, None), fields.given("options", Place.pairs, {})


def _read_healthcheck(place: Place) -> Healthcheck:
    fields = place.fields(("test", "interval", "timeout", "start_period", "retries", "disable"))
    if fields.given("disable", Place.flag, False):
        if "test" in fields:
            raise place.error("disabled, and yet it has a test")
        return Healthcheck(("NONE",))
    return Healthcheck(
        test=_read_test(fields["test"]),
        interval_s=fields.given("interval", lambda each: each.read(parse_period_s), Healthcheck.interval_s),
        timeout_s=fields.given("timeout", lambda each: each.read(parse_period_s), Healthcheck.timeout_s),
        start_period_s=fields.given("start_period", lambda each: each.read(parse_duration_s), 0.0),
        retries=fields.given(
            "retries", lambda each: each.read(lambda text: parse_number(text, least=1)), Healthcheck.retries
        ),
    )


def _read_test(place: Place) -> tuple[str, ...]:
    if not place.is_list:
        return ("CMD-SHELL", place.text())
    words = tuple(each.text_or_empty() for each in place.elements())
    match words:
        case ("NONE",) | ("CMD-SHELL", _) | ("CMD", _, *_):
            return words
    raise place.error("is neither [CMD, word, ...] nor [CMD-SHELL, line] nor [NONE]")


def _read_signal(place: Place) -> str:
    text = place.text()
    if text not in signal.Signals.__members__ and f"SIG{text}" not in signal.Signals.__members__:
        raise place.error(f"{shown(text)} is no signal{suggest(text, signal.Signals.__members__)}")
    return text
