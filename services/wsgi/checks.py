"""What makes a WSGI server right (PEP 3333), shown by the applications of `services/wsgi/apps.py`."""

import hashlib
import random
from http.client import IncompleteRead

from services.checking import Target, check, expect, expect_equal, receive_line, receive_until_eof
from services.checking.web import (
    Answer,
    ask,
    ask_raw,
    expect_both_families,
    expect_endless_headers_refused,
    expect_head_without_content,
    expect_links,
    expect_oversize_body_refused,
    expect_reset_survived,
    expect_slow_clients_delay_nobody,
    expect_status,
    raw_status,
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


@check(needs="environ_is_complete")
def name_with_an_underscore_is_left_out(target: Target) -> None:
    """A header called X_Auth_User does not pass for X-Auth-User, which a proxy may have set."""
    told = _told(ask(target, "/environ", headers={"X-Auth-User": "real", "X_Auth_User": "spoof"}))
    expect_equal(told.get("HTTP_X_AUTH_USER"), "'real'", hint="drop names with _ in them")


@check(needs="environ_is_complete")
def repeated_fields_are_joined(target: Target) -> None:
    """Fields that come twice are one variable: joined by commas, cookies by semicolons."""
    lines = b"X-Two: a\r\nX-Two: b\r\nCookie: c=d\r\nCookie: e=f\r\nProxy: http://evil/\r\n"
    head = b"GET /environ HTTP/1.0\r\nHost: lab.test:80\r\n" + lines + b"\r\n"
    content = ask_raw(target, head).partition(b"\r\n\r\n")[2].decode()
    told = dict(line.partition(" = ")[::2] for line in content.splitlines())
    expect_equal(told.get("HTTP_X_TWO", "").replace(", ", ","), "'a,b'")
    expect_equal(told.get("HTTP_COOKIE"), "'c=d; e=f'", hint="a comma may stand within a cookie")
    expect_equal(told.get("HTTP_PROXY"), None, hint="programs take HTTP_PROXY for a setting of their own")
    expect_equal(told.get("SERVER_NAME"), "'lab.test'", hint="RFC 3875 section 4.1.14")


@check(needs="body_is_in_wsgi_input")
def client_is_told_to_go_on(target: Target) -> None:
    """A client that expects `100 Continue` gets it when the application reads, and sends its body then."""
    head = b"POST /form HTTP/1.1\r\nHost: lab\r\nConnection: close\r\nExpect: 100-continue\r\n"
    head += b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\n"
    with target.connect() as sock:
        sock.sendall(head)
        expect_equal(raw_status(receive_line(sock)), 100, hint="RFC 9110 section 10.1.1")
        expect_equal(receive_line(sock), b"\r\n")
        sock.sendall(b"name=Ana")
        answer = receive_until_eof(sock)
    expect_equal(raw_status(answer), 200)
    expect(b"name = Ana" in answer, expected="name = Ana in the page", got=answer)


@check(needs="body_is_in_wsgi_input", timeout_s=30)
def large_body_arrives(target: Target) -> None:
    """An upload of 8 MiB arrives, with its length said and in chunks."""
    content = random.Random(3333).randbytes(8 * 1024 * 1024)
    digest = hashlib.sha256(content).hexdigest()
    answer = ask(target, "/digest", method="PUT", body=content, timeout_s=20)
    expect(digest in answer.text, expected=f"SHA-256 {digest}", got=answer.text)
    head = b"PUT /digest HTTP/1.1\r\nHost: lab\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunked = ask_raw(target, head + b"%x\r\n%b\r\n0\r\n\r\n" % (len(content), content))
    expect(digest.encode() in chunked, expected=f"SHA-256 {digest}", got=chunked)


@check(needs="root_page_links_the_applications")
def no_content_has_no_length(target: Target) -> None:
    """204 and 304 from an application that returns nothing have no Content-Length."""
    for status in (204, 304):
        answer = ask(target, f"/length?{status}")
        expect_status(answer, status)
        length = answer.headers.get("Content-Length")
        expect_equal((status, length), (status, None), hint="RFC 9110 section 8.6")


@check(needs="root_page_links_the_applications")
def announced_length_is_kept(target: Target) -> None:
    """Of an application that announces 5 octets and returns 10, 5 are sent: more would be the next answer."""
    content = ask_raw(target, b"GET /length?10 HTTP/1.0\r\nHost: lab\r\n\r\n").partition(b"\r\n\r\n")[2]
    expect_equal(content, b"xxxxx")


@check(needs="root_page_links_the_applications")
def half_an_answer_is_no_whole_one(target: Target) -> None:
    """When an application crashes behind its first piece, the client can tell that it has not got all."""
    try:
        whole = ask(target, "/half")
    except (IncompleteRead, ConnectionResetError):
        return
    expect(whole.status == 500, expected="an answer that breaks off", got=f"{whole.status}: {whole.text}")


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
