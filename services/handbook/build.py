"""Makes the handbook: reads every lesson, writes a site of plain files. No script, nothing from outside.

Usage: python3 -m services.handbook.build FOLDER

A page for each `services/*/README.md` and any other Markdown file beside it, for each below
`services/handbook`, and an index in the order of the course. The site goes into `static`'s folder, beside its
samples, when the image is built (services/Dockerfile); nothing here is needed when the lab runs.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import Template

from services.checking.registry import has_checks, load_checks
from services.handbook.course import Chapter, arrange
from services.handbook.page import Page, read_page, relative, render

SERVICES = Path(__file__).parents[1]
HANDBOOK = SERVICES / "handbook"
# `static` has a root page of its own, and the site takes its place: it stays as a page beside.
STATICS_OWN_PAGE, ITS_ADDRESS = SERVICES / "static/pages/index.html", "static-files.html"
README = "README.md"  # the lesson of the server in whose folder it stands
IN_THE_TOOLBOX = Path("/opt/lab/services")


def build(site: Path) -> list[Page]:
    """Write the whole site into a folder, which may exist; return its pages in the course's order."""
    pages = {each.name: each for each in read_pages()}
    chapters = arrange(pages)
    ordered = [pages[name] for chapter in chapters for name in chapter.pages]
    addresses = {each.source.resolve(): each.address for each in ordered}
    template = Template((HANDBOOK / "page.html").read_text(encoding="utf-8"))
    for number, page in enumerate(ordered):
        around = (ordered[number - 1] if number else None, *ordered[number + 1 : number + 2])
        write(site / page.address, template.substitute(fields_of(page, addresses, *around)))
    index = Template((HANDBOOK / "index.html").read_text(encoding="utf-8"))
    contents = "\n".join(chapter_html(chapter, pages) for chapter in chapters)
    write(site / "index.html", index.substitute(contents=contents, static_files=ITS_ADDRESS))
    for name in ("style.css", "icon.svg"):
        shutil.copyfile(HANDBOOK / name, site / name)
    shutil.copyfile(STATICS_OWN_PAGE, site / ITS_ADDRESS)
    return ordered


def read_pages() -> Iterator[Page]:
    """Yield every page there is: the services' lessons, and the handbook's own."""
    for source in SERVICES.glob("*/*.md"):
        if source.parent != HANDBOOK:
            name = (source.parent.name if source.name == README else source.stem).replace("_", "-")
            yield read_page(name, f"lessons/{name}.html", source)
    for source in HANDBOOK.rglob("*.md"):
        name = source.relative_to(HANDBOOK).with_suffix("").as_posix()
        yield read_page(name, f"{name}.html", source)


def fields_of(
    page: Page, addresses: dict[Path, str], previous: Page | None = None, following: Page | None = None
) -> dict[str, str]:
    """Return what the template of a page has blanks for."""
    content, sections = render(page, addresses)
    if page.source.name == README:
        appendix, more = appendix_html(page)
        content, sections = content + appendix, sections + more
    return {
        "title": escape(f"{page.title}: {page.summary}" if page.summary else page.title),
        "name": escape(page.title),
        "summary": escape(page.summary),
        "root": relative(".", page.address) + "/",
        "sections": "\n".join(f'<li><a href="#{anchor}">{text}</a></li>' for anchor, text in sections),
        "content": content,
        "previous": link_html(page, previous, "prev"),
        "next": link_html(page, following, "next"),
    }


def link_html(page: Page, other: Page | None, rel: str) -> str:
    """Return the link to the page before or after, or nothing at either end of the course."""
    if other is None:
        return ""
    return f'<a rel="{rel}" href="{relative(other.address, page.address)}">{name_html(other)}</a>'


def chapter_html(chapter: Chapter, pages: dict[str, Page]) -> str:
    """Return a chapter of the index: a heading, and a link with a line for each page."""
    items = "\n".join(
        f'<li><a href="{each.address}">{name_html(each)}</a> {escape(each.summary)}</li>'
        for each in map(pages.__getitem__, chapter.pages)
    )
    return f"<section>\n<h2>{chapter.title}</h2>\n<p>{chapter.summary}</p>\n<ul>\n{items}\n</ul>\n</section>"


def name_html(page: Page) -> str:
    """Return a page's name, a server's as the host name it is."""
    name = escape(page.title)
    return f"<code>{name}</code>" if page.source.name == README else name


def appendix_html(page: Page) -> tuple[str, list[tuple[str, str]]]:
    """Return what a server's folder holds beside its lesson, checks and code; and these as sections."""
    folder = page.source.parent
    html, sections = "", []
    if has_checks(page.name):
        sentences = "\n".join(f"<li>{sentence_html(each.sentence)}</li>" for each in load_checks(page.name))
        html += f'<h2 id="checks">What must hold</h2>\n<ul>\n{sentences}\n</ul>\n'
        sections.append(("checks", "What must hold"))
    modules = [path for path in sorted(folder.glob("[!_]*.py")) if path.name != "checks.py"]
    if modules:
        where = IN_THE_TOOLBOX / folder.name
        html += f'<h2 id="code">The code</h2>\n<p>In the toolbox: <code>{where}</code></p>\n'
        html += "\n".join(map(code_html, modules))
        sections.append(("code", "The code"))
    return html, sections


def sentence_html(sentence: str) -> str:
    """Return a check's sentence, in which code stands between backticks."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(sentence))


def code_html(module: Path) -> str:
    """Return a module's source, folded."""
    source = escape(module.read_text(encoding="utf-8"), quote=False)
    code = f'<pre tabindex="0"><code>{source}</code></pre>'
    return f"<details><summary>{module.name}</summary>\n{code}\n</details>"


def write(path: Path, text: str) -> None:
    """Write a file, in a folder that may not be there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    print(f"{len(build(Path(sys.argv[1])))} pages")
