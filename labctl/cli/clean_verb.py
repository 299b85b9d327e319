"""labctl clean."""

import os
from typing import TYPE_CHECKING

import click

from labctl.cli.context import Context
from labctl.cli.options import json_option
from labctl.cli.output import format_bytes, print_json, print_table
from labctl.cli.progress import Steps

if TYPE_CHECKING:
    from labctl.features.provision.cleaning import Unused

EPILOG = """\b
Examples:
  labctl clean --dry-run       which images are of no use any more, and why
  labctl clean                 remove them
"""
ID_DIGITS = 12


@click.command("clean", short_help="Remove images that no lab and no checkout needs.", epilog=EPILOG)
@click.option("--dry-run", is_flag=True, help="Show what would be removed; remove nothing.")
@json_option
@click.pass_obj
def command(context: Context, dry_run: bool, as_json: bool) -> int:
    """Remove images that labctl has built and that neither a container nor a checkout needs.

    A checkout needs the images that its files would give today. Labs, homes and snapshots are not touched.
    Exit code 1 if the Engine kept one.
    """
    from labctl.features.provision.cleaning import find_unused, remove_unused
    from labctl.features.provision.lock import only_one

    services = context.definition_as_read.services.values() if context.path_if_any else ()
    builds = [(each.image, each.build) for each in services if each.build is not None]
    with Steps() as progress, only_one(progress):  # an image that is being built is of use
        unused = find_unused(context.engine, builds, os.environ)
        kept = [] if dry_run else remove_unused(context.engine, unused, builds, os.environ)
    if as_json:
        print_json({"dry_run": dry_run, "images": unused, "kept_by_engine": [each.id for each in kept]})
    else:
        _print(unused, kept, dry_run)
    return 1 if kept else 0


def _print(unused: list["Unused"], kept: list["Unused"], dry_run: bool) -> None:
    if not unused:
        click.echo("there is no image that is of no use")
        return
    done = "would be removed" if dry_run else "removed"
    rows = [
        (
            ", ".join(each.tags) or each.id.removeprefix("sha256:")[:ID_DIGITS],
            format_bytes(each.size_bytes),
            "kept by the Engine" if each in kept else done,
            each.why,
        )
        for each in unused
    ]
    print_table(("IMAGE", "SIZE", "IS", "WHY"), rows)
