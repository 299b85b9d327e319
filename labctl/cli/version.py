"""What `labctl --version` prints: which program this is, and what it would work with here."""

from importlib.metadata import version

from labctl.cli.context import Context
from labctl.errors import LabError, shown

ENGINE_TIMEOUT_S = 2


def version_lines(context: Context) -> list[str]:
    """Return the product and its version, the Compose file, and the Engine's version; each in a line.

    Neither a file nor an Engine that is missing is an error here.
    """
    return [
        f"labctl {version('labctl')}: a network-programming lab in containers",
        f"Compose file: {shown(_compose_file(context))}",
        f"Docker Engine: {shown(_engine_version())}",
    ]


def _compose_file(context: Context) -> str:
    try:
        path = context.path
    except LabError as error:
        return f"none ({error.what})"
    except OSError as error:  # the folder we are in was removed
        return f"none (the folder you are in cannot be used: {error.strerror})"
    return str(path) if path.is_file() else f"none ({path} is no file)"


def _engine_version() -> str:
    from labctl.docker_engine import open_engine

    try:
        return open_engine(ENGINE_TIMEOUT_S).ping()
    except LabError:
        return "none that answers (labctl doctor says more)"
