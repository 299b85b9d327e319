"""Which step brings a machine nearer to a running Engine: pure, so that every case can be tested."""

from enum import Enum

from labctl.errors import EngineUnavailableError
from labctl.features.provision.packages import ENGINE_PACKAGES, install_command
from labctl.features.provision.ping import Ping
from labctl.features.provision.situation import Situation

BY_HAND = "see https://docs.docker.com/engine/install/"


class Step(Enum):
    """What to do next."""

    NOTHING = "it answers"
    WAIT = "wait for the Engine that is starting"
    START_SERVICE = "start it as the system's service"
    START_DAEMON = "start it ourselves"
    INSTALL = "install it"


def plan_engine(situation: Situation) -> Step:
    """Return the next step.

    Raises:
        EngineUnavailableError: there is none that we can or may take; the hint says who can.
    """
    if situation.ping is Ping.RESPONDS:
        return Step.NOTHING
    if situation.chosen:
        raise EngineUnavailableError(
            f"the Docker Engine that DOCKER_HOST names cannot be used: {situation.ping.value}",
            where=f"DOCKER_HOST={situation.address}",
            hint="unset DOCKER_HOST",
        )
    if situation.ping is Ping.FORBIDDEN:
        raise EngineUnavailableError(
            f"user {situation.user} may not use the Docker Engine",
            where=situation.address,
            hint=f"sudo usermod -aG docker {situation.user} && newgrp docker",
        )
    if situation.alive or situation.ping is Ping.UNRESPONSIVE:
        return Step.WAIT
    if situation.installed:
        return _plan_start(situation)
    return _plan_install(situation)


def _plan_start(situation: Situation) -> Step:
    if situation.root:
        return Step.START_SERVICE if situation.service else Step.START_DAEMON
    raise EngineUnavailableError(
        "the Docker Engine is installed but does not run, and only root may start it",
        where=situation.address,
        hint="sudo systemctl start docker" if situation.service else "sudo service docker start",
    )


def _plan_install(situation: Situation) -> Step:
    if not situation.apt:
        raise EngineUnavailableError("no Docker Engine is installed", hint=BY_HAND)
    if not situation.install_allowed:
        reason = "LABCTL_NO_INSTALL forbids installing one"
    elif not situation.root:
        reason = "only root may install one"
    else:
        return Step.INSTALL
    command = install_command(ENGINE_PACKAGES, sudo=not situation.root)
    raise EngineUnavailableError(f"no Docker Engine is installed, and {reason}", hint=command)
