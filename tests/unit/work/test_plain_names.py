"""Names of learners' files as everybody can take them."""

import unicodedata

import pytest

from labctl.features.work.plain_names import PlainNames, plain_name


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("work.py", "work.py"),
        ("ünïcödé 1", "ünïcödé 1"),
        (".bashrc", ".bashrc"),
        ("-rf", "-rf"),
        ("esc\x1b]0;x\x07\n", "esc_]0;x__"),
        ("\u202egnp.exe", "_gnp.exe"),
        ("a:b\\c*?", "a_b_c__"),
        ("dots. .", "dots"),
        ("...", "_"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("\udcff\udcfe", "\ufffd\ufffd"),
        ("x" * 255, "x" * 243),
        ("ü" * 127, "ü" * 121),
    ],
)
def test_a_name_is_one_that_everything_takes(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_twins_are_told_apart_also_where_case_is_none() -> None:
    names = PlainNames()
    paths = ["Dir", "dir", "Dir/a.txt", "dir/A.txt", "Dir/A.txt", "Dir/a~2.txt", "noext", "NOEXT", ".x", ".X"]
    assert [names.path(each) for each in paths] == [
        *("Dir", "dir~2", "Dir/a.txt", "dir~2/A.txt", "Dir/A~2.txt", "Dir/a~2~2.txt"),
        *("noext", "NOEXT~2", ".x", ".X~2"),
    ]
    assert names.path("dir") == "dir~2"


def test_composed_and_decomposed_letters_are_twins() -> None:
    names = PlainNames()
    composed = "é"
    assert names.path(composed) == composed
    assert names.path(unicodedata.normalize("NFD", composed)).endswith("~2")


def test_no_two_of_many_twins_have_the_same_name() -> None:
    names = PlainNames()
    plain = {names.path(f"{chr(number)}{chr(more)}") for number in range(1, 32) for more in range(1, 32)}
    assert len(plain) == 31 * 31
    assert "__" in plain
    assert "__~961" in plain
