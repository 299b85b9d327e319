"""A folder of the host as a learner's home, instead of the lab's own volume."""

import os
from pathlib import Path

from labctl.composefile.storage import holds_engine_socket
from labctl.errors import InputError

LEARNER = (1000, 1000)  # `student` of services/Dockerfile; on most laptops the user's own ids, too


def prepare_work_folder(path: Path) -> str:
    """Make sure that a folder can be a learner's home, and return its owner as `uid:gid`.

    A folder that is not there is made. The toolbox runs as the folder's owner, so that what a learner
    writes belongs to whom the folder belongs to; root is never that owner.

    Raises:
        InputError: no folder can be there, or it must not be given to a container.
    """
    where = f"work folder {path}"
    if holds_engine_socket(str(path)):
        raise InputError("holds the Engine's socket, which no container may have", where=where)
    try:
        is_new = not path.exists()
        path.mkdir(parents=True, exist_ok=True)
        if is_new and os.geteuid() == 0:
            os.chown(path, *LEARNER)
        found = path.stat()
    except OSError as error:
        raise InputError(f"cannot be made: {error.strerror}", where=where) from None
    if found.st_uid == 0:
        raise InputError(
            "belongs to root, and nothing in a lab runs as root",
            where=where,
            hint=f"chown -R {LEARNER[0]}:{LEARNER[1]} {path}",
        )
    return f"{found.st_uid}:{found.st_gid}"
