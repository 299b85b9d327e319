"""The HTTP servers, by curl and by people's browsers' habits."""

import re

import pytest

from tests.integration.labs import RunningLab


def status(lab: RunningLab, *words: str) -> str:
    return lab.run("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-m", "20", *words).stdout


def test_static_serves_its_index_with_the_right_type(lab: RunningLab) -> None:
    head = lab.run("curl", "-sI", "http://static/").stdout.lower()
    assert "200" in head.splitlines()[0]
    assert "content-type: text/html" in head
    assert "content-length:" in head


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/nowhere", "404"), ("/../../../../etc/passwd", "404"), ("/%2e%2e/%2e%2e/etc/passwd", "404")],
)
def test_static_gives_nothing_outside_its_folder(lab: RunningLab, path: str, expected: str) -> None:
    assert status(lab, "--path-as-is", f"http://static{path}") == expected


def test_static_knows_no_other_methods(lab: RunningLab) -> None:
    assert status(lab, "-X", "DELETE", "http://static/") == "501"


@pytest.mark.parametrize("host", ["static", "cgi", "wsgi"])
def test_the_root_page_links_only_to_what_is_there(lab: RunningLab, host: str) -> None:
    page = lab.run("curl", "-sS", f"http://{host}/").stdout
    links = {link for link in re.findall(r'href="([^"#]+)"', page) if not link.startswith("http")}
    assert len(links) >= 3, page
    dead = {}
    for link in links:
        path = link if link.startswith("/") else f"/{link}"
        code = status(lab, f"http://{host}{path}")
        if code in ("000", "404"):
            dead[link] = code
    assert dead == {}


def test_wsgi_sends_text_that_is_not_ascii(lab: RunningLab) -> None:
    page = lab.run("curl", "-sS", "http://wsgi/")
    found = lab.shell(
        "for link in $(curl -s http://wsgi/ | grep -o 'href=\"[^\"]*\"' | cut -d'\"' -f2); do "
        'curl -s "http://wsgi$link"; done'
    )
    assert "jalapeño" in page.stdout + found.stdout


def test_xmlrpc_answers_a_request_written_by_hand(lab: RunningLab) -> None:
    body = (
        "<?xml version='1.0'?><methodCall><methodName>add</methodName><params>"
        "<param><value><int>2</int></value></param><param><value><int>3</int></value></param>"
        "</params></methodCall>"
    )
    answer = lab.run("curl", "-sS", "-H", "Content-Type: text/xml", "-d", body, "http://xmlrpc/RPC2").stdout
    assert "<int>5</int>" in answer


def test_an_entity_bomb_is_refused_and_costs_nothing(lab: RunningLab) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a0 "lol">{entities}]>'
        "<methodCall><methodName>&a9;</methodName></methodCall>"
    )
    answer = lab.run("curl", "-sS", "-m", "5", "-d", body, "http://xmlrpc/RPC2")
    assert answer.returncode == 0, answer.stderr
    assert "lollol" not in answer.stdout
    assert status(lab, "http://xmlrpc/") == "200"
