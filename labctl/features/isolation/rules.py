"""Which rules isolate the labs, and what is to be done where they are missing: text in, text out.

A host may have two sets of tables side by side, nft's and the legacy ones, each with programs of its own.
Ours go where the Engine's are, else an order between its rules and ours would not exist.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from labctl.features.lifecycle.lab import BRIDGE_PREFIX

FAMILIES = {"IPv4": "iptables", "IPv6": "ip6tables"}
BACKENDS = ("-nft", "-legacy", "")  # ends of a program's name; the last one on distributions with one set
ENGINE_CHAINS = ("DOCKER-USER", "DOCKER")
FORWARD = "FORWARD"
USER_CHAIN = "DOCKER-USER"  # where the Engine leaves room before its own rules, and puts nothing itself

TO_HOST = "LABCTL-INPUT"
ROUTED = "LABCTL-FORWARD"
_FROM_A_LAB = f"-i {BRIDGE_PREFIX}+"
_WITHIN_A_LAB = f"{_FROM_A_LAB} -m physdev --physdev-is-bridged"
# The kernel's table of connections is one for the host and all labs; with 262,144 places, as is usual, and up
# to two minutes for each, one container must not take more than some 500 a second. No check comes near.
_FLOOD = (
    f"{_WITHIN_A_LAB} -m conntrack --ctstate NEW -m hashlimit --hashlimit-above 500/sec"
    " --hashlimit-burst 10000 --hashlimit-mode srcip --hashlimit-name labctl -j DROP"
)
RULES: Mapping[str, tuple[str, ...]] = {
    # Answers pass: the host asks the labs, for published ports. So does neighbour discovery, which the
    # kernel does not track.
    TO_HOST: (f"{_FROM_A_LAB} -m conntrack --ctstate INVALID,NEW -j DROP",),
    # Where the kernel filters bridged frames too, a lab's own traffic comes by here and must pass. The
    # Engine would drop some of it: broadcasts to 255.255.255.255 and multicasts of an internal network.
    # What is left is on its way out of the lab, and passes only as an answer to a host outside.
    ROUTED: (
        _FLOOD,
        f"{_WITHIN_A_LAB} -j ACCEPT",
        f"{_FROM_A_LAB} -m conntrack ! --ctstate RELATED,ESTABLISHED -j DROP",
    ),
}
OPTIONAL_RULES = (_FLOOD,)  # a kernel without this match can still isolate labs

# Reads all there is, changes nothing. Plain `iptables` is only asked where it is the only one.
SURVEY = """
for family in iptables ip6tables; do
    seen=
    for program in $family-nft $family-legacy $family; do
        [ "$program$seen" != "${family}yes" ] && command -v "$program-save" >/dev/null || continue
        seen=yes
        echo "## $program"
        "$program-save" 2>&1
    done
done
"""
_HEADING = "## "
_TABLE = "*filter"

Chains = Mapping[str, tuple[str, ...]]  # name -> its rules, in their order


@dataclass(frozen=True)
class Repair:
    """What isolates labs in one family: the program, without `-restore`, and its input."""

    family: str
    program: str
    rules: str


def parse_survey(text: str) -> dict[str, Chains]:
    """Return the filter table of each program that the survey's output names."""
    tables: dict[str, dict[str, tuple[str, ...]]] = {}
    chains: dict[str, tuple[str, ...]] = {}
    table = ""
    for line in text.splitlines():
        if line.startswith(_HEADING):
            chains = tables.setdefault(line.removeprefix(_HEADING), {})
            table = ""
        elif line.startswith("*"):
            table = line
        elif table == _TABLE and line.startswith(":"):
            chains.setdefault(line[1:].split()[0], ())
        elif table == _TABLE and line.startswith("-A "):
            _, name, rule = line.split(maxsplit=2)
            chains[name] = (*chains.get(name, ()), rule)
    return dict(tables)


def has_engine(tables: Mapping[str, Chains]) -> bool:
    """Tell whether the Engine's chains are among these: whether this is the firewall it uses."""
    return any(name in chains for chains in tables.values() for name in ENGINE_CHAINS)


def plan_repairs(tables: Mapping[str, Chains], *, optional: bool = True) -> list[Repair]:
    """Return what is to be done to isolate the labs: at most one repair a family, none if all is well.

    Args:
        tables: as `parse_survey` returns them; at least one program for each family.
        optional: whether to ask for the rules too without which labs are isolated as well.
    """
    backend = _choose_backend(tables)
    repairs = []
    for family, name in FAMILIES.items():
        chains = tables.get(f"{name}{backend}", {})
        jumps = {"INPUT": TO_HOST, _hook(chains): ROUTED}
        if not _is_shut(chains, jumps, optional):
            repairs.append(Repair(family, f"{name}{backend}", _restore_text(chains, jumps, optional)))
    return repairs


def _choose_backend(tables: Mapping[str, Chains]) -> str:
    present = [end for end in BACKENDS if any(f"{name}{end}" in tables for name in FAMILIES.values())]
    for end in present:
        if has_engine({name: tables.get(f"{name}{end}", {}) for name in FAMILIES.values()}):
            return end
    return present[0] if present else ""


def _hook(chains: Chains) -> str:
    """Return the chain from which ours for routed packets is entered.

    The Engine puts rules of its own at the top of FORWARD, now and later, but leaves DOCKER-USER above
    them. Before version 27 it has none for IPv6, and no other rules of that family either.
    """
    entered = f"-j {USER_CHAIN}" in chains.get(FORWARD, ())
    return USER_CHAIN if entered else FORWARD


def _is_shut(chains: Chains, jumps: Mapping[str, str], optional: bool) -> bool:
    for entrance, chain in jumps.items():
        if chains.get(entrance, ())[:1] != (f"-j {chain}",):
            return False
        present = [_normal(rule) for rule in chains.get(chain, ())]
        enough = {True, optional}  # all of them always are
        if not any(present == [_normal(rule) for rule in _rules(chain, each)] for each in enough):
            return False
    return True


def _rules(chain: str, optional: bool) -> list[str]:
    return [rule for rule in RULES[chain] if optional or rule not in OPTIONAL_RULES]


def _normal(rule: str) -> list[str]:
    """Return a rule's words; versions differ in the order of a list such as `NEW,INVALID`."""
    return [",".join(sorted(word.split(","))) for word in rule.split()]


def _restore_text(chains: Chains, jumps: Mapping[str, str], optional: bool) -> str:
    """Return the input for `PROGRAM-restore --noflush`, which the kernel takes whole or not at all."""
    lines = [_TABLE]
    lines += [f":{chain} - [0:0]" for chain in RULES]  # makes it, or empties it
    lines += [f"-A {chain} {rule}" for chain in RULES for rule in _rules(chain, optional)]
    for entrance, chain in jumps.items():
        old = [rule for rule in chains.get(entrance, ()) if rule == f"-j {chain}"]
        lines += [f"-D {entrance} -j {chain}" for _ in old]
        lines.append(f"-I {entrance} 1 -j {chain}")
    return "\n".join([*lines, "COMMIT", ""])


def complaints(output: str) -> str:
    """Return what the programs said that is no rule: why they could not do it."""
    return "\n".join(line for line in output.splitlines() if not re.match(r"[#:*]|-A |COMMIT|$", line))


def families(repairs: Iterable[Repair]) -> str:
    """Return the families that repairs are for, as a person reads it."""
    return " and ".join(each.family for each in repairs)
