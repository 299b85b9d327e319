"""Console blocks: what counts as a command, and where it is typed."""

from pathlib import Path

import pytest

from services.handbook.build import read_pages
from services.handbook.console import read_blocks
from services.handbook.page import Page, render

PAGES = sorted(read_pages())

LESSON = """\
# a lesson

```console
$ echo one
one
$ python3 - <<'END'
> print("two")
>
> END
two
$ echo three
```

```console fails
$ false
```

```console by-hand
$ labctl shell
>>> import socket
```

```pycon
>>> 1 + 1
2
```

```
$ not a console block
```
"""


def test_a_command_goes_on_in_lines_with_the_second_prompt() -> None:
    first = next(iter(read_blocks(LESSON)))
    assert first.commands == ["echo one", "python3 - <<'END'\nprint(\"two\")\n\nEND", "echo three"]


def test_a_word_after_console_says_what_becomes_of_the_block() -> None:
    assert [each.kind for each in read_blocks(LESSON)] == ["runs", "fails", "by-hand"]


def test_labctl_is_typed_on_the_host_and_all_else_in_the_toolbox() -> None:
    assert [each.on_host for each in read_blocks(LESSON)] == [False, False, True]


def test_what_is_not_copied_is_told_apart_from_what_is() -> None:
    html, _ = render(Page("a", "a.html", Path("a.md"), "a", "", LESSON.partition("\n")[2]), {})
    assert '<span class="prompt">$ </span>echo one\n<span class="output">one</span>\n' in html
    assert '<span class="prompt">&gt; </span>print(&quot;two&quot;)\n' in html
    assert '<span class="prompt">&gt;&gt;&gt; </span>import socket\n' in html
    assert '<span class="prompt">&gt;&gt;&gt; </span>1 + 1\n<span class="output">2</span>\n' in html
    assert "on the host, by hand" in html


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_console_fence_of_a_page_is_one_that_is_understood(page: Page) -> None:
    fences = [line for line in page.text.splitlines() if line.lstrip().startswith("```console")]
    assert len(fences) == len(list(read_blocks(page.text))), fences


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_block_is_typed_in_one_place(page: Page) -> None:
    mixed = [
        block.commands
        for block in read_blocks(page.text)
        if len({each.startswith(("labctl ", "make ")) for each in block.commands}) > 1
    ]
    assert mixed == []
