"""Takes a lab's home away, after it was saved: the next `up` makes a new one."""

from labctl.engine import Engine, Progress
from labctl.features.lifecycle.state import read_state
from labctl.features.parallel import for_each
from labctl.features.work.home import Home, find_home
from labctl.features.work.save import SaveReport, save_home
from labctl.features.work.snapshot import BEFORE_DISCARD
from labctl.model import Definition


def discard_work(engine: Engine, definition: Definition, name: str, *, tell: Progress) -> SaveReport | None:
    """End whoever uses the home of a lab, save what is in it, and only then remove it.

    Args:
        engine: where.
        definition: the Compose file's.
        name: the lab's name.
        tell: called with each step, in words.

    Returns:
        What became of the work; None when there is no home, or it is a folder of the host, which stays.
    """
    if definition.toolbox is None:  # then nobody works in such a lab
        return None
    state = read_state(engine, name)
    home = find_home(definition, name, state.settings)
    if home.is_of_the_host or not home.is_there(engine):
        return None
    for_each(home.users(state), lambda each: engine.remove(each.id))
    return discard_home(engine, home, tell=tell)


def discard_home(engine: Engine, home: Home, *, tell: Progress) -> SaveReport:
    """Save what is in a home that nobody uses, and only then remove it."""
    report = save_home(engine, home, tell=tell, reason=BEFORE_DISCARD)
    if report.outcome != "empty":
        tell(f"the work of {home.lab.name} is saved in {report.path}")
    home.remove(engine)
    return report
