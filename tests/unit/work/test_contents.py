"""Reading a home's tar: what it holds, and what has no place in it."""

import io
import tarfile

import pytest

from labctl.features.work.contents import Contents, TooDeepError, read_contents
from labctl.features.work.members import BadTarError
from tests.unit.fake_engine import packed_home

DIR, LNK, SYM, CHR = tarfile.DIRTYPE, tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE
FIFO, REG = tarfile.FIFOTYPE, tarfile.REGTYPE


def tar_of(*members: tuple[str, bytes, str], **more: int) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT, errors="surrogateescape") as tar:
        for name, kind, target in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            for attribute, value in more.items():
                setattr(info, attribute, value)
            tar.addfile(info)
    return packed.getvalue()


def read(tar: bytes, piece: int = 1000) -> Contents:
    return read_contents(tar[at : at + piece] for at in range(0, len(tar), piece))


HOME = ("home", DIR, "")


def test_a_home_of_every_kind_is_read_however_it_is_cut() -> None:
    odd = [
        ("home/-x", REG, ""),
        ("home/a\nb", REG, ""),
        ("home/\udcff", REG, ""),
        ("home/" + "ü" * 127, REG, ""),
    ]
    folders = [("home/d", DIR, ""), ("home/d/e", DIR, ""), ("home/d/second", LNK, "home/-x")]
    tar = tar_of(HOME, *odd, *folders, ("home/away", SYM, "/etc/passwd"), ("home/pipe", FIFO, ""))
    found = {read(tar, piece) for piece in (1, 511, 512, 10_000, 1 << 20)}
    assert [(each.entries, each.octets) for each in found] == [(9, 0)]


def test_octets_are_counted() -> None:
    assert read(packed_home({"a": b"12345", "b": b"x" * 100_000})).octets == 100_005


@pytest.mark.parametrize(
    "changed",
    [
        tar_of(HOME, ("home/b", REG, "")),
        tar_of(HOME, ("home/a", FIFO, "")),
        tar_of(HOME, ("home/a", REG, ""), mode=0o600),
        tar_of(HOME, ("home/a", REG, ""), uid=1),
        tar_of(HOME, ("home/a", REG, ""), gid=1),
        tar_of(HOME, ("home/a", REG, ""), mtime=1),
        packed_home({"a": b"x"}),
    ],
)
def test_the_digest_tells_whatever_matters_apart(changed: bytes) -> None:
    assert read(tar_of(HOME, ("home/a", REG, ""))).digest != read(changed).digest


def test_the_homes_own_name_does_not_matter() -> None:
    assert read(packed_home({"a": b"x"}, "home")) == read(packed_home({"a": b"x"}, "student"))


@pytest.mark.parametrize(
    "members",
    [
        pytest.param([("home/a", REG, "")], id="no folder first"),
        pytest.param([("home", REG, "")], id="a file for a home"),
        pytest.param([("..", DIR, "")], id="the folder above"),
        pytest.param([HOME, ("/etc/passwd", REG, "")], id="absolute"),
        pytest.param([HOME, ("other/a", REG, "")], id="beside"),
        pytest.param([HOME, ("home/../a", REG, "")], id="up"),
        pytest.param([HOME, ("home/d", DIR, ""), ("home/d/../../a", REG, "")], id="up from a folder"),
        pytest.param([HOME, ("home/.", DIR, "")], id="itself again"),
        pytest.param([HOME, ("home/d/a", REG, "")], id="in a folder that is not there"),
        pytest.param([HOME, ("home/s", SYM, "/etc"), ("home/s/a", REG, "")], id="through a symbolic link"),
        pytest.param([HOME, ("home/s", SYM, "/etc"), ("home/s", DIR, "")], id="twice"),
        pytest.param([HOME, ("home/null", CHR, "")], id="a device"),
        pytest.param([HOME, ("home/a", LNK, "/etc/passwd")], id="a second name of something outside"),
        pytest.param([HOME, ("home/a", LNK, "home/../etc/passwd")], id="a second name up"),
        pytest.param(
            [HOME, ("home/s", SYM, "/etc"), ("home/a", LNK, "home/s/passwd")],
            id="a second name through a link",
        ),
        pytest.param(
            [HOME, ("home/a", LNK, "home/b"), ("home/b", REG, "")], id="a second name before the first"
        ),
        pytest.param([], id="nothing"),
    ],
)
def test_what_reaches_out_of_the_home_is_refused(members: list[tuple[str, bytes, str]]) -> None:
    with pytest.raises(BadTarError):
        read(tar_of(*members))


