"""One page: a lesson in Markdown, and how it becomes HTML."""

import os
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from services.handbook.console import BLOCK, Block, block_of

BEFORE_FENCED_CODE = 26  # python-markdown gives its own fenced_code priority 25
AT_PYTHON = "at the Python prompt"
PYTHON_BLOCK = re.compile(r"^```pycon\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPTS = r"(\$|>>>|>|\.\.\.)( |$)"  # the shell's two and Python's two
NOTES = {"fails": ", and fails as it should", "by-hand": ", by hand", "runs": ""}


class Page(NamedTuple):
    """A lesson's text, and where it goes.

    Attributes:
        name: what the course calls it: `upper-tcp`, `ideas/eof`.
        address: where it stands in the site: `lessons/upper-tcp.html`.
        source: the Markdown file.
        title: its first heading up to the colon; for a server, its name.
        summary: the rest of that heading.
        text: the Markdown after that heading.
    """

    name: str
    address: str
    source: Path
    title: str
    summary: str
    text: str


def read_page(name: str, address: str, source: Path) -> Page:
    """Read a lesson, whose first line is its heading: `# title: summary`."""
    heading, _, text = source.read_text(encoding="utf-8").lstrip().partition("\n")
    title, _, summary = heading.lstrip("# ").partition(": ")
    return Page(name, address, source, title.strip(), summary.strip(), text)


def relative(address: str, start: str) -> str:
    """Return the link that leads from one address of the site to another."""
    return os.path.relpath(address, Path(start).parent)


def render(page: Page, addresses: Mapping[Path, str]) -> tuple[str, list[tuple[str, str]]]:
    """Return a page's HTML, and its sections as (id, heading).

    Args:
        page: the page.
        addresses: where each Markdown file of the handbook stands in the site: a link from one to
            another, which works in the source as well, becomes a link between pages.
    """
    markdown = Markdown(extensions=["fenced_code", "tables", "toc", ConsoleExtension()], output_format="html")
    html = markdown.convert(page.text)
    # What is wider than a phone scrolls in its own box, by keyboard as well.
    html = html.replace("<pre><code", '<pre tabindex="0"><code')
    html = html.replace("<table>", '<div class="wide" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )

    def link(match: re.Match[str]) -> str:
        target = addresses.get((page.source.parent / match[1]).resolve())
        return f'href="{relative(target, page.address)}"' if target else match[0]

    html = re.sub(r'href="([^":]+\.md)"', link, html)
    return html, [(each["id"], each["name"]) for each in markdown.toc_tokens]  # type: ignore[attr-defined]


class ConsoleExtension(Extension):
    """Shows console blocks with prompts and output that are not copied along with the commands."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Take the console blocks before `fenced_code` does."""
        md.preprocessors.register(_ConsoleBlocks(md), "console", BEFORE_FENCED_CODE)


class _ConsoleBlocks(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        text = BLOCK.sub(lambda match: self._stash(_console_html(block_of(match))), "\n".join(lines))
        text = PYTHON_BLOCK.sub(
            lambda match: self._stash(_typed_html(AT_PYTHON, match[1].splitlines())), text
        )
        return text.split("\n")

    def _stash(self, html: str) -> str:
        assert self.md is not None
        return f"\n\n{self.md.htmlStash.store(html)}\n\n"


def _console_html(block: Block) -> str:
    place = "on the host" if block.on_host else "in the toolbox"
    return _typed_html(place + NOTES[block.kind], block.lines)


def _typed_html(place: str, lines: list[str]) -> str:
    code = "\n".join(map(_line_html, lines))
    return (
        f'<div class="console"><p class="place">{place}</p>'
        f'<pre tabindex="0"><code>{code}\n</code></pre></div>'
    )


def _line_html(line: str) -> str:
    prompt = re.match(PROMPTS, line)
    if prompt:
        return f'<span class="prompt">{escape(prompt[0])}</span>{escape(line[prompt.end() :])}'
    return f'<span class="output">{escape(line)}</span>'
