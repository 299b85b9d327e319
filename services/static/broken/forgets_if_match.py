"""Looks at the conditions that save a transfer, not at those that protect a file."""

from email.message import Message
from http import HTTPStatus

from services.static import conditions, server
from services.static.conditions import Validators

plain = conditions.status_by_conditions


def status_by_conditions(fields: Message, now: Validators) -> HTTPStatus:
    """Return 200 where it should be 412."""
    status = plain(fields, now)
    return HTTPStatus.OK if status == HTTPStatus.PRECONDITION_FAILED else status


vars(server)["status_by_conditions"] = status_by_conditions


if __name__ == "__main__":
    server.main()
