"""The mail client ends as the other client programs do."""

import argparse

import pytest

from services.client.programs import mail_client


@pytest.mark.parametrize("command", [["list", "ana"], ["fetch", "ana", "1"], ["delete", "ana", "1"]])
def test_ctrl_c_is_130_and_no_traceback(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(options: argparse.Namespace) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(mail_client, "log_in", interrupted)
    assert mail_client.main(command) == 130
