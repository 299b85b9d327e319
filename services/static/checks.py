"""What makes a static web server right (RFC 9110), shown on the files of `services/static/pages`."""

import re

from services.checking import Target, check, expect, expect_equal
from services.checking.web import (
    ask,
    ask_raw,
    expect_both_families,
    expect_endless_headers_refused,
    expect_head_without_content,
    expect_reset_survived,
    expect_slow_clients_delay_nobody,
    expect_status,
    raw_status,
)

TYPES = {
    "hello.txt": "text/plain",
    "page.html": "text/html",
    "plain.css": "text/css",
    "data.json": "application/json",
    "wave.svg": "image/svg+xml",
    "dot.png": "image/png",
    "octets.bin": "application/octet-stream",
}


@check()
def shows_the_index_page_at_the_root(target: Target) -> None:
    """The root is the folder's index page, in HTML."""
    answer = ask(target)
    expect_status(answer, 200, hint="index.html stands for its folder")
    expect_equal(answer.headers.get_content_type(), "text/html")
    expect("</html>" in answer.text.lower(), expected="a page of HTML", got=answer.text)


@check(needs="shows_the_index_page_at_the_root")
def sends_a_file_octet_for_octet(target: Target) -> None:
    """A file arrives octet for octet: all 256 values, none translated."""
    answer = ask(target, "/samples/octets.bin")
    expect_status(answer, 200)
    expect_equal(answer.content, bytes(range(256)), hint="open the file in binary mode")


@check(needs="shows_the_index_page_at_the_root")
def tells_the_length(target: Target) -> None:
    """Content-Length is the number of octets, not of characters."""
    for name in ("hello.txt", "dot.png"):
        answer = ask_raw(target, f"GET /samples/{name} HTTP/1.0\r\nHost: lab\r\n\r\n".encode())
        headers, _, content = answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?im)^content-length: *(\d+)", headers)
        expect_equal(length and int(length[1]), len(content), hint="count after encoding")


@check(needs="shows_the_index_page_at_the_root")
def tells_the_type_by_extension(target: Target) -> None:
    """Content-Type follows the file's extension."""
    for name, kind in TYPES.items():
        answer = ask(target, f"/samples/{name}")
        expect_equal((name, answer.headers.get_content_type()), (name, kind), hint="see the mimetypes module")


@check(needs="shows_the_index_page_at_the_root")
def head_gets_headers_only(target: Target) -> None:
    """HEAD gets what GET gets, without the content."""
    expect_head_without_content(target, "/samples/hello.txt")
    length = ask(target, "/samples/hello.txt", method="HEAD").headers["Content-Length"]
    expect_equal(length, str(len(ask(target, "/samples/hello.txt").content)))


@check(needs="shows_the_index_page_at_the_root")
def missing_file_is_404(target: Target) -> None:
    """A file that is not there is 404, in the status and not in the page alone."""
    expect_status(ask(target, "/nosuch.html"), 404)


@check(needs="shows_the_index_page_at_the_root")
def folder_without_an_index_is_403(target: Target) -> None:
    """A folder without an index page is 403: its list of files is not given away."""
    expect_status(ask(target, "/samples/"), 403)


@check(needs="shows_the_index_page_at_the_root")
def folder_without_its_slash_is_redirected(target: Target) -> None:
    """A folder asked for without its last slash is 301 to the name with it, or relative links would break."""
    answer = ask(target, "/samples")
    expect_status(answer, 301)
    expect(
        answer.headers.get("Location", "").endswith("/samples/"),
        expected="a Location that ends in /samples/",
        got=answer.headers.get("Location"),
    )


@check(needs="shows_the_index_page_at_the_root")
def other_methods_are_501(target: Target) -> None:
    """A method that the server does not know is 501; one that it does not allow is 405 or 501."""
    expect_status(ask(target, method="BREW"), 501, hint="RFC 9110 section 9.1")
    expect_status(ask(target, method="POST", body=b"a=1"), 405, 501)


@check(needs="shows_the_index_page_at_the_root")
def nothing_outside_the_folder_is_sent(target: Target) -> None:
    """No spelling of `..` leads out of the folder."""
    up = 12 * "../"
    for path in (
        f"/{up}etc/passwd",
        f"/{up.replace('.', '%2e')}etc/passwd",
        f"/{up.replace('/', '%2f')}etc/passwd",
    ):
        answer = ask_raw(target, f"GET {path} HTTP/1.0\r\nHost: lab\r\n\r\n".encode())
        expect(b"root:" not in answer, expected=f"nothing of /etc/passwd for {path}", got=answer)
        status = raw_status(answer)
        expect(400 <= status < 500, expected=f"a status from 400 to 499 for {path}", got=status)
    expect_status(ask(target), 200)


