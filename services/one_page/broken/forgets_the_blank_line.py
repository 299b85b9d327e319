"""Ends its lines with a line feed alone and leaves out the blank line before the page."""

from http import HTTPStatus

from services.one_page import server

render = server.render_response


def render_response(status: HTTPStatus, with_content: bool) -> bytes:
    """Return the response, its lines all of one kind."""
    head, _, content = render(status, with_content).partition(b"\r\n\r\n")
    return head.replace(b"\r\n", b"\n") + b"\n" + content


server.render_response = render_response

if __name__ == "__main__":
    server.main()
