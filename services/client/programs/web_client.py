"""Ask a web server: GET, POST a form, own headers, redirects, error codes, through a proxy.

The same request can be made with the standard library's `urllib.request` or with `requests`. What differs:
for `urllib.request` an error code is an exception (which is the answer as well), for `requests` it is an
answer like any other. Both follow redirects by themselves; here each step is shown.
"""

import argparse
import os
import signal
import sys
from email.message import Message
from http.client import HTTPException
from types import FrameType
from typing import IO, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

SHOWN_OCTETS = 4000
EXAMPLES = """\
examples:
  web_client http://static/
  web_client http://cgi/cgi-bin/form.py --form name=Ana --form topping=cheese
  web_client http://cgi/cgi-bin/environ.py --header 'X-Lab: yes' --with requests
  web_client http://static/ --proxy proxy:3128
"""


class Wanted(NamedTuple):
    """What to ask for, in either library's hands."""

    method: str
    url: str
    headers: dict[str, str]
    form: bytes | None
    proxy: str
    timeout_s: float


class Answer(NamedTuple):
    """What came back, as both libraries tell it."""

    status: int
    reason: str
    headers: dict[str, str]
    content: bytes


class ShownRedirects(HTTPRedirectHandler):
    """Follows redirects as usual, but says so, and goes through the same proxy again."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> Request | None:
        """Return the request to make next."""
        print(f"<- {code} {msg}, so on to {newurl}")
        following = super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]
        if following is not None and req.has_proxy():
            following.set_proxy(req.host, following.type)
        return following


def ask_with_urllib(wanted: Wanted) -> Answer:
    """Make the request with the standard library; return the last answer."""
    request = Request(wanted.url, wanted.form, wanted.headers, method=wanted.method)
    if wanted.proxy:
        request.set_proxy(wanted.proxy, request.type)
    opener = build_opener(ProxyHandler({}), ShownRedirects)  # {}: no proxy that the environment may name
    try:
        answer = opener.open(request, timeout=wanted.timeout_s)
    except HTTPError as error:
        print("   urllib.request raises HTTPError, which is the answer too")
        answer = error
    with answer:
        return Answer(answer.status, answer.reason, dict(answer.headers.items()), answer.read(SHOWN_OCTETS))


def ask_with_requests(wanted: Wanted) -> Answer:
    """Make the request with `requests`; return the last answer."""
    import requests  # not above: it is large, and the other way does without it

    with requests.Session() as session:
        session.trust_env = False
        if wanted.proxy:
            session.proxies = dict.fromkeys(("http", "https"), f"http://{wanted.proxy}")
        answer = session.request(
            wanted.method,
            wanted.url,
            data=wanted.form,
            headers=wanted.headers,
            timeout=wanted.timeout_s,
            allow_redirects=True,
            stream=True,  # read no more than is shown
        )
        for step in answer.history:
            print(f"<- {step.status_code} {step.reason}, so on to {step.headers['Location']}")
        content = next(answer.iter_content(SHOWN_OCTETS), b"")
        return Answer(answer.status_code, answer.reason, dict(answer.headers), content)


def show(answer: Answer) -> None:
    """Print an answer: of its content as much as was read, and what is no text as Python writes it."""
    print(escaped(f"<- {answer.status} {answer.reason}"))
    for name, value in answer.headers.items():
        print(escaped(f"   {name}: {value}"))
    kind = next((value for name, value in answer.headers.items() if name.lower() == "content-type"), "")
    if any(word in kind for word in ("text", "json", "xml")):
        print("\n" + escaped(answer.content.decode(errors="replace").replace("\r\n", "\n")))
    elif answer.content:
        print(f"\n{answer.content[:100]!r}")


def escaped(text: str) -> str:
    """Return a stranger's text with control characters escaped: they could command the terminal."""
    return "".join(each if each.isprintable() or each == "\n" else ascii(each)[1:-1] for each in text)


def parse_arguments() -> tuple[Wanted, str]:
    """Return what the command line asks for, and which library is to ask."""
    parser = argparse.ArgumentParser(
        prog="web_client",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("url")
    parser.add_argument("--form", action="append", metavar="NAME=VALUE", help="POST a form with this field")
    parser.add_argument(
        "--header", action="append", default=[], metavar="'NAME: VALUE'", help="send this header"
    )
    parser.add_argument("--head", action="store_true", help="ask for the headers alone")
    parser.add_argument("--proxy", default="", metavar="HOST:PORT", help="go through this proxy")
    parser.add_argument("--with", dest="library", choices=("urllib", "requests"), default="urllib")
    parser.add_argument("--timeout", type=float, default=5.0, metavar="S", help="patience in seconds (5)")
    asked = parser.parse_args()
    try:
        where = urlsplit(asked.url)
        fine = where.scheme in ("http", "https") and where.hostname and where.port != 0
    except ValueError:  # a port that is no number, for one
        fine = False
    if not fine:
        parser.error(f"{asked.url!r} is no URL of the form http://HOST[:PORT]/PATH")
    if not 0 < asked.timeout <= 3600:
        parser.error("a timeout is above 0 and at most 3600 s")
    if any(":" not in header for header in asked.header) or any(
        "=" not in field for field in asked.form or ()
    ):
        parser.error("a header is 'NAME: VALUE', a form's field is NAME=VALUE")
    headers = {name: value.strip() for name, _, value in (header.partition(":") for header in asked.header)}
    form = None
    if asked.form:
        fields = [field.partition("=")[::2] for field in asked.form]
        form = urlencode(fields, errors="surrogateescape").encode()
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    method = "HEAD" if asked.head else "POST" if form else "GET"
    return Wanted(method, asked.url, headers, form, asked.proxy, asked.timeout), asked.library


def _give_up(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError("no complete answer in time")


def root_of(error: BaseException) -> BaseException:
    """Return the operating system's error that led to this one: both libraries wrap it, some times over."""
    root = error
    while error.__context__ is not None:
        error = error.__context__
        root = error if isinstance(error, OSError) else root
    return root


def main() -> None:
    """Ask, and say in one line what went wrong if something did."""
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    wanted, library = parse_arguments()
    # A library's timeout bounds the wait for each piece of an answer; this bounds all of it.
    signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, 2 * wanted.timeout_s)
    print(f"-> {wanted.method} {wanted.url}" + (f" through {wanted.proxy}" if wanted.proxy else ""))
    for name, value in wanted.headers.items():
        print(f"   {name}: {value}")
    if wanted.form:
        print(f"\n   {wanted.form.decode()}")
    try:
        show(ask_with_requests(wanted) if library == "requests" else ask_with_urllib(wanted))
    except BrokenPipeError:  # who reads our output has read enough (`| head`), or the server has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit("web_client: the other side has stopped reading")
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(root_of(error), "strerror", None) or root_of(error)
        sys.exit(f"web_client: no answer from {wanted.url}: {reason}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
