"""Opening an Engine by settings that are none: told as an Engine that cannot be used."""

import pytest

from labctl.docker_engine import open_engine
from labctl.errors import EngineUnavailableError


@pytest.mark.parametrize(
    ("variable", "value"), [("DOCKER_API_VERSION", "newest"), ("DOCKER_HOST", "tcp://127.0.0.1:port")]
)
def test_a_setting_that_is_no_number_is_told_and_no_crash(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent.sock")
    monkeypatch.setenv(variable, value)
    with pytest.raises(EngineUnavailableError) as caught:
        open_engine()
    assert value.rpartition(":")[2] in caught.value.log
