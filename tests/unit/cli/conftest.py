"""labctl itself, from its words on, over an Engine in memory."""

import pytest

from labctl.cli.context import Context
from tests.unit.definitions import definition
from tests.unit.fake_engine import FakeEngine


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """The Engine that verbs are given, and with it a definition without a file."""
    fake = FakeEngine()
    monkeypatch.setattr(Context, "engine", fake)
    monkeypatch.setattr(Context, "definition_as_read", definition())
    return fake
