"""A learner writes a Compose file into a home that is a folder of the host; labctl is typed there."""

import os
import subprocess
from pathlib import Path

import docker

from tests.integration.labs import LABCTL, labctl

LEARNER = 1000
HOSTILE = """
services:
  client:
    image: labctl/client
    user: root
    cap_add: [SYS_ADMIN]
    volumes: ["/etc:/home/student/etc"]
    labels: {lab.role: toolbox, lab.work: /home/student}
"""


def toolbox_of(lab: str) -> str:
    return str(docker.from_env().containers.get(f"lab-{lab}-client-1").id)


def labctl_in(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(LABCTL), *words], cwd=folder, capture_output=True, text=True, check=False)


def test_a_compose_file_in_a_learners_home_recreates_nothing(own_lab: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    finished = labctl("up", own_lab, "--service", "echo", "--work", str(home))
    assert finished.returncode == 0, finished.stderr
    before = toolbox_of(own_lab)
    (home / "compose.yaml").write_text(HOSTILE)
    if os.geteuid() == 0:
        os.chown(home / "compose.yaml", LEARNER, LEARNER)

    for words in (["up", own_lab], ["reset", own_lab, "--hard"], ["check", own_lab]):
        finished = labctl_in(home, *words)
        assert finished.returncode == 2, finished.stderr
        assert f"{home}/compose.yaml is not taken" in finished.stderr
        assert finished.stderr.count("\n") == 1
    named = labctl_in(home, "-f", "compose.yaml", "up", own_lab)
    assert named.returncode == 2
    for asked in ("/etc", "user root", "capability SYS_ADMIN"):
        assert asked in named.stderr
    assert toolbox_of(own_lab) == before
