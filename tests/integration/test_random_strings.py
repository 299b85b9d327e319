"""Random octets harm no server: each still answers afterwards, and holds no more memory than before."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.integration.labs import RunningLab, wait_until

AT_ONCE = 4
WARM_UP = 100  # strings; the first ones fill caches, start the first threads, import what is imported late
STRINGS = 300
GROWTH = 1.05  # a leak of 1 KiB a string is 6 % of the smallest server
PROGRAM = Path(__file__).with_name("random_strings.py").read_text()


def test_random_strings_leave_every_server_answering_and_no_larger(lab: RunningLab) -> None:
    listeners = {service: found for service in lab.containers() if (found := listeners_of(lab, service))}
    assert "unix" in listeners
    assert len(listeners) == len(lab.containers()) - 1  # all but the toolbox
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for attacked in [pool.submit(attack, lab, *each) for each in listeners.items()]:
            attacked.result()


def listeners_of(lab: RunningLab, service: str) -> list[str]:
    """Return where a service listens, as `random_strings.py` wants it: ports or, without any, paths."""
    labels = lab.container(service).labels
    if labels.get("lab.role") == "toolbox":
        return []
    ports = labels.get("lab.listens", "").split()
    return [f"{service}@{port}" for port in ports] or sockets_in(lab, "/run/lab")


def sockets_in(lab: RunningLab, folder: str) -> list[str]:
    """Return the Unix sockets in a folder; wrong variants may have left theirs in folders in it."""
    return lab.run("find", folder, "-maxdepth", "1", "-type", "s").stdout.split()


def attack(lab: RunningLab, service: str, listeners: list[str]) -> None:
    """Throw strings at a service, and fail unless it answers and is as small as after the warm-up."""
    throw(lab, "warm-up", WARM_UP, listeners)
    before = min(held_kib(lab, service) for _ in range(3))  # a thread or child may be about to end
    throw(lab, "attack", STRINGS, listeners)
    lab.wait_until_answers(service)
    wait_until(
        lambda: held_kib(lab, service) <= GROWTH * before,
        awaited=f"{service} to hold no more than {GROWTH:g} times the {before} KiB that it held before",
    )


def throw(lab: RunningLab, seed: str, count: int, listeners: list[str]) -> None:
    finished = lab.run("python3", "-", seed, str(count), *listeners, stdin=PROGRAM)
    assert finished.returncode == 0, f"{listeners}: {finished.stderr}"


def held_kib(lab: RunningLab, service: str) -> int:
    """Return the memory that a service's processes hold for themselves, shared pages counted once.

    The cgroup's own figure is kept in batches for each processor, which is 5 % of a small server,
    and has the kernel's caches in it.
    """
    told = lab.run("sh", "-c", "cat /proc/[0-9]*/smaps_rollup", service=service).stdout
    held = [int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss_Anon:")]
    assert len(held) > 1, told
    return sum(held)
