"""A function becomes a check by its docstring, and a service's checks are found in their order."""

import sys
from types import ModuleType

import pytest

from services.checking.registry import Check, check, has_checks, load_checks
from services.checking.target import Target


@check(needs="first", timeout_s=2.5)
def second(target: Target) -> None:
    """The server answers.

    Not shown.
    """


@check()
def first(target: Target) -> None:
    """The server listens."""


def module(monkeypatch: pytest.MonkeyPatch, name: str, **content: object) -> ModuleType:
    made = ModuleType(f"services.{name}")
    vars(made).update(content)
    monkeypatch.setitem(sys.modules, made.__name__, made)
    return made


def test_a_check_is_named_and_told_by_its_function() -> None:
    def third(target: Target) -> None:
        """The server ends.

        Not shown.
        """

    sentence = "The server ends."
    assert check(needs="first", timeout_s=2.5)(third) == Check("third", sentence, third, "first", 2.5)
    assert check()(third) == Check("third", sentence, third, None, 15.0)


def test_a_function_without_a_sentence_is_no_check() -> None:
    def silent(target: Target) -> None:
        pass

    with pytest.raises(ValueError, match=r"^check silent has no docstring$"):
        check()(silent)


@pytest.mark.parametrize("service", ["echo", "upper-tcp", "mail", "client"])
def test_services_have_checks_in_a_file_or_a_folder(service: str) -> None:
    assert has_checks(service)
    checks = load_checks(service)
    assert all(isinstance(each, Check) for each in checks)
    assert len({each.name for each in checks}) == len(checks)


@pytest.mark.parametrize("service", ["nosuch", "checking"])
def test_a_folder_without_checks_has_none(service: str) -> None:
    assert not has_checks(service)
    with pytest.raises(ModuleNotFoundError):
        load_checks(service)


def test_checks_come_in_the_order_of_their_file_or_of_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    module(monkeypatch, "made_up", __path__=[])
    module(monkeypatch, "made_up.checks", first=first, other=7, second=second)
    assert load_checks("made-up") == [first, second]
    third = Check("third", "It holds.", first.run, needs="second")
    parts = (
        module(monkeypatch, "made_up.checks.b", one=first, two=second),
        module(monkeypatch, "made_up.checks.a", three=third),
    )
    module(monkeypatch, "made_up.checks", PARTS=parts, third=third)
    assert load_checks("made-up") == [first, second, third]


def test_a_check_stands_behind_the_one_that_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    module(monkeypatch, "made_up", __path__=[])
    module(monkeypatch, "made_up.checks", second=second, first=first)
    with pytest.raises(ValueError, match=r"^made-up: check second needs first, which is not before it$"):
        load_checks("made-up")
