"""labctl run."""

import signal

import click

from labctl.cli.context import Context
from labctl.cli.options import lab_argument
from labctl.features.one_off import find_running_lab, one_off_container, who_ended_it

# -s, -P: the client programs are the course's; a learner's `socket.py` beside them is not imported.
LAUNCHER = ("python3", "-s", "-P", "-m", "services.client.programs")

EPILOG = """\b
Examples:
  labctl run lab --list
  labctl run lab echo_client --help
  labctl run lab curl -s http://static/
  labctl run lab -- curl -s http://static/     as docker exec takes it
"""


@click.command(
    "run",
    short_help="Start a client program in a fresh client container.",
    epilog=EPILOG,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@lab_argument
@click.option("--list", "listing", is_flag=True, help="List the client programs, a line each.")
@click.argument("program", required=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def command(
    context: Context, lab: str, listing: bool, program: str | None, arguments: tuple[str, ...]
) -> int:
    """Start a client program, or any other command of the toolbox, in a fresh client container.

    Its exit code is the program's. The container is gone afterwards; the learner's home is the lab's.
    """
    name = context.lab(lab)
    if program == "--":  # it ends the options, as for `docker exec`; click leaves it among the words
        program, arguments = (arguments[0], arguments[1:]) if arguments else (None, ())
    if listing or program == "--list":
        words = ["--list"]
    elif program is None:
        raise click.UsageError("which program? --list lists them", click.get_current_context())
    else:
        words = [program, *arguments]
    definition = context.definition
    running = find_running_lab(context.engine, definition, name)
    with one_off_container(context.engine, running, "run") as container_id:
        exit_code = context.engine.converse(container_id, [*LAUNCHER, *words])
        killed = exit_code == 128 + signal.SIGKILL
        if ended := who_ended_it(context.engine, running, container_id, was_killed=killed):
            click.echo(f"{program or 'it'} did not come to its end: {ended}", err=True)
        return exit_code