@pytest.mark.parametrize("kind", [REG, SYM, FIFO])
def test_whatever_is_no_folder_can_have_a_second_name(kind: bytes) -> None:
    tar = tar_of(HOME, ("home/a", kind, "b" if kind == SYM else ""), ("home/x", LNK, "home/a"))
    assert read(tar).entries == 2


@pytest.mark.parametrize("kind", [DIR, LNK])
def test_nothing_else_can(kind: bytes) -> None:
    first = [("home/r", REG, ""), ("home/a", kind, "home/r" if kind == LNK else "")]
    with pytest.raises(BadTarError, match="second name"):
        read(tar_of(HOME, *first, ("home/x", LNK, "home/a")))


def test_nothing_lies_below_a_second_name_of_a_link() -> None:
    first = [("home/s", SYM, "/etc"), ("home/x", LNK, "home/s")]
    for last in (("home/x/passwd", REG, ""), ("home/y", LNK, "home/x/passwd")):
        with pytest.raises(BadTarError):
            read(tar_of(HOME, *first, last))


def at_time(mtime: float) -> str:
    info = tarfile.TarInfo("home/a")
    info.pax_headers = {"mtime": str(mtime)}
    folder = tarfile.TarInfo("home")
    folder.type = DIR
    blocks = b"".join(each.tobuf(tarfile.PAX_FORMAT) for each in (folder, info))
    return read(blocks + bytes(1024)).digest


def test_times_that_the_engine_does_not_set_are_all_the_same() -> None:
    assert {at_time(each) for each in (-1, -(2**40), 2**63 // 10**9 + 1, 2**40, float("inf"))} == {at_time(0)}
    assert len({at_time(each) for each in (0, 1, 2**32, 2**63 // 10**9)}) == 4


def deep(octets: int) -> list[tuple[str, bytes, str]]:
    """Return folders in one another, the last one's path in the home of nearly so many octets."""
    names = ["x" * 99] * (octets // 100)
    return [("/".join(["home", *names[: depth + 1]]), DIR, "") for depth in range(len(names))]


def test_a_folder_below_which_something_might_be_left_out_is_refused() -> None:
    assert read(tar_of(HOME, *deep(2700))).entries == 27
    for octets in (2900, 4000):
        with pytest.raises(TooDeepError, match="'xxx") as caught:
            read(tar_of(HOME, *deep(octets)))
        assert len(str(caught.value)) < 200


def test_a_tar_of_nothing_but_long_names_is_refused() -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 5
    long_name = info.tobuf(tarfile.GNU_FORMAT) + b"home/".ljust(512, b"\0")
    with pytest.raises(BadTarError):
        read(tar_of(HOME)[:512] + long_name * 3000 + bytes(1024))


def test_a_tar_that_is_cut_off_anywhere_is_refused() -> None:
    tar = packed_home({"a": b"x" * 600, "b": b"y"})
    whole = len(tar.rstrip(b"\0")) + 1  # and then the rest of the block, and two blocks of zeros
    for size in [*range(0, whole, 7), whole + 512]:
        with pytest.raises(BadTarError):
            read(tar[:size])


def test_a_tar_with_something_behind_it_is_refused() -> None:
    with pytest.raises(BadTarError):
        read(packed_home({"a": b"x"}) + b"more")
    with pytest.raises(BadTarError):
        read(packed_home({"a": b"x"}) + packed_home({"b": b"x"}))


def test_no_tar_at_all_is_refused() -> None:
    for octets in (b"", b"hello", bytes(512), bytes(10240), b"\xff" * 5000):
        with pytest.raises(BadTarError):
            read(octets)
