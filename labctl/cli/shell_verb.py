"""labctl shell."""

import click

from labctl.cli.containers import running_container
from labctl.cli.context import Context
from labctl.cli.options import offered
from labctl.features.one_off import require_toolbox
from labctl.model import DEFAULT_LAB

SHELL = ("sh", "-c", "if command -v bash >/dev/null; then exec bash; else exec sh; fi")

EPILOG = """\b
Examples:
  labctl shell
  labctl shell ana
  labctl shell lab --service echo
"""


@click.command("shell", short_help="A shell in the toolbox, among the servers.", epilog=EPILOG)
@click.argument("lab", metavar="[LAB]", required=False, shell_complete=offered("complete_lab"))
@click.option(
    "--service",
    "-s",
    metavar="SERVICE",
    shell_complete=offered("complete_service"),
    help="In this service's container instead.",
)
@click.pass_obj
def command(context: Context, lab: str | None, service: str | None) -> int:
    """Open a shell in the toolbox of a lab, where every server is reachable by its name."""
    name = context.lab(lab or DEFAULT_LAB)
    if service is None:
        service = require_toolbox(context.definition).name
    context.services([service])
    return context.engine.converse(running_container(context, name, service).id, SHELL)
