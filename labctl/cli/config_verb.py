"""labctl config."""

import click

from labctl.cli.context import Context
from labctl.cli.options import json_option
from labctl.cli.output import print_json

EPILOG = """\b
Examples:
  labctl config                       the file, variables put in
  labctl -f other.yaml config --json
"""


@click.command("config", short_help="Print the Compose file as it was understood.", epilog=EPILOG)
@json_option
@click.pass_obj
def command(context: Context, as_json: bool) -> int:
    """Print the Compose file as it was understood: anchors, variables and files of variables put in.

    What is printed is a Compose file that means the same. Values of variables stand in it, secret ones, too.
    """
    from labctl.composefile.render import as_compose, render_compose

    definition = context.definition_as_read
    if as_json:
        print_json(as_compose(definition))
    else:
        click.echo(render_compose(definition), nl=False)
    return 0
