"""labctl completion."""

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_LABCTL_COMPLETE"  # what click looks for when a shell asks

EPILOG = """\b
Examples:
  source <(labctl completion bash)                            for this shell; in ~/.bashrc for all
  source <(labctl completion zsh)                             in ~/.zshrc, after compinit
  labctl completion fish > ~/.config/fish/completions/labctl.fish
"""


@click.command("completion", short_help="The script that completes labctl's words in a shell.", epilog=EPILOG)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print the script by which a shell completes verbs, options, and the names of labs and services."""
    completion = get_completion_class(shell)
    assert completion is not None
    click.echo(completion(ctx.find_root().command, {}, "labctl", VARIABLE).source())
    return 0
