"""Ask a web server: GET, POST a form, own headers, redirects, error codes, through a proxy.

The same request can be made with the standard library's `urllib.request` or with `requests`. What differs:
for `urllib.request` an error code is an exception (which is the answer as well), for `requests` it is an
answer like any other. Both follow redirects by themselves; here each step is shown.
"""

import argparse
import signal
import sys
from collections.abc import Iterable
from email.message import Message
from http.client import HTTPException
from types import FrameType
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

SHOWN_OCTETS = 4000
EXAMPLES = """\
examples:
  web_client http://static/
  web_client http://cgi/cgi-bin/form.py --form name=Ana --form topping=cheese
  web_client http://cgi/cgi-bin/environ.py --header 'X-Lab: yes' --with requests
  web_client http://static/ --proxy proxy:3128
"""


class ShownRedirects(HTTPRedirectHandler):
    """Follows redirects as usual, says so, and goes through the same proxy again."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> Request | None:
        """Return the request to make next."""
        print(f"<- {code} {msg}, so on to {newurl}")
        following = super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]
        if following is not None and req.has_proxy():
            following.set_proxy(req.host, following.type)
        return following


def ask_with_urllib(options: argparse.Namespace, headers: dict[str, str], form: bytes | None) -> None:
    """Make the request with the standard library, and show the answer."""
    request = Request(options.url, data=form, headers=headers, method="HEAD" if options.head else None)
    if options.proxy:
        request.set_proxy(options.proxy, request.type)
    opener = build_opener(ProxyHandler({}), ShownRedirects)  # {}: nothing from the environment
    try:
        answer = opener.open(request, timeout=options.timeout)
    except HTTPError as error:
        print(f"urllib.request raises {type(error).__name__}, which is the answer too")
        answer = error
    with answer:
        show(answer.status, answer.reason, answer.headers.items(), answer.read(SHOWN_OCTETS))


def ask_with_requests(options: argparse.Namespace, headers: dict[str, str], form: bytes | None) -> None:
    """Make the request with `requests`, and show the answer."""
    import requests  # here, because the other way must work without it

    session = requests.Session()
    session.trust_env = False
    if options.proxy:
        session.proxies = {"http": f"http://{options.proxy}", "https": f"http://{options.proxy}"}
    method = "HEAD" if options.head else "POST" if form is not None else "GET"
    if form is not None:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | headers
    try:
        answer = session.request(
            method, options.url, data=form, headers=headers, timeout=options.timeout, allow_redirects=True, stream=True
        )
        for step in answer.history:
            print(f"<- {step.status_code} {step.reason}, so on to {step.headers['Location']}")
        content = next(answer.iter_content(SHOWN_OCTETS), b"")
    except requests.RequestException as error:
        raise OSError(_innermost(error)) from error
    show(answer.status_code, answer.reason, answer.headers.items(), content)


def _innermost(error: BaseException) -> str:
    """Return what was wrong in the first place: `requests` wraps an error several times."""
    while isinstance(getattr(error, "reason", None) or next(iter(error.args), None), BaseException):
        error = getattr(error, "reason", None) or error.args[0]
    return str(error.args[-1] if error.args else error)


def show(status: int, reason: str, headers: Iterable[tuple[str, str]], content: bytes) -> None:
    """Print an answer; what is no text is shown as Python writes it."""
    print(f"<- {status} {reason}")
    for name, value in headers:
        print(f"   {name}: {value}")
    print()
    try:
        print("".join(each if each.isprintable() or each in "\n\t" else repr(each)[1:-1] for each in content.decode()))
    except UnicodeDecodeError:
        print(repr(content[:200]))
