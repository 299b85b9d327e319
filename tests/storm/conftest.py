"""The storm's labs are its run's own."""

from collections.abc import Iterator

import pytest

from tests.run_names import held_run


@pytest.fixture(scope="session", autouse=True)
def run() -> Iterator[None]:
    with held_run():
        yield
