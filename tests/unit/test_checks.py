"""Where a service's checks are a folder, no part of it is left out."""

import importlib
from pathlib import Path

FOLDERS = sorted(path.parent for path in Path(__file__).parents[2].glob("services/*/checks/__init__.py"))


def test_every_part_of_a_services_checks_has_its_place_in_the_order() -> None:
    assert FOLDERS
    for folder in FOLDERS:
        package = f"services.{folder.parent.name}.checks"
        there = sorted(f"{package}.{path.stem}" for path in folder.glob("[!_]*.py"))
        assert sorted(part.__name__ for part in importlib.import_module(package).PARTS) == there
