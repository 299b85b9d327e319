"""Where the machine's packages come from, and what its apt says."""

from pathlib import Path

import pytest

from labctl.features.provision import mirrors
from labctl.features.provision.mirrors import Mirrors, parse_mirrors, read_build_proxies
from labctl.features.provision.packages import install_allowed, is_milestone, last_complaints

KNOWN = [
    "Packages|http://mirror.school.test/debian/|bookworm|Debian|Debian",
    "Packages|http://mirror.school.test/debian/|bookworm-updates|Debian|Debian",
    "Packages|http://security.school.test/debian-security/|bookworm-security|Debian|Debian-Security",
]
UNKNOWN = [
    "Packages|http://mirror.school.test/debian/|bookworm|$(ORIGIN)|$(LABEL)",
    "Packages|http://security.school.test/debian-security/|bookworm-security|$(ORIGIN)|$(LABEL)",
    "Packages|https://apt.vendor.test/tool/|stable|$(ORIGIN)|$(LABEL)",
]
SCHOOL = Mirrors("http://mirror.school.test/debian", "http://security.school.test/debian-security")


def test_debians_own_mirrors_are_found() -> None:
    assert parse_mirrors(KNOWN, codename="bookworm") == SCHOOL


def test_a_vendors_packages_for_debian_are_not_taken_for_debian() -> None:
    vendor = "Packages|https://apt.vendor.test/debian/|bookworm|Vendor|Vendor CE"
    assert parse_mirrors([vendor, *KNOWN], codename="bookworm") == SCHOOL
    assert parse_mirrors([vendor], codename="bookworm") == Mirrors()


def test_before_the_first_update_the_releases_name_must_do() -> None:
    assert parse_mirrors(UNKNOWN, codename="bookworm") == SCHOOL


def test_another_distribution_has_no_mirror_of_debian_by_its_releases_name() -> None:
    ubuntu = "Packages|http://archive.school.test/ubuntu/|noble|Ubuntu|Ubuntu"
    assert parse_mirrors([ubuntu, *UNKNOWN], codename=None) == Mirrors()


def test_sources_folders_and_discs_are_left_out() -> None:
    lines = [
        "Sources|http://mirror.school.test/debian/|bookworm|Debian|Debian",
        "Packages|file:/srv/debian/|bookworm|Debian|Debian",
        "Packages|cdrom://Debian/|bookworm|Debian|Debian",
    ]
    assert parse_mirrors(lines, codename="bookworm") == Mirrors()


def test_a_list_of_mirrors_is_read_for_its_first(tmp_path: Path) -> None:
    (tmp_path / "debian.list").write_text(
        "http://first.test/debian/\tpriority:1\nhttp://second.test/debian\n"
    )
    line = f"Packages|mirror+file:{tmp_path}/debian.list/|bookworm|Debian|Debian"
    assert parse_mirrors([line], codename="bookworm").archive == "http://first.test/debian"


def test_source_lines_name_the_release_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirrors, "KEYRING", Path("/nowhere"))
    assert SCHOOL.source_lines("trixie") == [
        "deb http://mirror.school.test/debian trixie main",
        "deb http://mirror.school.test/debian trixie-updates main",
        "deb http://security.school.test/debian-security trixie-security main",
    ]


def test_a_proxy_on_the_machines_own_loopback_is_no_use_to_a_container() -> None:
    environ = {"http_proxy": "http://127.0.0.1:3142", "HTTPS_PROXY": "http://proxy.school.test:3128"}
    assert read_build_proxies(environ) == {"https_proxy": "http://proxy.school.test:3128"}


def test_apts_complaints_are_told_and_its_chatter_is_not() -> None:
    output = (
        "Reading package lists...\nErr:1 http://mirror.school.test bookworm InRelease\n"
        "E: Unable to locate package docker.io\n"
    )
    assert last_complaints(output).splitlines() == [
        "Err:1 http://mirror.school.test bookworm InRelease",
        "E: Unable to locate package docker.io",
    ]


def test_without_a_complaint_the_last_lines_are_told() -> None:
    assert last_complaints("one\n\ntwo\n") == "one\ntwo"


def test_an_installations_milestones_are_told() -> None:
    lines = ["Need to get 78.2 MB of archives.", "Unpacking runc ...", "Setting up runc ...", "(Reading ..."]
    assert [is_milestone(line) for line in lines] == [True, False, True, False]


@pytest.mark.parametrize(("value", "allowed"), [("", True), ("0", True), ("1", False), ("yes", False)])
def test_installing_can_be_forbidden(value: str, allowed: bool) -> None:
    assert install_allowed({"LABCTL_NO_INSTALL": value}) is allowed
