"""Splits the request line at blanks, however many there are, and makes up what is missing."""

from services.http import server
from services.web import handler
from services.web.head import RequestLine


def parse_request_line(line: str) -> RequestLine:
    """Return three words, whatever they are."""
    words = [*line.split(), "GET", "/", ""]
    version = words[2] if words[2] in ("HTTP/1.0", "HTTP/1.1") else "HTTP/1.0"
    return RequestLine(words[0], words[1], version)


def check_target(request: RequestLine) -> tuple[str, str]:
    """Take any target for a path."""
    return request.target, ""


vars(handler)["parse_request_line"] = parse_request_line
vars(handler)["check_target"] = check_target


if __name__ == "__main__":
    server.main()
