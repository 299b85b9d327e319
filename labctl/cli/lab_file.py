"""The Compose file that a lab was made from, which may be another than the one that is in use."""

import os
from pathlib import Path

from labctl import labels
from labctl.cli.compose_search import reason_against, trusted_users
from labctl.cli.context import Context
from labctl.errors import InputError
from labctl.features.lifecycle.state import read_state
from labctl.model import Definition


def definition_of(context: Context, lab: str) -> Definition:
    """Return the definition of a lab: of another course's lab its own file's, held to the policy.

    Raises:
        InputError: that file cannot be read, or other users may have written it.
    """
    state = read_state(context.engine, lab)
    if state.course in (None, context.definition.course):
        return context.definition
    made_from = {each.labels.get(labels.CONFIG_FILES, "") for each in state.containers}
    if len(made_from) != 1 or not (name := made_from.pop()):
        raise InputError(
            f"lab '{lab}' is course '{state.course}'s, and does not say from which file it was made",
            hint="labctl -f FILE ...",
        )
    file = Path(name)
    users = trusted_users(os.environ)
    if reason := reason_against(file.parent, users) or reason_against(file, users):
        raise InputError(
            f"{file} is not taken: {reason}",
            where=f"lab '{lab}' of course '{state.course}'",
            hint=f"labctl -f FILE reset {lab}",
        )
    return Context(file, trust=context.trust).definition
