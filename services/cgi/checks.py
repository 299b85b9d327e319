"""What makes a CGI server right (RFC 3875), shown by the scripts of `services/cgi/cgi_bin`."""

import hashlib
import ipaddress
import random
import threading
import time

from services.checking import Target, check, expect, expect_equal
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

SCRIPTS = (
    "form.py",
    "upload.py",
    "cookie.py",
    "hello.sh",
    "hello.pl",
    "crash.py",
    "noheader.py",
    "forever.py",
)
ENDLESS_S = 12.0  # a script that never ends must be cut off before that
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _told(answer: Answer) -> dict[str, str]:
    """Return the environment that `environ.py` shows."""
    expect_status(answer, 200)
    lines = answer.text.partition("\n\n")[0].splitlines()
    return dict(line.partition("=")[::2] for line in lines)


@check()
def root_page_links_the_scripts(target: Target) -> None:
    """The root page links every script."""
    answer = ask(target)
    expect_status(answer, 200)
    expect_links(answer, [f"/cgi-bin/{name}" for name in SCRIPTS])


@check(needs="root_page_links_the_scripts")
def head_gets_headers_only(target: Target) -> None:
    """HEAD gets no content, of the root page or of a script's."""
    expect_head_without_content(target)
    expect_head_without_content(target, "/cgi-bin/hello.sh")


@check(needs="root_page_links_the_scripts")
def script_is_told_the_path_in_parts(target: Target) -> None:
    """SCRIPT_NAME, PATH_INFO (decoded) and QUERY_STRING (as it came) are the parts of what was asked for."""
    told = _told(ask(target, "/cgi-bin/environ.py/some%20path/x?key=value&other=%26"))
    expect_equal(told.get("SCRIPT_NAME"), "/cgi-bin/environ.py")
    expect_equal(told.get("PATH_INFO"), "/some path/x", hint="decode PATH_INFO (RFC 3875 section 4.1.5)")
    expect_equal(told.get("QUERY_STRING"), "key=value&other=%26", hint="leave the query alone (4.1.7)")
    expect_equal(_told(ask(target, "/cgi-bin/environ.py")).get("QUERY_STRING"), "", hint="it is always set")


@check(needs="root_page_links_the_scripts")
def script_is_told_the_request(target: Target) -> None:
    """Method, protocol, gateway, server and client are in the environment."""
    told = _told(ask(target, "/cgi-bin/environ.py"))
    expect_equal(told.get("REQUEST_METHOD"), "GET")
    expect_equal(told.get("GATEWAY_INTERFACE"), "CGI/1.1")
    expect_equal(told.get("SERVER_PROTOCOL"), "HTTP/1.1")
    expect_equal(told.get("SERVER_PORT"), str(target.port))
    for name in ("SERVER_NAME", "SERVER_SOFTWARE"):
        expect(told.get(name), expected=f"{name} in the environment", got=sorted(told))
    try:
        ipaddress.ip_address(told.get("REMOTE_ADDR", ""))
    except ValueError:
        expect(False, expected="REMOTE_ADDR, an address", got=told.get("REMOTE_ADDR"))


@check(needs="root_page_links_the_scripts")
def headers_become_variables(target: Target) -> None:
    """A header becomes HTTP_ and its name, but Proxy does not become HTTP_PROXY."""
    headers = {"Cookie": "a=b", "X-Lab-Test": "yes", "Proxy": "http://evil/"}
    told = _told(ask(target, "/cgi-bin/environ.py", headers=headers))
    expect_equal(told.get("HTTP_COOKIE"), "a=b")
    expect_equal(told.get("HTTP_X_LAB_TEST"), "yes")
    expect_equal(told.get("HTTP_PROXY"), None, hint="programs take HTTP_PROXY for a setting of their own")


@check(needs="root_page_links_the_scripts")
def repeated_fields_are_joined(target: Target) -> None:
    """Fields that come twice are one variable, cookies joined by semicolons; names with `_` are left out."""
    lines = b"X-Two: a\r\nX-Two: b\r\nCookie: c=d\r\nCookie: e=f\r\nX_Two: spoof\r\n"
    head = b"GET /cgi-bin/environ.py HTTP/1.0\r\nHost: lab.test:80\r\n" + lines + b"\r\n"
    told = dict(line.partition("=")[::2] for line in ask_raw(target, head).decode().splitlines())
    expect_equal(told.get("HTTP_X_TWO", "").replace(", ", ","), "a,b", hint="RFC 3875 section 4.1.18")
    expect_equal(told.get("HTTP_COOKIE"), "c=d; e=f", hint="a comma may stand within a cookie")
    expect_equal(told.get("SERVER_NAME"), "lab.test", hint="RFC 3875 section 4.1.14")


