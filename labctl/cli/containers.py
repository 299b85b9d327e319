"""Finding the one container a user means by lab and service."""

from labctl.cli.context import Context
from labctl.engine import Container
from labctl.errors import UnhealthyError
from labctl.features.lifecycle.state import read_state


def running_container(context: Context, lab: str, service: str) -> Container:
    """Return the running container of a service.

    Raises:
        UnhealthyError: there is none.
    """
    for each in read_state(context.engine, lab).of_service(service):
        if each.state == "running":
            return each
    raise UnhealthyError(f"service '{service}' of lab '{lab}' is not running", hint=f"labctl up {lab}")
