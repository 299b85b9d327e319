"""One GET of the Engine's API as it is, where the SDK's own method does more, or keeps a connection open."""

from collections.abc import Mapping

import requests
from docker.api.client import APIClient
from docker.errors import create_api_error_from_http_exception


def get(
    client: APIClient, path: str, params: Mapping[str, str | int], *, stream: bool = False
) -> requests.Response:
    """Return the Engine's answer; a streamed one is for a `with`, whose end closes its connection.

    Raises:
        docker.errors.APIError: the Engine refused.
    """
    answer: requests.Response = client.get(
        f"{client.base_url}/v{client.api_version}{path}",
        params=params,
        timeout=client.timeout,
        stream=stream,
    )
    try:
        answer.raise_for_status()
    except requests.exceptions.HTTPError as error:
        raise create_api_error_from_http_exception(error) from error
    return answer
