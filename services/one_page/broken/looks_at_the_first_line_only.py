"""Looks at the request line, and takes whatever stands below it."""

from services.one_page import server


def field_names(rest: bytes) -> list[bytes]:
    """Believe that there is a Host, and nothing that is none."""
    return [b"host"]


server.field_names = field_names

if __name__ == "__main__":
    server.main()
