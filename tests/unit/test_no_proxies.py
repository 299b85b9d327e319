"""No container of the lab inherits a proxy that the Docker CLI's config.json names."""

from pathlib import Path

import yaml

COMPOSE_FILE = Path(__file__).parents[2] / "compose.yaml"
NAMES = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy")


def test_every_service_empties_every_proxy_variable() -> None:
    services = yaml.safe_load(COMPOSE_FILE.read_text())["services"]
    assert services
    wanted = {spelt for name in NAMES for spelt in (name, name.upper())}
    for name, service in services.items():
        emptied = {key for key, value in service["environment"].items() if value == ""}
        assert wanted <= emptied, name
