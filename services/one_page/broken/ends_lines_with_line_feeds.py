r"""Ends its lines with `\n` alone: browsers put up with it, the protocol says CRLF."""

from http import HTTPStatus

from services.one_page import server

render = server.render_response


def render_response(status: HTTPStatus, with_content: bool) -> bytes:
    """Return the response as Python's print would write it."""
    return render(status, with_content).replace(b"\r\n", b"\n")


server.render_response = render_response

if __name__ == "__main__":
    server.main()