@check(needs="shows_the_index_page_at_the_root")
def unchanged_file_is_304(target: Target) -> None:
    """Who has the file already, as If-Modified-Since says, gets 304 and no content."""
    date = ask(target, "/samples/hello.txt").headers["Last-Modified"]
    expect(date, expected="a Last-Modified date", got=date)
    answer = ask(target, "/samples/hello.txt", headers={"If-Modified-Since": date})
    expect_status(answer, 304)
    expect_equal(answer.content, b"")
    long_ago = {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}
    expect_status(ask(target, "/samples/hello.txt", headers=long_ago), 200)


@check(needs="unchanged_file_is_304")
def conditions_have_an_order(target: Target) -> None:
    """Conditions on tags go before those on dates; one that protects a file and does not hold is 412."""
    path, tag = "/samples/hello.txt", ask(target, "/samples/hello.txt").headers.get("ETag", "")
    expect(tag, expected="an ETag", got="none", hint="RFC 9110 section 8.8.3")
    old, new = "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
    for headers, status in (
        ({"If-None-Match": f'"other", W/{tag}', "If-Modified-Since": old}, 304),
        ({"If-None-Match": '"other"', "If-Modified-Since": new}, 200),
        ({"If-Match": f'"other", {tag}', "If-Unmodified-Since": old}, 200),
        ({"If-Match": '"other"'}, 412),
        ({"If-Match": f"W/{tag}"}, 412),
        ({"If-Unmodified-Since": old}, 412),
        ({"If-Unmodified-Since": new}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
    ):
        for method in ("GET", "HEAD"):
            got = ask(target, path, method=method, headers=headers).status
            expect_equal((method, headers, got), (method, headers, status), hint="RFC 9110 section 13.2.2")


@check(needs="sends_a_file_octet_for_octet")
def range_gets_a_part(target: Target) -> None:
    """Range gets a part, 206, and Content-Range says which; one behind the end is 416."""
    content = bytes(range(256))
    for asked, status, part in (
        ("bytes=0-9", 206, content[:10]),
        ("bytes=250-", 206, content[250:]),
        ("bytes=-6", 206, content[250:]),
        ("bytes=250-999", 206, content[250:]),
        ("bytes=-999", 206, content),
        ("bytes=9-0", 200, content),
        ("lines=0-9", 200, content),
    ):
        answer = ask(target, "/samples/octets.bin", headers={"Range": asked})
        expect_equal(
            (asked, answer.status, answer.content), (asked, status, part), hint="RFC 9110 section 14"
        )
    answer = ask(target, "/samples/octets.bin", headers={"Range": "bytes=250-"})
    expect_equal(answer.headers.get("Content-Range"), "bytes 250-255/256")
    answer = ask(target, "/samples/octets.bin", headers={"Range": "bytes=256-"})
    expect_equal((answer.status, answer.headers.get("Content-Range")), (416, "bytes */256"))


@check(needs="range_gets_a_part")
def changed_file_is_sent_whole(target: Target) -> None:
    """If-Range gets the part of a file that is still the same, and the whole of one that has changed."""
    tag = ask(target, "/samples/octets.bin").headers.get("ETag", "")
    for condition, status in ((tag, 206), ('"other"', 200), ("Thu, 01 Jan 1970 00:00:00 GMT", 200)):
        headers = {"Range": "bytes=0-9", "If-Range": condition}
        got = ask(target, "/samples/octets.bin", headers=headers).status
        expect_equal((condition, got), (condition, status), hint="RFC 9110 section 13.1.5")


@check(needs="other_methods_are_501")
def unwanted_upload_is_not_read(target: Target) -> None:
    """An upload to a server of files is 405 or 501, not 413: no size would be small enough."""
    head = b"PUT /new.html HTTP/1.1\r\nHost: lab\r\nContent-Length: 1000000000\r\n\r\n"
    with target.connect() as sock:
        sock.sendall(head)
        status = raw_status(sock.recv(4096))
    expect(status in (405, 501), expected="405 or 501", got=status, hint="look at the method first")


@check(needs="shows_the_index_page_at_the_root")
def endless_headers_are_refused(target: Target) -> None:
    """80 KiB of headers are refused with 431 or 400, and the next client is served."""
    expect_endless_headers_refused(target)


@check(needs="shows_the_index_page_at_the_root")
def slow_clients_delay_nobody(target: Target) -> None:
    """Twenty clients in the middle of their requests do not keep another one waiting."""
    expect_slow_clients_delay_nobody(target)


@check(needs="shows_the_index_page_at_the_root")
def survives_a_reset(target: Target) -> None:
    """A client that resets its connection in the middle harms nobody else."""
    expect_reset_survived(target)


@check(needs="shows_the_index_page_at_the_root")
def answers_over_ipv4_and_ipv6(target: Target) -> None:
    """The server answers over IPv4 and over IPv6."""
    expect_both_families(target)
