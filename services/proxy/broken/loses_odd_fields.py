"""Passes over field lines that it does not understand, both ways, as the library's reader does."""

from services.proxy import server
from services.web import RefusedError, head

strict = head.parse_field_line


def parse_field_line(line: str) -> tuple[str, str]:
    """Return name and value, or something harmless."""
    try:
        return strict(line)
    except RefusedError:
        return "X-Odd", ""


vars(head)["parse_field_line"] = parse_field_line

if __name__ == "__main__":
    server.main()
