"""Whether a lab's home is where its roster says."""

from pathlib import Path

from labctl.cli.context import Choice
from labctl.engine import Engine
from labctl.errors import UnhealthyError
from labctl.features.lifecycle.state import read_state
from labctl.features.work.home import find_home
from labctl.model import Definition


def require_home_of_the_roster(engine: Engine, definition: Definition, choice: Choice, doing: str) -> None:
    """Raise UnhealthyError where the roster has a lab's home elsewhere than the lab itself.

    Args:
        engine: where.
        definition: the Compose file's.
        choice: the lab, and what the roster says of it.
        doing: the command that takes the home as it is.
    """
    if choice.work is None:
        return
    state = read_state(engine, choice.name)
    home = find_home(definition, choice.name, state.settings, state.images)
    if not (home.is_of_the_host and Path(home.mount.source) == choice.work.absolute()):
        raise UnhealthyError(
            f"the home of lab '{choice.name}' is {home.place}, and the roster says folder {choice.work}",
            hint=f"{doing} {choice.name}, or: labctl up --roster FILE --change-home",
        )
