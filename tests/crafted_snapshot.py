"""Snapshots as an attacker would make them: whole by every checksum, of any home."""

import gzip
import hashlib
import io
import json
import tarfile


def craft_snapshot(home: bytes, **said: object) -> bytes:
    """Return the file of a snapshot whose home is this tar; its manifest may say more."""
    manifest: dict[str, object] = {
        "format": "labctl work snapshot",
        "version": 1,
        "lab": "ana",
        "time": "2026-11-27T08:00:00+00:00",
        "reason": "asked for",
        **{"entries": 1, "octets": 0, "digest": ""},
        **said,
    }
    zipped = gzip.compress(home)
    text = json.dumps(manifest).encode()
    sums = "".join(
        f"{hashlib.sha256(octets).hexdigest()}  {name}\n"
        for name, octets in (("home.tar.gz", zipped), ("manifest.json", text))
    )
    packed = b""
    for name, octets in (("home.tar.gz", zipped), ("manifest.json", text), ("SHA256SUMS", sums.encode())):
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(octets), 0o600
        packed += info.tobuf(tarfile.GNU_FORMAT) + octets + bytes(-len(octets) % tarfile.BLOCKSIZE)
    return packed + bytes(2 * tarfile.BLOCKSIZE)


def home_with(name: str = "program", owner: tuple[int, int] = (1000, 1000), **more: object) -> bytes:
    """Return the tar of a home of user 1000 with one file in it, whose tar header has more set."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT, errors="surrogateescape") as tar:
        home = tarfile.TarInfo("work")
        home.type, home.mode, (home.uid, home.gid) = tarfile.DIRTYPE, 0o755, (1000, 1000)
        tar.addfile(home)
        file = tarfile.TarInfo(f"work/{name}")
        file.mode, (file.uid, file.gid) = 0o755, owner
        for attribute, value in more.items():
            setattr(file, attribute, value)
        tar.addfile(file)
    return packed.getvalue()


ATTACKS = {
    "root's": home_with(owner=(0, 0)),
    "of root's group": home_with(owner=(1000, 0)),
    "somebody else's": home_with(owner=(4711, 4711)),
    "setuid": home_with(mode=0o4755),
    "setgid": home_with(mode=0o2755),
    "setuid root's": home_with(owner=(0, 0), mode=0o4755),
    "with capabilities": home_with(pax_headers={"SCHILY.xattr.security.capability": "x"}),
    "with an access list": home_with(pax_headers={"SCHILY.acl.access": "user::rwx"}),
    "of one terabyte, sparse": home_with(
        pax_headers={"GNU.sparse.map": "0,1", "GNU.sparse.size": str(1 << 40), "GNU.sparse.name": "work/big"}
    ),
    "with a name that no file system takes": home_with(name="x" * 256),
    "with a name of its own length": home_with(name="x" * 60_000),
    "leading to a name that no file system takes": home_with(type=tarfile.SYMTYPE, linkname="x" * 4096),
    "a device": home_with(type=tarfile.CHRTYPE, devmajor=1, devminor=3),
}
