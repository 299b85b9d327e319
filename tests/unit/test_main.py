"""The last resort: an error of labctl's own is an apology, whatever else is broken."""

import tempfile
from pathlib import Path

import pytest

from labctl.cli import main


def test_the_traceback_is_kept_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(main.labctl, "main", lambda *_, **__: 1 // 0)
    assert main.main([]) == 1
    [report] = tmp_path.glob("labctl-*.txt")
    assert "ZeroDivisionError" in report.read_text()
    said = capsys.readouterr().err
    assert said.startswith("error: labctl itself failed: ZeroDivisionError: ")
    assert str(report) in said


def test_without_room_for_a_file_the_place_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_folder() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", no_folder)
    monkeypatch.setattr(main.labctl, "main", lambda *_, **__: 1 // 0)
    assert main.main([]) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: labctl itself failed: ZeroDivisionError: ")
    assert f"{__file__}:" in said
    assert "No usable temporary directory" in said
    assert "Traceback" not in said
