"""Tables: what they say of published ports, and that they fit a terminal."""

import os
import sys

import pytest

from labctl.cli.output import fit_widths, host_addresses, print_table


def test_consecutive_ports_are_shown_as_a_range() -> None:
    published = [f"127.0.0.1:{port}/tcp" for port in (30000, 30001, 30002, 2121)]
    assert host_addresses(published) == "127.0.0.1:2121/tcp 127.0.0.1:30000-30002/tcp"


def test_one_port_of_two_protocols_is_two() -> None:
    assert (
        host_addresses(["127.0.0.1:9997/udp", "127.0.0.1:9997/tcp"])
        == "127.0.0.1:9997/tcp 127.0.0.1:9997/udp"
    )


@pytest.mark.parametrize(
    ("widths", "whole", "fitted"),
    [
        ([5, 5], 12, [5, 5]),
        ([5, 50], 40, [5, 33]),
        ([30, 50, 6], 44, [17, 17, 6]),
        ([30, 50], 10, [8, 8]),  # too narrow for any table
    ],
)
def test_the_widest_columns_are_cut(widths: list[int], whole: int, fitted: list[int]) -> None:
    assert fit_widths(widths, whole) == fitted


def test_a_table_fits_a_terminal_and_is_whole_in_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    print_table(("A", "B"), [("one", "a sentence of many words")])
    assert capsys.readouterr().out.splitlines()[1] == "one  a sentence of many words"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((20, 1)))
    print_table(("A", "B"), [("one", "a sentence of many words")])
    assert capsys.readouterr().out.splitlines()[1] == "one  a sentence o..."
