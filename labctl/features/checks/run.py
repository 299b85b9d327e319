"""Runs the checks that lie beside the servers, from a fresh toolbox container of the lab."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from labctl.engine import Engine
from labctl.errors import EngineError, InputError
from labctl.features.lifecycle.lab import Lab
from labctl.features.one_off import one_off_container
from labctl.model import Service

# -s, -P: nothing is imported from the home, which is the learner's, as the folder it runs in.
RUNNER = ("python3", "-s", "-P", "-m", "services.checking")
FAMILIES = ("ipv4", "ipv6")


@dataclass(frozen=True)
class CheckResult:
    """What became of one check of one lab; the fields are those of services/checking/runner.py."""

    lab: str
    service: str
    check: str
    sentence: str
    outcome: str  # passed, failed, skipped or broken
    expected: str
    got: str
    hint: str
    seconds: float


@dataclass(frozen=True)
class Against:
    """A server of somebody's own, to be checked instead of the lab's; port 0: the usual one."""

    host: str
    port: int


def parse_against(text: str) -> Against:
    """Return `HOST`, `HOST:PORT` or `[IPV6]:PORT` as a place.

    Raises:
        InputError: it is none of these.
    """
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        host, port = text, "0"
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

    Raises:
        EngineError: the checker itself did not come to its end.
    """
    targets = [_target(service, against, family) for service in services]
    with one_off_container(engine, lab, "check") as container_id:
        said: list[str] = []
        is_done = False
        for line in engine.stream(container_id, [*RUNNER, json.dumps(targets)]):
            try:
                fields = json.loads(line)
                is_done = "done" in fields
                if not is_done:
                    yield CheckResult(lab=lab.name, **fields)
            except (json.JSONDecodeError, TypeError):
                said.append(line)
    if not is_done:
        raise EngineError(
            "the checker did not come to its end", where=f"lab '{lab.name}'", log="\n".join(said[-12:])
        )


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
