"""The command itself: its verbs, and the one place where an error becomes words and an exit code."""

import errno
import importlib
import io
import os
import signal
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from labctl.cancellation import cancel
from labctl.cli.compose_search import DEFAULT_FILE
from labctl.cli.context import Context, unknown
from labctl.cli.options import take_trust
from labctl.cli.version import version_lines
from labctl.errors import InputError, LabError, shown

VERBS = (
    *("up", "down", "status", "reset", "work", "check", "run", "shell", "exec", "logs"),
    *("roster", "config", "clean", "doctor", "completion"),
)
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
INTERRUPTED = 130  # 128 + SIGINT, as shells count

EXAMPLES = """\b
Examples:
  labctl up                      bring the default lab up, and wait until it answers
  labctl status --json           how it is, for a program to read
  labctl run lab echo_client --host echo --port 7 "hello"
  labctl check --service echo    is the server right?
  labctl up ana ben              two more labs, each on a network of its own
  labctl reset ana               back to pristine; the learner's work is kept
  labctl work save ana           a snapshot of the learner's home; restore brings it back
  labctl down --all              everything away; work is kept

\b
Exit codes: 0 done; 1 a check failed or a lab is not healthy;
2 wrong usage or input; 3 no usable Docker Engine.
"""


class Verbs(click.Group):
    """The verbs, each in a module of its own, imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order a learner meets them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one verb, or None when there is none of that name."""
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"labctl.cli.{cmd_name}_verb")
        command = module.command
        assert isinstance(command, click.Command)
        return take_trust(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb that is meant; an unknown one is an error that lists those there are."""
        if args[0] not in VERBS and not args[0].startswith("-"):
            raise click.UsageError(unknown("verb", args[0], VERBS), ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Return the verb's exit code; 0 when the reader of its results is gone, where click has 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


@click.command(
    cls=Verbs,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
)
@click.option("--version", "wants_version", is_flag=True, help="Which program, file and Engine this is.")
@click.option(
    "-f",
    "--file",
    type=click.Path(path_type=Path),
    default=None,
    help=f"The Compose file  [default: {DEFAULT_FILE} here or in a folder above]",
)
@click.option("--trust", is_flag=True, help="Take a Compose file that asks for more than the policy allows.")
@click.pass_context
def labctl(context: click.Context, wants_version: bool, file: Path | None, trust: bool) -> None:
    """Bring network-programming labs up, check them from inside, and reset them."""
    if wants_version:
        click.echo("\n".join(version_lines(Context(file))))
        context.exit()
    try:
        Path.cwd()
    except OSError as error:
        raise InputError(f"the folder you are in cannot be used: {error.strerror}", hint="cd") from None
    context.obj = Context(file, trust=trust)
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def run() -> None:
    """Run labctl with the process's own arguments, and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a closed one is None
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter ends no verb
    exit_code = main(sys.argv[1:])
    # Python waits for threads that are clearing up; a second Ctrl-C ends them, and no traceback is shown.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(exit_code)


def main(arguments: list[str]) -> int:
    """Run labctl and return its exit code; each error is printed in words that a user can act on."""
    try:
        returned = labctl.main(arguments, prog_name="labctl", standalone_mode=False, color=_colour())
    except LabError as error:
        _tell(error.render())
        return error.exit_code
    except click.ClickException as error:
        ctx = getattr(error, "ctx", None)
        path = ctx.command_path if ctx is not None else "labctl"
        message = error.format_message().rstrip(".").replace("\n", " ")
        _tell(shown(f"error: {message} (try: {path} --help)"))
        return 2
    except (click.Abort, KeyboardInterrupt):
        cancel()
        _tell("interrupted; the same again finishes what was begun, labctl down LAB takes it away")
        return INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and error.errno in NO_SPACE:
            place = f"{error.filename}: " if error.filename else ""
            _tell(f"error: {place}{error.strerror}\n   try: df -h; df -i")
        else:
            _tell(_apology(error))
        return 1
    return returned if isinstance(returned, int) else 0


def _colour() -> bool | None:
    """Return False where no colour is wanted, or the terminal has none; None: a terminal gets colours."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def _tell(words: str) -> None:
    """Print to standard error, if that can be written to: the exit code says it in any case."""
    with suppress(OSError):
        click.echo(words, err=True)


def _apology(error: Exception) -> str:
    """Keep the traceback in a file and say where; if that cannot be, say where in labctl it was."""
    what = traceback.format_exception_only(error)[-1].strip()
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="labctl-", suffix=".txt", delete=False, errors="backslashreplace"
        ) as report:
            traceback.print_exception(error, file=report)
    except OSError as no_report:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = (
            f"{last.filename}:{last.lineno}, in {last.name}; no file for the traceback: {no_report.strerror}"
        )
        report_it = "report it with these lines"
    else:
        where, report_it = f"the traceback is in {report.name}", "report it with that file"
    return (
        f"error: labctl itself failed: {what}\n where: {where}\n"
        f"   try: the same again; if it fails again, {report_it}"
    )
