"""The site: every lesson and idea has its page, every link its target, and nothing comes from outside."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from services.handbook.build import SERVICES, build, read_pages
from services.handbook.course import CHAPTERS, MORE, arrange
from services.handbook.page import Page

# "Ideas the lab must make visible": what the course asks for, and the page that shows it.
IDEAS = {
    "stream against datagram": "stream-and-datagram",
    "no record boundaries in TCP": "no-record-boundaries",
    "UDP loss, duplication and reordering": "loss-and-order",
    "listen backlog": "backlog",
    "who waits for whom under each concurrency model": "who-waits",
    "ephemeral ports": "ephemeral-ports",
    "well-known ports": "well-known-ports",
    "SO_REUSEADDR": "reuseaddr",
    "EOF as an empty read": "eof",
    "timeouts": "timeouts",
    "request and response of HTTP seen as text": "http-as-text",
    "where a message ends, and response splitting": "response-splitting",
    "what a CGI child gets and gives": "cgi-child",
    "what start_response does": "start-response",
    "XML on the wire of XML-RPC": "xml-on-the-wire",
    "envelope against headers": "envelope",
}
SECTIONS = ["Try it", "Observe", "Break it", "Exercise"]
VOID = {"meta", "link", "br", "hr", "img", "input"}
LOADING = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src", "use": "href"}


class Read(HTMLParser):
    """What is in a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.open: list[str] = []
        self.faults: list[str] = []
        self.titles: list[str] = []
        self.languages: list[str | None] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.tags: Counter[str] = Counter()
        self.feed(path.read_text(encoding="utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        if tag not in VOID:
            self.open.append(tag)
        if tag == "html":
            self.languages.append(found.get("lang"))
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        if LOADING.get(tag) in found:
            self.loaded.append(found[LOADING[tag]])
        if "style" in found:
            self.faults.append("a style attribute")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"line {self.getpos()[0]}: </{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["title"]:
            self.titles.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, and beside it what `static` has there already."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(SERVICES / "static/pages", folder, dirs_exist_ok=True)
    build(folder)
    return folder


@pytest.fixture(scope="module")
def course(site: Path) -> list[Page]:
    return build(site)


@pytest.fixture(scope="module")
def pages(site: Path, course: list[Page]) -> list[Read]:
    return [Read(site / name) for name in ["index.html", *(each.address for each in course)]]


def test_every_service_with_a_lesson_has_a_page(site: Path) -> None:
    folders = [path.parent.name.replace("_", "-") for path in SERVICES.glob("*/README.md")]
    assert len(folders) > 10
    assert [name for name in folders if not (site / f"lessons/{name}.html").exists()] == []


def test_no_two_pages_have_one_name() -> None:
    assert [name for name, count in Counter(each.name for each in read_pages()).items() if count > 1] == []


def test_every_idea_has_a_page(site: Path) -> None:
    assert [idea for idea, name in IDEAS.items() if not (site / f"ideas/{name}.html").exists()] == []
    assert len(list((site / "ideas").iterdir())) == len(IDEAS)


def test_every_page_of_the_course_is_there(course: list[Page]) -> None:
    there = {each.name for each in course}
    assert [name for chapter in CHAPTERS for name in chapter.pages if name not in there] == []


def test_every_page_says_what_to_try_to_observe_to_break_and_to_do(course: list[Page]) -> None:
    said = {each.name: re.findall(r"^## (.*)", each.text, re.MULTILINE) for each in course}
    lacking = {name: [s for s in SECTIONS if s not in found] for name, found in said.items()}
    assert {name: sections for name, sections in lacking.items() if sections} == {}


def test_every_page_has_a_picture(course: list[Page]) -> None:
    assert [each.name for each in course if not re.search(r"^```\n|<svg", each.text, re.MULTILINE)] == []


def test_the_index_leads_to_every_page_in_the_courses_order(course: list[Page], pages: list[Read]) -> None:
    index = pages[0]
    wanted = [each.address for each in course]
    assert [link for link in index.links if link in wanted] == wanted


def test_every_page_leads_on_back_and_to_the_index(course: list[Page], pages: list[Read]) -> None:
    for number, read in enumerate(pages[1:]):
        targets = {(read.path.parent / link).resolve() for link in read.links if not link.startswith("#")}
        around = [pages[0], *pages[max(1, number) : number], *pages[number + 2 : number + 3]]
        assert [each.path for each in around if each.path.resolve() not in targets] == []


def test_no_link_leads_nowhere(site: Path, pages: list[Read]) -> None:
    ids = {read.path.resolve(): read.ids for read in pages}
    dead = []
    for read in pages:
        for link in read.links + read.loaded:
            address, _, fragment = link.partition("#")
            if link.startswith(("http:", "https:")):
                continue
            target = (read.path.parent / address).resolve() if address else read.path.resolve()
            if not target.is_relative_to(site.resolve()) or not target.is_file():
                dead.append(f"{read.path.relative_to(site)}: {link}")
            elif fragment and fragment not in ids[target]:
                dead.append(f"{read.path.relative_to(site)}: {link}, no such place")
    assert dead == []


def test_nothing_is_loaded_from_outside(site: Path, pages: list[Read]) -> None:
    assert [link for read in pages for link in read.loaded if "//" in link or ":" in link] == []
    assert not re.search(r"url\(|@import", (site / "style.css").read_text())


def test_no_page_needs_a_script(pages: list[Read]) -> None:
    assert [read.path.name for read in pages if read.tags["script"]] == []


def test_every_page_is_whole_html_with_a_language_and_a_title_of_its_own(pages: list[Read]) -> None:
    assert {str(read.path): read.faults + read.open for read in pages if read.faults or read.open} == {}
    assert {language for read in pages for language in read.languages} == {"en"}
    titles = ["".join(read.titles) for read in pages]
    assert all(titles)
    assert [title for title, count in Counter(titles).items() if count > 1] == []
    assert [read.path.name for read in pages if len(set(read.ids)) != len(read.ids)] == []
    assert [read.path.name for read in pages if read.tags["h1"] != 1 or read.tags["main"] != 1] == []


def test_statics_own_page_and_samples_stay(site: Path) -> None:
    own = Read(site / "static-files.html")
    assert "samples/hello.txt" in own.links
    assert [link for link in own.links if not (site / link.split("#")[0]).is_file()] == []
    assert "static-files.html" in Read(site / "index.html").links


def test_a_new_service_shows_up_by_itself(tmp_path: Path) -> None:
    shutil.copytree(SERVICES, tmp_path / "services", ignore=shutil.ignore_patterns("broken", "__pycache__"))
    (tmp_path / "services/my_own").mkdir()
    (tmp_path / "services/my_own/README.md").write_text("# my-own: a server of mine\n\nIt is <new> & fine.\n")
    subprocess.run(
        [sys.executable, "-m", "services.handbook.build", "site"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        check=True,
    )
    assert "lessons/my-own.html" in Read(tmp_path / "site/index.html").links
    assert Read(tmp_path / "site/lessons/my-own.html").titles == ["my-own: a server of mine"]


def test_pages_that_the_course_does_not_name_come_last_by_name() -> None:
    chapters = arrange(["zebra", "echo", "ant"])
    assert [(each.title, each.pages) for each in chapters] == [
        ("TCP", ("echo",)),
        (MORE.title, ("ant", "zebra")),
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_as_wcag_aa_asks(scheme: str) -> None:
    blocks = re.findall(r":root \{(.*?)\}", (SERVICES / "handbook/style.css").read_text(), re.DOTALL)
    colours = dict(re.findall(r"--(\w+): #([0-9a-f]{6});", blocks[["light", "dark"].index(scheme)]))
    weak = {
        (ink, paper): round(contrast(colours[ink], colours[paper]), 2)
        for ink in ("ink", "faint", "link")
        for paper in ("paper", "box")
        if contrast(colours[ink], colours[paper]) < 4.5
    }
    assert weak == {}


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, 1.4.3)."""
    low, high = sorted(luminance(each) for each in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
