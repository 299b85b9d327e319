"""The handbook does what it says: each command runs as it stands, each link leads somewhere."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby
from typing import NamedTuple

import pytest

from services.handbook.build import read_pages
from services.handbook.console import read_blocks
from services.handbook.page import Page
from tests.integration.labs import LABCTL, ROOT, RunningLab

PAGES = {each.name: each for each in read_pages()}
PAGES_AT_ONCE = 4
COMMAND_S = 30.0  # a lesson that takes longer than this bores

# What no test can run, and how many blocks of it each page has: two terminals, or somebody who types.
BY_HAND = {
    "homework": 4,
    "ideas/backlog": 1,
    "ideas/no-record-boundaries": 1,
    "ideas/who-waits": 2,
}
# What a command prints when it runs into something that is not there, even where a pipe hides its exit code.
NOT_THERE = re.compile(r"command not found|No module named|can't open file|unrecognized arguments")

# Runs commands one after another, as a learner would, in a home of their own; then ends what they left.
TERMINAL = """
import json, os, signal, subprocess, sys, tempfile
home, patience_s, commands = json.load(sys.stdin)
os.makedirs(home, exist_ok=True)
sessions, results = [], []
for command in commands:
    with tempfile.TemporaryFile() as printed:
        started = subprocess.Popen(
            ["bash", "-c", command], stdin=subprocess.DEVNULL, stdout=printed, stderr=printed,
            cwd=home, env={**os.environ, "HOME": home}, start_new_session=True)
        sessions.append(started.pid)
        try:
            code = started.wait(patience_s)
        except subprocess.TimeoutExpired:
            code = None
        printed.seek(0)
        results.append([code, printed.read().decode(errors="replace")])
for session in sessions:
    try:
        os.killpg(session, signal.SIGKILL)
    except ProcessLookupError:
        pass
print(json.dumps(results))
"""

# Follows every link from the root page on; prints each page found, and each link that leads nowhere.
LINK_CHECKER = """
import json, urllib.error, urllib.parse, urllib.request
from html.parser import HTMLParser

class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.links, self.ids = [], set()
        self.feed(text)
    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids.add(found.get("id"))
        self.links += [found[name] for name in ("href", "src") if name in found]

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
pages, dead, asked = {}, [], {}
waiting = [("", "http://static/")]
while waiting:
    source, url = waiting.pop()
    address, fragment = urllib.parse.urldefrag(url)
    if address not in asked:
        try:
            with opener.open(address, timeout=10) as answer:
                kind, content = answer.headers.get_content_type(), answer.read()
        except urllib.error.HTTPError as error:
            asked[address] = None
            dead.append([source, url, error.code])
            continue
        asked[address] = Links(content.decode()) if kind == "text/html" else None
        if kind == "text/html":
            pages[address] = len(content)
            for link in asked[address].links:
                target = urllib.parse.urljoin(address, link)
                if target.startswith("http://static/"):
                    waiting.append((address, target))
    if fragment and (asked[address] is None or fragment not in asked[address].ids):
        dead.append([source, url, "no such place"])
print(json.dumps([pages, dead]))
"""


class Outcome(NamedTuple):
    """What became of one command."""

    command: str
    should_fail: bool
    code: int | None
    printed: str

    @property
    def right(self) -> bool:
        ended_right = self.code is not None and (self.code != 0) == self.should_fail
        return ended_right and not NOT_THERE.search(self.printed)

    def __str__(self) -> str:
        ended = "did not end in time" if self.code is None else f"ended with exit code {self.code}"
        return (
            f"$ {self.command}\n{self.printed}\n({ended}, should {'fail' if self.should_fail else 'run'})\n"
        )


def run_page(lab: RunningLab, page: Page) -> list[Outcome]:
    """Run a page's commands in order; those that are typed on the host there, the others in the toolbox."""
    blocks = [each for each in read_blocks(page.text) if each.kind != "by-hand"]
    typed = [(each.on_host, each.kind == "fails", command) for each in blocks for command in each.commands]
    outcomes = []
    for on_host, together in groupby(typed, key=lambda each: each[0]):
        group = list(together)
        run = run_on_host if on_host else run_in_toolbox
        results = run(lab, page.name, [command for _, _, command in group])
        outcomes += [Outcome(c, fails, *result) for (_, fails, c), result in zip(group, results, strict=True)]
    return outcomes


def run_in_toolbox(lab: RunningLab, name: str, commands: list[str]) -> list[tuple[int | None, str]]:
    order = json.dumps([f"/tmp/handbook/{name}", COMMAND_S, commands])
    patience_s = COMMAND_S * (len(commands) + 1)
    finished = lab.run("python3", "-c", TERMINAL, stdin=order, timeout_s=patience_s)
    assert finished.returncode == 0, finished.stderr
    return [(code, printed) for code, printed in json.loads(finished.stdout)]


def run_on_host(lab: RunningLab, name: str, commands: list[str]) -> list[tuple[int | None, str]]:
    return [run_one_on_host(lab, command) for command in commands]


def run_one_on_host(lab: RunningLab, command: str) -> tuple[int | None, str]:
    """Run a command that names the lab `lab`, which here is another one."""
    translated, count = re.subn(
        r"\blabctl (\w+) lab\b", rf"labctl \1 {lab.project.removeprefix('lab-')}", command
    )
    assert count, f"which lab? say `labctl VERB lab`, or mark the block by-hand: {command}"
    environ = {**os.environ, "PATH": f"{LABCTL.parent}:{os.environ['PATH']}"}
    finished = subprocess.run(
        ["bash", "-c", translated],
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=2 * COMMAND_S,
        check=False,
    )
    return finished.returncode, finished.stdout


@pytest.fixture(scope="module")
def outcomes(lab: RunningLab) -> Iterator[dict[str, Future[list[Outcome]]]]:
    """Every page's commands, a few pages at a time: most of them wait more than they work."""
    with ThreadPoolExecutor(PAGES_AT_ONCE) as pool:
        yield {name: pool.submit(run_page, lab, page) for name, page in PAGES.items()}


@pytest.mark.parametrize("name", PAGES)
def test_every_command_runs_as_it_stands(name: str, outcomes: dict[str, Future[list[Outcome]]]) -> None:
    assert [each for each in outcomes[name].result() if not each.right] == [], "\n".join(
        str(each) for each in outcomes[name].result() if not each.right
    )


def test_only_so_many_blocks_are_left_to_hands() -> None:
    kinds = {name: [each.kind for each in read_blocks(page.text)] for name, page in PAGES.items()}
    assert {name: found.count("by-hand") for name, found in kinds.items() if "by-hand" in found} == BY_HAND


def test_no_link_of_the_handbook_is_dead(lab: RunningLab) -> None:
    finished = lab.python(LINK_CHECKER)
    assert finished.returncode == 0, finished.stderr
    pages, dead = json.loads(finished.stdout)
    assert dead == []
    missing = [page.address for page in PAGES.values() if f"http://static/{page.address}" not in pages]
    assert missing == []
