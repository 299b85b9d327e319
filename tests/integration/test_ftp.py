"""FTP by the tools people use."""

import pytest

from tests.integration.labs import RunningLab, labctl
from tests.run_names import own

TREE = """
import pathlib, random
rng = random.Random(959)
root = pathlib.Path("/tmp/tree")
for number in range(200):
    folder = root / f"folder {number % 10}" / f"deep{number % 3}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"file-{number}.bin").write_bytes(rng.randbytes(rng.choice([0, 1, 1000, 20000])))
"""
LOGIN = "open -u student,lab ftp"


def test_lftp_mirrors_a_tree_of_200_files_both_ways(lab: RunningLab) -> None:
    lab.python(TREE)
    try:
        finished = lab.shell(
            f"set -e; cd /tmp; lftp -c '{LOGIN}; mirror -R tree mirrored; mirror mirrored back'; "
            "diff -r tree back && find back -type f | wc -l",
            timeout_s=60,
        )
        assert finished.stdout.split() == ["200"], finished.stdout + finished.stderr
    finally:
        lab.shell(f"lftp -c '{LOGIN}; rm -r mirrored'; rm -rf /tmp/tree /tmp/back")


@pytest.mark.parametrize("mode", ["", "--disable-epsv", "-P -"], ids=["EPSV", "PASV", "active"])
def test_curl_stores_and_fetches(lab: RunningLab, mode: str) -> None:
    finished = lab.shell(
        f"set -e; echo kept | curl -sS {mode} -T - ftp://student:lab@ftp/by-curl; "
        f"curl -sS {mode} ftp://ftp/by-curl; "
        "curl -sS ftp://student:lab@ftp/ -Q 'DELE by-curl' -o /dev/null"
    )
    assert finished.stdout == "kept\n", finished.stderr


def test_the_ftp_client_program_lists(lab: RunningLab) -> None:
    finished = labctl("run", own("pytest"), "ftp_client", "--help")
    assert finished.returncode == 0
    assert "usage" in finished.stdout
