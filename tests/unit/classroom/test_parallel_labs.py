"""Work across labs: one that fails stops no other, and is told with its own cause."""

import threading
from collections.abc import Callable

import pytest

from labctl.errors import EngineError, EngineUnavailableError, LabError
from labctl.features.classroom.parallel_labs import run_in_labs


def fail_for(*names: str) -> Callable[[str], str]:
    def work(name: str) -> str:
        if name in names:
            raise EngineError(f"{name} refused")
        return name.upper()

    return work


def test_results_and_errors_come_in_the_order_of_the_labs() -> None:
    told: list[tuple[str, LabError | None]] = []
    outcomes = run_in_labs(
        ["c", "a", "b"],
        fail_for("a"),
        at_once=2,
        done=lambda lab, error: told.append((lab, error)),
    )
    assert list(outcomes.results.items()) == [("c", "C"), ("b", "B")]
    assert [(lab, error.what) for lab, error in outcomes.errors.items()] == [("a", "a refused")]
    assert outcomes.exit_code == 1
    assert {lab for lab, _ in told} == {"a", "b", "c"}


def test_the_gravest_error_gives_the_exit_code() -> None:
    def work(name: str) -> None:
        raise EngineUnavailableError("gone") if name == "b" else EngineError("refused")

    assert run_in_labs(["a", "b"], work, at_once=1).exit_code == 3


def test_no_more_than_so_many_labs_are_worked_on_at_once() -> None:
    lock, inside, most = threading.Lock(), [0], [0]
    both = threading.Barrier(2, timeout=5)

    def work(name: str) -> None:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        both.wait()  # passes only if two are here at the same time
        with lock:
            inside[0] -= 1

    run_in_labs(list("abcdef"), work, at_once=2)
    assert most[0] == 2


def test_what_is_no_lab_error_ends_everything() -> None:
    def work(name: str) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_in_labs(["a", "b"], work, at_once=1)
