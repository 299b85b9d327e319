"""See to it that a Docker Engine answers: use it, wait for it, start it or install it."""

from collections.abc import Mapping

from labctl.engine import Progress
from labctl.errors import EngineUnavailableError
from labctl.features.provision.daemon import start_daemon, start_service, wait_for_daemon
from labctl.features.provision.lock import only_one
from labctl.features.provision.packages import ENGINE_PACKAGES, OPTIONAL_ENGINE_PACKAGES, install
from labctl.features.provision.paths import EnginePaths
from labctl.features.provision.ping import Ping, ping
from labctl.features.provision.plan import Step, plan_engine
from labctl.features.provision.situation import engine_address, read_situation


def ensure_engine(progress: Progress, environ: Mapping[str, str], paths: EnginePaths | None = None) -> None:
    """Return once an Engine answers; at once, a few milliseconds, when one does already.

    Args:
        progress: called with each step.
        environ: DOCKER_HOST names an Engine that is used but never started or installed,
            LABCTL_NO_INSTALL forbids installing.
        paths: where the Engine lives.

    Raises:
        EngineUnavailableError: none answers and none can be brought to.
    """
    paths = paths or EnginePaths()
    if ping(engine_address(environ, paths)) is Ping.RESPONDS:
        return
    with only_one(progress):
        taken: list[Step] = []
        while (step := plan_engine(read_situation(paths, environ))) is not Step.NOTHING:
            if step in taken:  # it seemed to help and did not
                raise EngineUnavailableError(
                    f"no Docker Engine answers, though this was done: {step.value}",
                    where=paths.address,
                    hint="labctl doctor",
                )
            taken.append(step)
            _take(step, paths, progress)


def _take(step: Step, paths: EnginePaths, progress: Progress) -> None:
    match step:
        case Step.INSTALL:
            progress("no Docker Engine is installed: installing the distribution's (about 1 minute)")
            install(ENGINE_PACKAGES, progress, optional=OPTIONAL_ENGINE_PACKAGES)
        case Step.START_SERVICE:
            start_service(paths, progress)
        case Step.START_DAEMON:
            start_daemon(paths, progress)
        case Step.WAIT:
            wait_for_daemon(paths, progress)
        case Step.NOTHING:
            pass
