"""What the README says of the servers and verbs is what there is."""

import re
from pathlib import Path

from labctl.cli.main import VERBS
from labctl.composefile import read_definition
from labctl.model import Service
from services.checking.registry import load_checks

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
DEFINITION = read_definition(ROOT / "compose.yaml", {})


def row(service: Service) -> str:
    """Return the table row of a service; paste what a failing test prints into the README."""
    published = " ".join(f"{port.host_port}/{port.listener.protocol}" for port in service.ports)
    listens = " ".join(map(str, service.listens))
    return f"| `{service.name}` | {listens} | {published} | {service.protocol} | {service.summary} |"


def test_the_table_of_servers_is_that_of_the_compose_file() -> None:
    table = README.partition("<!-- servers: begin")[2].partition("<!-- servers: end")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    assert rows == [row(each) for each in DEFINITION.services.values()]


def test_every_service_says_what_it_is() -> None:
    unsaid = [s.name for s in DEFINITION.services.values() if not s.summary or (s.listens and not s.protocol)]
    assert unsaid == []


def test_every_verb_is_in_the_table_of_verbs() -> None:
    table = README.partition("## The verbs")[2].partition("\n## ")[0]
    assert [verb for verb in VERBS if not re.search(rf"`labctl {verb}\b", table)] == []


def test_every_server_can_be_talked_to_with_a_line_of_the_readme() -> None:
    lines = README.partition("## Talk to each")[2].partition("\n## ")[0]
    names = {each.name: {each.name, *each.aliases} for each in DEFINITION.services.values() if each.listens}
    assert [name for name, known in names.items() if not any(k in lines for k in known)] == []


def test_the_table_of_rows_counts_the_checks_and_names_what_there_is() -> None:
    table = README.partition("<!-- rows: begin")[2].partition("<!-- rows: end")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[3:] if line]
    assert len(rows) >= 23
    programs = {path.stem for path in (ROOT / "services/client/programs").glob("[!_]*.py")}
    counted = set()
    for _, _, servers, clients, checks in rows:
        named = re.findall(r"`([^`]+)`", servers)
        assert sum(len(load_checks(name)) for name in named) == int(checks or 0), servers
        assert set(re.findall(r"`([^`]+)`", clients)) <= programs | {"nc", "python3"}
        counted |= set(named)
    assert counted == DEFINITION.services.keys()
