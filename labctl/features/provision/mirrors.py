"""Where this machine gets Debian packages from: read from apt's own configuration.

No host's name stands in this project: a school's mirror, a cache or a cloud's own is used as found.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from labctl.features.provision.commands import run

FIELDS = ("CREATED_BY", "REPO_URI", "RELEASE", "ORIGIN", "LABEL")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


@dataclass(frozen=True)
class Mirrors:
    """The addresses of Debian's archive and of its security updates, where the machine has them."""

    archive: str | None = None
    security: str | None = None

    def source_lines(self, suite: str) -> list[str]:
        """Return the lines for apt that make a release of Debian available."""
        option = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
        lines = []
        if self.archive:
            lines += [f"deb {option}{self.archive} {each} main" for each in (suite, f"{suite}-updates")]
        if self.security:
            lines.append(f"deb {option}{self.security} {suite}-security main")
        return lines


def read_mirrors() -> Mirrors:
    """Ask apt which mirrors of Debian this machine uses."""
    layout = "|".join(f"$({field})" for field in FIELDS)
    known = run(["apt-get", "indextargets", "--format", layout]).output
    if not known.strip():  # no lists were fetched yet: apt knows what it would fetch, not whose it is
        known = run(["apt-get", "--no-release-info", "indextargets", "--format", layout]).output
    return parse_mirrors(known.splitlines(), codename=_codename(Path("/etc/os-release")))


def parse_mirrors(targets: Iterable[str], *, codename: str | None) -> Mirrors:
    """Find Debian among the machine's sources of packages.

    Args:
        targets: lines of `apt-get indextargets`, FIELDS separated by `|`; a field that apt does
            not know is printed as its own name.
        codename: the release of Debian this machine runs, None for another distribution: where
            apt does not know whose packages these are, the release's name must do.
    """
    found: dict[str, str] = {}
    for target in targets:
        values = ["" if word.startswith("$(") else word for word in target.split("|")]
        field = dict(zip(FIELDS, values, strict=True))
        uri = _resolve(field["REPO_URI"].rstrip("/"))
        if field["CREATED_BY"] != "Packages" or uri is None:
            continue
        if field["ORIGIN"]:
            kind = {"Debian": "archive", "Debian-Security": "security"}.get(field["LABEL"])
            if kind and field["ORIGIN"] == "Debian":
                found.setdefault(kind, uri)
        elif codename and field["RELEASE"] == codename:
            found.setdefault("archive", uri)
        elif codename and field["RELEASE"] == f"{codename}-security":
            found.setdefault("security", uri)
    return Mirrors(**found)


def _resolve(uri: str) -> str | None:
    """Return an address a container can use as well, or None for a disc or a folder of ours."""
    if uri.startswith("mirror+file:"):  # a list of mirrors, as Debian's cloud images have it
        try:
            listed = Path(re.sub(r"^mirror\+file:/*", "/", uri)).read_text().split()
        except OSError:
            return None
        uri = next((word.rstrip("/") for word in listed if "://" in word), "")
    return uri if uri.startswith(("http://", "https://")) else None


def _codename(os_release: Path) -> str | None:
    try:
        facts = dict(line.split("=", 1) for line in os_release.read_text().splitlines() if "=" in line)
    except OSError:
        return None
    return facts.get("VERSION_CODENAME", "").strip('"') if facts.get("ID") == "debian" else None


def read_proxies(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the proxy variables that a build needs as well: the user's, or else apt's own."""
    names = ("http_proxy", "https_proxy", "no_proxy")
    given = {name: environ.get(name) or environ.get(name.upper()) or "" for name in names}
    if not given["http_proxy"]:
        said = run(["apt-config", "shell", "proxy", "Acquire::http::Proxy"]).output
        match = re.fullmatch(r"proxy='(https?://[^']+)'", said.strip())
        given["http_proxy"] = match[1] if match else ""
    return {name: value for name, value in given.items() if value}


def read_build_proxies(environ: Mapping[str, str]) -> dict[str, str]:
    """Return those of the proxies that a container can reach: none on this machine's loopback."""
    loopback = re.compile(r"https?://([^@/]*@)?(localhost|127\.|\[::1\])")
    return {name: value for name, value in read_proxies(environ).items() if not loopback.match(value)}
