"""Options and arguments that several verbs share, so that each means the same everywhere."""

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

P = ParamSpec("P")
T = TypeVar("T")


def take_trust(command: click.Command) -> click.Command:
    """Return a verb, and the verbs in it, with the option `--trust`, as the command itself has it."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            take_trust(each)
    elif not any(each.name == "trust" for each in command.params):
        command.params.append(
            click.Option(["--trust"], is_flag=True, expose_value=False, hidden=True, callback=_trust)
        )
    return command


def _trust(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and context.obj is not None:
        context.obj.trust = True


def offered(name: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Return a function of `completing`, which is imported only where a shell asks."""

    def offer(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
        from labctl.cli import completing

        offered: list[str] = getattr(completing, name)(ctx, parameter, incomplete)
        return offered

    return offer


labs_argument = click.argument(
    "labs", metavar="[LAB|PATTERN]...", nargs=-1, shell_complete=offered("complete_lab")
)
lab_argument = click.argument("lab", metavar="LAB", shell_complete=offered("complete_lab"))
ALL, ALL_COURSES = "all", "all courses"  # what `every` may be; empty: neither was said


def all_option(command: Callable[P, T]) -> Callable[P, T]:
    """Give a verb `--all` and `--all-courses`."""
    for flag, value, words in (
        ("--all-courses", ALL_COURSES, "All labs this Engine has, of whatever course."),
        ("--all", ALL, "All labs of this course, which the Compose file names."),
    ):
        command = click.option(flag, "every", flag_value=value, default="", help=words)(command)
    return command


roster_option = click.option(
    "--roster",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The labs of this class, from YAML or CSV.",
)
group_option = click.option("--group", metavar="GROUP", help="Of the roster only this group.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
service_option = click.option(
    "--service",
    "-s",
    "services",
    metavar="SERVICE",
    multiple=True,
    shell_complete=offered("complete_service"),
    help="Only this service; may be given several times.",
)
