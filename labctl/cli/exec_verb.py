"""labctl exec."""

import click

from labctl.cli.containers import running_container
from labctl.cli.context import Context
from labctl.cli.options import lab_argument, offered

EPILOG = """\b
Examples:
  labctl exec lab echo ps
  labctl exec lab client curl -s http://static/
"""


@click.command(
    "exec",
    short_help="Run a command in a service's container.",
    epilog=EPILOG,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@lab_argument
@click.argument("service", shell_complete=offered("complete_service"))
@click.argument("words", metavar="COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_obj
def command(context: Context, lab: str, service: str, words: tuple[str, ...]) -> int:
    """Run a command in the container of a service; its exit code is the command's."""
    name = context.lab(lab)
    context.services([service])
    command_words = words[1:] if words[0] == "--" else words  # it ends the options, as for `docker exec`
    if not command_words:
        raise click.UsageError("which command?", click.get_current_context())
    return context.engine.converse(running_container(context, name, service).id, command_words)
