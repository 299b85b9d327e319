"""What `labctl config` prints is a Compose file that means the same."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from labctl.cli.main import main
from labctl.composefile import read_definition
from labctl.composefile.render import as_compose, render_compose
from labctl.model import Definition

ROOT = Path(__file__).parents[3]
EVERYTHING = r"""
name: course
services:
  web:
    image: web:1
    build: {context: ./img, dockerfile: D, target: t, args: {A: "$$x", B: "1"}}
    command: [a, "b c", "", "$$HOME"]
    entrypoint: []
    environment: {N: "1", W: "yes", M: "a\nb", D: "$$"}
    user: "1000:1000"
    working_dir: /w
    hostname: web.lab
    read_only: true
    init: true
    stop_signal: SIGINT
    stop_grace_period: 1.5s
    labels: {lab.listens: 7/tcp 8/udp, x: "no"}
    sysctls: {net.ipv4.ip_forward: 1}
    networks: {default: {aliases: [www, w]}}
    ports: ["127.0.0.1:8000-8001:80-81/tcp", "[::1]:53:53/udp"]
    volumes: ["work:/home/x", "./files:/f:ro", {type: tmpfs, target: /t, tmpfs: {size: 1m}}]
    tmpfs: [/tmp, "/run:size=1m,mode=1777"]
    cap_add: [NET_RAW]
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    mem_limit: 64m
    pids_limit: 10
    cpus: 0.5
    shm_size: 8m
    ulimits: {nofile: 100, core: {soft: 0, hard: 10}}
    dns: [127.0.0.1]
    dns_opt: ["ndots:0"]
    extra_hosts: ["h:127.0.0.2", "six:::1"]
    logging: {driver: local, options: {max-size: 1m}}
    healthcheck: {test: [CMD, x, "$$y"], interval: 5m, timeout: 200ms, start_period: 1s, retries: 2}
    restart: on-failure:3
    depends_on:
      db: {condition: service_healthy}
      job: {condition: service_completed_successfully, required: false}
  db: {image: db, healthcheck: {test: exit 0}, profiles: [a, b.c], restart: "no"}
  job:
    image: job
    healthcheck: {disable: true}
    restart: always
    networks: {back: {aliases: [j]}, other: null}
networks:
  back: {enable_ipv6: true}
  other:
  default:
    internal: true
    enable_ipv6: true
    driver_opts: {a: "b"}
    labels: {l: m}
    ipam: {config: [{subnet: 10.1.0.0/24}, {subnet: "fd00::/64"}]}
volumes:
  work:
  other: {driver: nfs, driver_opts: {type: tmpfs}, labels: {k: v}}
"""


def without_lines(definition: Definition) -> Definition:
    services = {name: replace(each, line=0) for name, each in definition.services.items()}
    return replace(definition, path=Path(), services=services)


@pytest.mark.parametrize("text", [EVERYTHING, (ROOT / "compose.yaml").read_text()], ids=["every key", "ours"])
def test_what_is_rendered_reads_as_what_was_read(text: str, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(text)
    first = read_definition(tmp_path / "compose.yaml", {})
    for rendered in (render_compose(first), json.dumps(as_compose(first))):
        (tmp_path / "again.yaml").write_text(rendered)
        assert without_lines(read_definition(tmp_path / "again.yaml", {})) == without_lines(first)


def test_every_key_of_a_service_is_in_the_sample(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(EVERYTHING)
    services = read_definition(tmp_path / "compose.yaml", {}).services
    usual = {"name", "line", "env_files"}  # the names of env_files are gone, their variables are there
    for key, value in vars(type(services["web"])("", "", 0)).items():
        assert key in usual or any(getattr(each, key) != value for each in services.values()), key


def test_config_prints_the_file_even_if_it_exceeds_the_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "compose.yaml").write_text("services: {web: {image: '${I:-web}', user: root}}\n")
    assert main(["-f", str(tmp_path / "compose.yaml"), "config", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["services"] == {"web": {"image": "web", "user": "root"}}
    assert main(["-f", str(tmp_path / "compose.yaml"), "config"]) == 0
    assert "image: web\n" in capsys.readouterr().out
