"""`up --profile`, and COMPOSE_PROFILES: which services of the file a lab has besides those in no profile."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from labctl.cli.context import Choice, Context, unknown
from labctl.errors import InputError
from labctl.features.lifecycle.state import read_state
from labctl.model import Definition

EVERY = "*"
VARIABLE = "COMPOSE_PROFILES"


def chosen_profiles(
    definition: Definition, named: Sequence[str], services: Collection[str] | None, environ: Mapping[str, str]
) -> frozenset[str]:
    """Return the profiles that a user means.

    Args:
        definition: the Compose file's.
        named: by `--profile`; without any, COMPOSE_PROFILES names them, which is for other projects, too.
        services: named by `--service`, which chooses their profiles as well.
        environ: where COMPOSE_PROFILES is looked for.

    Raises:
        InputError: a name is none of the file's profiles.
    """
    known = definition.profiles
    for each in named:
        if each not in {*known, EVERY}:
            raise InputError(unknown("profile", each, known), where="--profile")
    inherited = {each.strip() for each in environ.get(VARIABLE, "").split(",")} & {*known, EVERY}
    own = {
        definition.services[each].profiles[0] for each in services or () if definition.services[each].profiles
    }
    return frozenset({*named} or inherited) | own


def with_profiles(context: Context, choices: list[Choice], profiles: frozenset[str]) -> list[Choice]:
    """Return the labs a user means with these profiles; without any, each lab keeps those it has had."""
    if not profiles:
        return choices
    return [
        replace(
            each,
            settings=replace(
                each.settings or read_state(context.engine, each.name).settings,
                profiles=tuple(sorted(profiles)),
            ),
        )
        for each in choices
    ]
