"""The lock files: whole, of this pyproject.toml, hashed, for every Python it names, and of no one index."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from labctl.features.doctor.package_findings import KINDS, LOCKS, examine_packages, read_lock

PROJECT = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())
EXTRAS = {"run": (), "dev": ("dev",), "bench": ("dev", "bench")}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def wanted(kind: str) -> list[Requirement]:
    optional = PROJECT["project"]["optional-dependencies"]
    words = [*PROJECT["build-system"]["requires"], *PROJECT["project"]["dependencies"]]
    return list(map(Requirement, words + [word for extra in EXTRAS[kind] for word in optional[extra]]))


def entries(kind: str) -> list[tuple[Requirement, int]]:
    """Return each requirement of a lock file with the number of its hashes."""
    text = "\n".join(line for line in (LOCKS / f"{kind}.txt").read_text().splitlines() if line[:1] != "#")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"\n +#.*", "", text))
    found = [(Requirement(block.split("\\\n")[0]), block.count("--hash=sha256:")) for block in blocks]
    assert found, f"{kind}.txt holds nothing"
    return found


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_lock_file_gives_each_wanted_package_one_version_in_range(kind: str, python: str) -> None:
    here = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    chosen: dict[str, Requirement] = {}
    for each, _ in entries(kind):
        if each.marker is None or each.marker.evaluate(here):
            assert each.name not in chosen, f"{each.name} stands twice for Python {python}"
            chosen[each.name] = each
    for each in wanted(kind):
        locked = chosen.get(canonicalize_name(each.name))
        assert locked is not None, f"{each.name} is not in {kind}.txt: make lock"
        (pin,) = locked.specifier
        assert pin.operator == "==", locked
        assert each.specifier.contains(pin.version), f"{kind}.txt has {locked}, wanted is {each}: make lock"


@pytest.mark.parametrize("kind", KINDS)
def test_a_lock_file_has_hashes_for_every_package_and_names_no_index(kind: str) -> None:
    assert not [each for each, hashes in entries(kind) if not hashes]
    text = (LOCKS / f"{kind}.txt").read_text()
    assert "://" not in text
    assert "index" not in text


def test_the_three_lock_files_agree() -> None:
    run, dev, bench = (read_lock(LOCKS / f"{kind}.txt") for kind in KINDS)
    assert run.items() <= dev.items() <= bench.items()


def test_the_doctor_names_versions_that_differ_and_the_command_that_mends_it(tmp_path: Path) -> None:
    (tmp_path / "run.txt").write_text("click==8.5.1 \\\n    --hash=sha256:0\npyyaml==6.0.4\n")
    (tmp_path / "dev.txt").write_text("click==8.5.1\nnumpy==1 ; x\nnumpy==2 ; y\npyyaml==6.0.4\n")
    versions = {"click": "8.5.1", "pyyaml": "6.0.3", "numpy": "2"}
    finding = examine_packages(tmp_path, versions.__getitem__)
    assert (finding.ok, finding.what) == (False, "pyyaml 6.0.3 (locked: 6.0.4)")
    assert finding.hint.endswith(f"-m pip install --require-hashes -r {tmp_path}/run.txt")
    assert examine_packages(tmp_path, (versions | {"pyyaml": "6.0.4"}).__getitem__).what == (
        f"3 of the versions locked in {tmp_path}"
    )


def test_without_a_lock_file_the_doctor_does_not_speak_of_locked_versions(tmp_path: Path) -> None:
    finding = examine_packages(tmp_path, {"click": "8"}.__getitem__)
    assert (finding.ok, finding.what) == (True, f"not compared: no lock file in {tmp_path}")


def test_a_difference_in_a_larger_set_up_names_its_lock(tmp_path: Path) -> None:
    (tmp_path / "run.txt").write_text("click==8.5.1\n")
    (tmp_path / "dev.txt").write_text("click==8.5.1\nmypy==2\n")
    assert examine_packages(tmp_path, {"click": "8", "mypy": "1"}.__getitem__).hint.endswith("/dev.txt")
