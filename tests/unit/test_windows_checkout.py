"""A checkout as Git for Windows makes it holds the same bytes: scripts must run in Linux from it."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def git(*words: str, cwd: Path) -> bytes:
    return subprocess.run(["git", *words], cwd=cwd, check=True, capture_output=True).stdout


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout")
def test_a_clone_with_crlf_holds_the_committed_bytes(tmp_path: Path) -> None:
    git("clone", "-q", "-c", "core.autocrlf=true", "-c", "core.eol=crlf", str(ROOT), "windows", cwd=tmp_path)
    git("clone", "-q", "-c", "core.autocrlf=false", str(ROOT), "linux", cwd=tmp_path)
    names = git("ls-files", "-z", cwd=tmp_path / "linux").decode().split("\0")[:-1]
    assert "labctl/features/provision/make-venv" in names
    for name in names:
        assert (tmp_path / "windows" / name).read_bytes() == (tmp_path / "linux" / name).read_bytes(), name
