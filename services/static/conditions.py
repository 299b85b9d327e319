"""Conditions of a request: is the file still the one that the client has? No files here, only fields.

Spec: RFC 9110 sections 8.8 (validators), 13.1 (conditions) and 13.2.2 (in which order they are looked at)
"""

import re
from datetime import UTC, datetime
from email.message import Message
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from os import stat_result
from typing import NamedTuple

ENTITY_TAG = re.compile(r'(W/)?("[!#-~\x80-\xff]*")')


class Validators(NamedTuple):
    """What tells one state of a file from another: a tag that is different for each, and a time."""

    etag: str
    modified: datetime

    @property
    def last_modified(self) -> str:
        """The time as HTTP writes it."""
        return format_datetime(self.modified, usegmt=True)


def validators_of(state: stat_result) -> Validators:
    """Return the validators of a file; its time counts whole seconds, as HTTP's dates do."""
    etag = f'"{state.st_mtime_ns:x}-{state.st_size:x}"'
    return Validators(etag, datetime.fromtimestamp(int(state.st_mtime), UTC))


def status_by_conditions(fields: Message, now: Validators) -> HTTPStatus:
    """Return 200, 304 or 412 for a GET or HEAD of a file that is there.

    A condition on dates is not looked at when there is one on tags, which know more; nor is a date that
    is none. All conditions but the last two are about not overwriting, and come first.
    """
    if "If-Match" in fields:
        if not names_tag(fields, "If-Match", now.etag, weak=False):
            return HTTPStatus.PRECONDITION_FAILED
    elif (since := read_date(fields.get("If-Unmodified-Since", ""))) and now.modified > since:
        return HTTPStatus.PRECONDITION_FAILED
    if "If-None-Match" in fields:
        if names_tag(fields, "If-None-Match", now.etag, weak=True):
            return HTTPStatus.NOT_MODIFIED
    elif (since := read_date(fields.get("If-Modified-Since", ""))) and now.modified <= since:
        return HTTPStatus.NOT_MODIFIED
    return HTTPStatus.OK


def range_counts(fields: Message, now: Validators) -> bool:
    """Return whether Range is to be looked at: If-Range may ask for the whole of a file that has changed."""
    condition = fields.get("If-Range")
    return condition in (None, now.etag, now.last_modified)


def names_tag(fields: Message, name: str, etag: str, *, weak: bool) -> bool:
    """Return whether a list of tags, or `*`, names this one; a weak one only where that will do."""
    text = ",".join(fields.get_all(name, []))
    tags = [(match[1], match[2]) for match in ENTITY_TAG.finditer(text)]
    return text.strip() == "*" or any(tag == etag and (weak or not prefix) for prefix, tag in tags)


def read_date(text: str) -> datetime | None:
    """Return an HTTP date; None when it is none."""
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
