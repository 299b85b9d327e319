"""The first step of all, in shell: what it says where nothing can be written."""

import shutil
import subprocess
from pathlib import Path

SCRIPT = Path("labctl/features/provision/make-venv")
PROJECT = Path(__file__).parents[3]


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / SCRIPT).parent.mkdir(parents=True)
    shutil.copy(PROJECT / SCRIPT, tmp_path / SCRIPT)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / SCRIPT).with_name("requirements").mkdir()
    (tmp_path / SCRIPT).with_name("requirements").joinpath("run.txt").touch()
    (tmp_path / ".cache").touch()  # where a folder is to be made
    finished = subprocess.run([tmp_path / SCRIPT, "run"], capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stdout) == (3, "")
    assert finished.stderr.startswith(f"error: nothing can be written in {tmp_path}\n   log: mkdir:")
    assert "\n   try: df -h" in finished.stderr
