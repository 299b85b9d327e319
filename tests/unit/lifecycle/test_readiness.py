"""What a probe's report means, and that a probe which fails is not taken for an answer."""

import pytest

from labctl.engine import Finished
from labctl.errors import EngineError
from labctl.features.lifecycle.readiness import find_silent
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine

SERVICES = [definition().services[name] for name in ("alpha", "beta")]


def found(exit_code: int, output: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    engine = FakeEngine()
    monkeypatch.setattr(engine, "execute", lambda container_id, argv, **_: Finished(exit_code, output))
    return find_silent(engine, "toolbox", SERVICES, timeout_s=1.0)


def test_whoever_is_reported_is_silent_with_why(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(0, "", monkeypatch) == {}
    assert found(1, "beta@7/tcp: refused\n", monkeypatch) == {"beta": "7/tcp: refused"}


@pytest.mark.parametrize("output", ["", "Traceback (most recent call last):\n", "OCI runtime exec failed"])
def test_a_probe_that_fails_is_no_answer(output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineError, match="probe"):
        found(1, output, monkeypatch)
