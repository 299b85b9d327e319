"""Counts the characters of its page, not the octets: the end of the page is cut off."""

import re
from http import HTTPStatus

from services.one_page import server

render = server.render_response


def render_response(status: HTTPStatus, with_content: bool) -> bytes:
    """Return the response with another idea of its length."""
    length = b"Content-Length: %d" % len(server.PAGE)
    return re.sub(rb"Content-Length: \d+", length, render(status, with_content))


server.render_response = render_response

if __name__ == "__main__":
    server.main()
