"""Does not look at the request: whatever comes gets the page, a HEAD and a DELETE as well."""

from http import HTTPStatus

from services.one_page import server


def judge(head: bytes) -> tuple[HTTPStatus, bool]:
    """Find nothing wrong with anything."""
    return HTTPStatus.OK, True


server.judge = judge

if __name__ == "__main__":
    server.main()
