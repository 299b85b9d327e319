"""The mail client ends as the other client programs do: a real Ctrl-C, while it waits for a real server."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60


@pytest.mark.parametrize(
    "command", [["list", "ana"], ["fetch", "ana", "1"], ["delete", "ana", "1"], ["send", "ana"]]
)
def test_ctrl_c_is_130_and_no_traceback(command: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE_S)
        there = ("--host", "127.0.0.1", "--port", str(listener.getsockname()[1]))
        # Its own time-out is put off: on a busy machine the Ctrl-C may come late.
        patient = f"from services.client.programs import mail_client as m; m.TIMEOUT_S = {PATIENCE_S}"
        process = subprocess.Popen(
            [sys.executable, "-c", f"{patient}; raise SystemExit(m.main())", *command, *there],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            # Who runs the tests in the background ignores SIGINT, and so would what they start.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        silent, _ = listener.accept()  # and no greeting: it waits for one
        with silent:
            os.kill(process.pid, signal.SIGINT)
            _, said = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, said) == (130, b"")


@pytest.mark.parametrize("command", [["list", "ana"], ["send", "ana"]])
def test_a_server_that_hangs_up_is_a_line_and_exit_code_1(command: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE_S)
        there = ("--host", "127.0.0.1", "--port", str(listener.getsockname()[1]))
        process = subprocess.Popen(
            [sys.executable, "-m", "services.client.programs.mail_client", *command, *there],
            cwd=ROOT,
            stderr=subprocess.PIPE,
        )
        listener.accept()[0].close()
        _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert said.startswith(b"mail_client: 127.0.0.1 port ")
    assert said.count(b"\n") == 1
