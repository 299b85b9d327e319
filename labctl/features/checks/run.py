"""Runs the checks that lie beside the servers, from a fresh toolbox container of the lab."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from labctl.engine import Engine
from labctl.errors import EngineError, InputError
from labctl.features.checks.result import CheckResult
from labctl.features.checks.transcript import Transcript
from labctl.features.lifecycle.lab import Lab
from labctl.features.one_off import one_off_container, who_ended_it
from labctl.model import Service

# A lab's resolver asks once and waits a second, so that a learner sees an unknown name soon. On a busy
# machine that second may pass: such a lookup is no mistake of the server, and is made again (resolv.conf(5)).
RESOLVER = "RES_OPTIONS=attempts:2"
# -s, -P: nothing is imported from the home, which is the learner's, as the folder it runs in.
RUNNER = ("env", RESOLVER, "python3", "-s", "-P", "-m", "services.checking")
FAMILIES = ("ipv4", "ipv6")
TIMEOUT_S = 1800.0  # a whole lab takes 12 s; a server that never answers costs each check its own deadline
LIMIT_BYTES = 64 << 20


@dataclass(frozen=True)
class Against:
    """A learner's own server, to be checked instead of the lab's; port 0: the usual one."""

    host: str
    port: int


def parse_against(text: str) -> Against:
    """Return `HOST`, `HOST:PORT` or `[IPV6]:PORT` as a place.

    Raises:
        InputError: it is none of these.
    """
    if "://" in text:
        host = urlsplit(text).netloc.rpartition("@")[2] or "client:7000"
        raise InputError(f"'{text}' is a URL", where="--against", hint=f"--against {host}")
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        host, port = text, "0"
    elif port.isdecimal() and int(port) == 0:
        raise InputError("no server listens on port 0", where="--against", hint="--against client:7000")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise InputError(f"'{text}' is no HOST:PORT", where="--against", hint="--against client:7000")
    return Against(host, int(port))


def run_checks(
    engine: Engine,
    lab: Lab,
    services: Sequence[Service],
    against: Against | None = None,
    *,
    family: str | None = None,
) -> Iterator[CheckResult]:
    """Run the checks of these services and yield each result as soon as it is known.

    Args:
        engine: where the lab is.
        lab: from which lab to ask.
        services: whose rules to ask for; those that listen nowhere need not have any.
        against: whom to ask instead of the lab's own server.
        family: one of `FAMILIES`, over which alone to ask; None: whichever the resolver gives first.

    Yields:
        One result for each check that the checker announced, and a broken one for whatever went wrong with
        the run as a whole.

    Raises:
        InputError: the lab has no host of the name in `against`.
        EngineError: the Engine refused to start the checker.
    """
    targets = [_target(service, against, family) for service in services]
    argv = [*RUNNER, json.dumps(targets)]
    transcript = Transcript(lab.name)
    cause = ""
    with one_off_container(engine, lab, "check") as container_id:
        try:
            for line in engine.stream(container_id, argv, timeout_s=TIMEOUT_S, limit_bytes=LIMIT_BYTES):
                if line.is_error:
                    transcript.note(line.text)
                elif (result := transcript.read(line.text)) is not None:
                    yield result
        except EngineError as error:
            cause = f"{error.what}\n{error.log}".strip()
        if ended := who_ended_it(engine, lab, container_id, was_killed=not transcript.is_done):
            cause = f"{ended}; nothing more was judged"
    yield from transcript.finish(cause)


def _target(service: Service, against: Against | None, family: str | None) -> dict[str, object]:
    listens = [str(listener) for listener in service.listens]
    target: dict[str, object] = {"service": service.name, "host": service.name, "listens": listens}
    if family:
        target["family"] = family
    if against is None:
        return target
    if against.port and listens:
        listens[0] = f"{against.port}/{service.listens[0].protocol}"
    return target | {"host": against.host, "foreign": True}
