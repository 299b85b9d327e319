"""The one place that turns the SDK's errors into ours, causes chained."""

from collections.abc import Iterator
from contextlib import contextmanager

import docker.errors
import requests.exceptions
import urllib3.exceptions

from labctl.cancellation import raise_if_cancelled
from labctl.errors import EngineError, EngineUnavailableError

UNAVAILABLE_HINT = "labctl doctor"


def unavailable(error: Exception) -> EngineUnavailableError:
    """Return the error for an Engine that does not answer."""
    return EngineUnavailableError("no Docker Engine answers", log=str(error), hint=UNAVAILABLE_HINT)


@contextmanager
def translated_errors(doing: str, *, even_cancelled: bool = False) -> Iterator[None]:
    """Raise our errors instead of the SDK's, and Cancelled instead of beginning after cancellation.

    Args:
        doing: what is tried, in words.
        even_cancelled: begin even then.
    """
    if not even_cancelled:
        raise_if_cancelled()
    try:
        yield
    except docker.errors.APIError as error:
        said = str(error.explanation or error)
        raise EngineError(f"the Engine could not {doing}", log=said) from error
    except docker.errors.DockerException as error:
        raise unavailable(error) from error
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
        raise unavailable(
            error
        ) from error  # the latter where a stream breaks off, as of a log that is followed
