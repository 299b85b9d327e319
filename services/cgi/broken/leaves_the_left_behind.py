"""Ends a script's session and takes that for all that the script has started."""

from services.cgi import processes, server


def end_what_is_left(mark: str) -> None:
    """Think that nothing is."""


processes.end_what_is_left = end_what_is_left

if __name__ == "__main__":
    server.main()