@check(needs="root_page_links_the_scripts")
def what_a_script_leaves_behind_is_ended(target: Target) -> None:
    """A process that a script leaves behind in another session neither delays the answer nor goes on."""
    began = time.monotonic()
    answer = ask(target, "/cgi-bin/leaves.sh", timeout_s=ENDLESS_S)
    expect_status(answer, 200)
    expect("left process" in answer.text, expected="what the script has written", got=answer.text)
    took_s = time.monotonic() - began
    expect(took_s < 4, expected="the answer when the script has ended", got=f"an answer after {took_s:.1f} s")
    left = ask(target, "/cgi-bin/processes.sh").text.split()
    expect_equal(left, [], hint="another session is not reached by os.killpg")


@check(needs="root_page_links_the_scripts", timeout_s=30)
def large_upload_is_taken(target: Target) -> None:
    """An upload of 8 MiB arrives: a photo is no attack."""
    content = random.Random(413).randbytes(8 * 1024 * 1024)
    head = b'--border\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=border"}
    body = head + content + b"\r\n--border--\r\n"
    answer = ask(target, "/cgi-bin/upload.py", method="POST", body=body, headers=kind, timeout_s=20)
    expect_status(answer, 200)
    digest = hashlib.sha256(content).hexdigest()
    expect(digest in answer.text, expected=f"SHA-256 {digest}", got=answer.text)


@check(needs="root_page_links_the_scripts")
def body_comes_on_standard_input(target: Target) -> None:
    """The body comes on standard input, octet for octet; its length and type are in the environment."""
    body = random.Random(3875).randbytes(100_000)
    answer = ask(
        target, "/cgi-bin/environ.py", method="POST", body=body, headers={"Content-Type": "lab/test"}
    )
    told = _told(answer)
    expect_equal(told.get("CONTENT_LENGTH"), "100000")
    expect_equal(told.get("CONTENT_TYPE"), "lab/test")
    content = answer.content.partition(b"\n\n")[2]
    expect_equal(len(content), len(body))
    expect(content == body, expected="the same octets", got="as many octets, but others")


@check(needs="root_page_links_the_scripts")
def form_shows_its_fields(target: Target) -> None:
    """A form's fields arrive by GET and by POST, repeated ones too, and are shown escaped."""
    fields = "name=%3Cb%3EAna%3C%2Fb%3E&topping=jalape%C3%B1o&topping=cheese"
    by_get = ask(target, f"/cgi-bin/form.py?{fields}")
    by_post = ask(target, "/cgi-bin/form.py", method="POST", body=fields.encode(), headers=FORM)
    for answer in (by_get, by_post):
        expect_status(answer, 200)
        for shown in ("&lt;b&gt;Ana&lt;/b&gt;", "topping = jalape\u00f1o", "topping = cheese"):
            expect(shown in answer.text, expected=f"{shown} in the page", got=answer.text)


@check(needs="root_page_links_the_scripts")
def upload_arrives_octet_for_octet(target: Target) -> None:
    """An uploaded file arrives under its name, with the same SHA-256."""
    content = random.Random(7578).randbytes(50_000) + b"\r\n--\r\n"
    head = 'Content-Disposition: form-data; name="file"; filename="a.bin"'
    head += "\r\nContent-Type: application/octet-stream"
    body = b"--border\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n--border--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=border"}
    answer = ask(target, "/cgi-bin/upload.py", method="POST", body=body, headers=kind)
    expect_status(answer, 200)
    for shown in ("a.bin", str(len(content)), hashlib.sha256(content).hexdigest()):
        expect(shown in answer.text, expected=f"{shown} in the page", got=answer.text)


@check(needs="root_page_links_the_scripts")
def cookie_counts_visits(target: Target) -> None:
    """A script's Set-Cookie reaches the browser, and the browser's Cookie the script: a counter counts."""
    cookie = ""
    for visit in (1, 2, 3):
        answer = ask(target, "/cgi-bin/cookie.py", headers={"Cookie": cookie} if cookie else {})
        expect_status(answer, 200)
        cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
        expect_equal(cookie, f"visits={visit}")


@check(needs="root_page_links_the_scripts")
def script_may_be_in_any_language(target: Target) -> None:
    """Scripts in the shell's language and in Perl run like those in Python."""
    for name, language in (("hello.sh", "sh"), ("hello.pl", "Perl")):
        answer = ask(target, f"/cgi-bin/{name}")
        expect_status(answer, 200)
        expect(
            f"Hello from {language}" in answer.text, expected=f"a greeting from {language}", got=answer.text
        )


@check(needs="root_page_links_the_scripts")
def location_is_a_redirect(target: Target) -> None:
    """A script that prints Location alone makes a redirect, 302."""
    answer = ask(target, "/cgi-bin/redirect.py")
    expect_status(answer, 302, hint="RFC 3875 section 6.2.3")
    location = answer.headers.get("Location", "")
    expect(location.endswith("/cgi-bin/hello.sh"), expected="Location: /cgi-bin/hello.sh", got=location)


