"""What makes a WSGI server right (PEP 3333), shown by the applications of `services/wsgi/apps.py`."""

from services.checking import Target, check, expect, expect_equal
from services.checking.web import (
    Answer,
    ask,
    expect_both_families,
    expect_endless_headers_refused,
    expect_head_without_content,
    expect_links,
    expect_oversize_body_refused,
    expect_reset_survived,
    expect_slow_clients_delay_nobody,
    expect_status,
)

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
APPS = ("/hello", "/jalapeno", "/environ", "/form", "/count", "/demo", "/crash", "/invalid")


def _told(answer: Answer) -> dict[str, str]:
    """Return the `environ` that its application shows, values as Python writes them."""
    expect_status(answer, 200)
    return dict(line.partition(" = ")[::2] for line in answer.text.splitlines())


@check()
def root_page_links_the_applications(target: Target) -> None:
    """The root page links every application."""
    answer = ask(target)
    expect_status(answer, 200)
    expect_links(answer, APPS)


@check(needs="root_page_links_the_applications")
def head_gets_headers_only(target: Target) -> None:
    """HEAD gets no content, whatever the application returns."""
    expect_head_without_content(target)
    expect_head_without_content(target, "/count")


@check(needs="root_page_links_the_applications")
def hello_shows_the_path(target: Target) -> None:
    """The hello application shows PATH_INFO, as the client wrote it in UTF-8."""
    for path, shown in (("/hello/to/you", "/to/you"), ("/hello/jalape%C3%B1o", "/jalape\u00f1o")):
        answer = ask(target, path)
        expect_status(answer, 200)
        expect(f"asked for {shown}" in answer.text, expected=f"asked for {shown}", got=answer.text)


@check(needs="root_page_links_the_applications")
def path_is_split_at_the_mount(target: Target) -> None:
    """SCRIPT_NAME is where the application is mounted, PATH_INFO the rest, QUERY_STRING what follows `?`."""
    told = _told(ask(target, "/environ/some%20path?key=%26"))
    expect_equal(told.get("SCRIPT_NAME"), "'/environ'")
    expect_equal(told.get("PATH_INFO"), "'/some path'")
    expect_equal(told.get("QUERY_STRING"), "'key=%26'", hint="the query is not decoded")


@check(needs="root_page_links_the_applications")
def prefix_is_whole_segments(target: Target) -> None:
    """A path that only begins like a mounted one, or has no application at all, is 404."""
    expect_status(ask(target, "/helloworld"), 404)
    expect_status(ask(target, "/nosuch"), 404)


@check(needs="root_page_links_the_applications")
def environ_is_complete(target: Target) -> None:
    """`environ` holds the request, its headers, and the `wsgi.` keys that PEP 3333 asks for."""
    told = _told(ask(target, "/environ", headers={"X-Lab-Test": "yes"}))
    expect_equal(told.get("REQUEST_METHOD"), "'GET'")
    expect_equal(told.get("HTTP_X_LAB_TEST"), "'yes'")
    expect_equal(told.get("wsgi.version"), "(1, 0)")
    expect_equal(told.get("wsgi.url_scheme"), "'http'")
    asked_for = {"SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "REMOTE_ADDR", "wsgi.input", "wsgi.errors"}
    asked_for |= {"wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once"}
    expect(asked_for <= told.keys(), expected=f"{sorted(asked_for)} in environ", got=sorted(told))


@check(needs="root_page_links_the_applications")
def letters_outside_ascii_are_octets(target: Target) -> None:
    """A page with a jalape\u00f1o arrives as UTF-8, and its header says so."""
    answer = ask(target, "/jalapeno")
    expect_status(answer, 200)
    expect_equal((answer.headers.get_content_charset() or "").lower(), "utf-8")
    expect("jalape\u00f1o".encode() in answer.content, expected="jalape\u00f1o in UTF-8", got=answer.content)


@check(needs="root_page_links_the_applications")
def body_is_in_wsgi_input(target: Target) -> None:
    """An application reads a form's body from `wsgi.input`, CONTENT_LENGTH octets of it."""
    answer = ask(target, "/form", method="POST", body=b"name=%3Cb%3EAna&x=jalape%C3%B1o", headers=FORM)
    expect_status(answer, 200)
    for shown in ("name = &lt;b&gt;Ana", "x = jalape\u00f1o"):
        expect(shown in answer.text, expected=f"{shown} in the page", got=answer.text)


@check(needs="root_page_links_the_applications")
def pieces_arrive_in_order(target: Target) -> None:
    """An application that yields its content in pieces is sent whole and in order."""
    answer = ask(target, "/count")
    expect_status(answer, 200)
    expect_equal(answer.text.split(), [str(number) for number in range(1, 11)])


@check(needs="root_page_links_the_applications")
def any_application_can_be_mounted(target: Target) -> None:
    """The standard library's demonstration application runs here, unchanged."""
    answer = ask(target, "/demo")
    expect_status(answer, 200)
    expect(answer.text.startswith("Hello world!"), expected="Hello world!", got=answer.text)


@check(needs="root_page_links_the_applications")
def crash_is_500_without_secrets(target: Target) -> None:
    """An application's crash is 500, shows no traceback, and the server goes on."""
    answer = ask(target, "/crash")
    expect_status(answer, 500)
    for secret in ("Traceback", "RuntimeError", ".py"):
        expect(secret not in answer.text, expected=f"no {secret!r} in the page", got=answer.text)
    expect_status(ask(target, "/hello"), 200)


@check(needs="root_page_links_the_applications")
def broken_convention_is_found_out(target: Target) -> None:
    """An application that returns text in place of bytes is found out: 500, and none of the text is sent."""
    answer = ask(target, "/invalid")
    expect_status(answer, 500, hint="wrap the application in wsgiref.validate.validator")
    expect("not octets" not in answer.text, expected="none of the application's text", got=answer.text)


@check(needs="root_page_links_the_applications")
def endless_headers_are_refused(target: Target) -> None:
    """80 KiB of headers are refused with 431 or 400, and the next client is served."""
    expect_endless_headers_refused(target)


@check(needs="root_page_links_the_applications")
def oversize_body_is_413(target: Target) -> None:
    """A body of 100 MiB is refused with 413 before it is sent."""
    expect_oversize_body_refused(target, "/form")


@check(needs="root_page_links_the_applications")
def slow_clients_delay_nobody(target: Target) -> None:
    """Twenty clients in the middle of their requests do not keep another one waiting."""
    expect_slow_clients_delay_nobody(target)


@check(needs="root_page_links_the_applications")
def survives_a_reset(target: Target) -> None:
    """A client that resets its connection in the middle harms nobody else."""
    expect_reset_survived(target)


@check(needs="root_page_links_the_applications")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The server answers over IPv4 and over IPv6."""
    expect_both_families(target)
