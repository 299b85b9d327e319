"""PID 1 of every container, as far as it can be tried without being one."""

import pytest

from services import init


def test_an_answer_is_a_line_of_its_own_whatever_others_left_unfinished(
    capfd: pytest.CaptureFixture[str],
) -> None:
    print("unfinished", end="", flush=True)
    init.answer("reset")
    assert "init: reset" in capfd.readouterr().out.splitlines()