@check(needs="root_page_links_the_scripts")
def crash_gives_a_readable_page(target: Target) -> None:
    """A script's crash gives its traceback as a page, escaped, with status 500."""
    answer = ask(target, "/cgi-bin/crash.py")
    expect_status(answer, 500, hint="the script says it in its Status header")
    for shown in ("KeyError", "crash.py", "price_of", "&lt;jalape\u00f1o&gt;"):
        expect(shown in answer.text, expected=f"{shown} in the page", got=answer.text)
    expect("<jalape" not in answer.text, expected="no text of the script's unescaped", got=answer.text)


@check(needs="root_page_links_the_scripts")
def no_header_is_500(target: Target) -> None:
    """A script that prints no header is 500, and nothing of what it printed is sent."""
    answer = ask(target, "/cgi-bin/noheader.py")
    expect_status(answer, 500)
    expect("Where is my" not in answer.text, expected="none of the script's output", got=answer.text)


@check(needs="root_page_links_the_scripts", timeout_s=30)
def endless_script_is_cut_off(target: Target) -> None:
    """A script that never ends is cut off with 504 or 500, and others are served meanwhile."""
    ends: list[Answer | OSError] = []

    def wait_for_it() -> None:
        try:
            ends.append(ask(target, "/cgi-bin/forever.py", timeout_s=ENDLESS_S))
        except OSError as error:
            ends.append(error)

    waiting = threading.Thread(target=wait_for_it)
    waiting.start()
    try:
        for _ in range(3):
            expect_status(ask(target, "/cgi-bin/hello.sh"), 200)
            expect(
                waiting.is_alive(), expected="the endless script to be given some time", got="an end at once"
            )
    finally:
        waiting.join()
    end = ends[0]
    expect(isinstance(end, Answer), expected=f"an answer within {ENDLESS_S:g} s", got=end)
    assert isinstance(end, Answer)
    expect_status(end, 500, 504)


@check(needs="root_page_links_the_scripts")
def endless_output_is_cut_off(target: Target) -> None:
    """A script that prints without end is cut off with 500, and the server goes on."""
    expect_status(ask(target, "/cgi-bin/flood.sh", timeout_s=ENDLESS_S), 500, 502, 504)
    expect_status(ask(target, "/cgi-bin/hello.sh"), 200)


@check(needs="root_page_links_the_scripts")
def each_request_has_a_child_of_its_own(target: Target) -> None:
    """Twenty requests at once each get the answer to their own query."""
    told: dict[int, str | None] = {}

    def ask_one(number: int) -> None:
        told[number] = _told(ask(target, f"/cgi-bin/environ.py?{number}", timeout_s=ENDLESS_S)).get(
            "QUERY_STRING"
        )

    threads = [threading.Thread(target=ask_one, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect_equal(told, {number: str(number) for number in range(20)})


@check(needs="root_page_links_the_scripts")
def what_is_no_script_is_not_run(target: Target) -> None:
    """What is not there is 404, what is no program is 403, and no path leads out of the scripts' folder."""
    expect_status(ask(target, "/cgi-bin/nosuch.py"), 404)
    expect_status(ask(target, "/cgi-bin/notes.txt"), 403, 404)
    outside = ("../" * 8, "%2e%2e/" * 8, "..%2f" * 8, "/" + "../" * 8)
    for path in [f"/cgi-bin/{up}bin/true" for up in outside] + [
        "/cgi-bin/form.py%00",
        "/bin/true",
        "/cgi-bin/..",
    ]:
        status = raw_status(ask_raw(target, f"GET {path} HTTP/1.0\r\nHost: lab\r\n\r\n".encode()))
        expect(400 <= status < 500, expected=f"a status from 400 to 499 for {path}", got=status)


@check(needs="root_page_links_the_scripts")
def endless_headers_are_refused(target: Target) -> None:
    """80 KiB of headers are refused with 431 or 400, and the next client is served."""
    expect_endless_headers_refused(target)


@check(needs="root_page_links_the_scripts")
def oversize_body_is_413(target: Target) -> None:
    """A body of 100 MiB is refused with 413 before it is sent."""
    expect_oversize_body_refused(target, "/cgi-bin/upload.py")


@check(needs="root_page_links_the_scripts")
def slow_clients_delay_nobody(target: Target) -> None:
    """Twenty clients in the middle of their requests do not keep another one waiting."""
    expect_slow_clients_delay_nobody(target)


@check(needs="root_page_links_the_scripts")
def survives_a_reset(target: Target) -> None:
    """A client that resets its connection in the middle harms nobody else."""
    expect_reset_survived(target)


@check(needs="root_page_links_the_scripts")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The server answers over IPv4 and over IPv6."""
    expect_both_families(target)
