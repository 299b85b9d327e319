"""The set-up of a bare machine: an Engine that answers, a base image, and the lab's images.

Each step says what it does and is skipped when it is already done. What is done is decided by pure
functions (`plan`, `inputs`, `mirrors`) and carried out by the others; programs of the machine are
started in `commands` only. What cannot be mended ends in one EngineUnavailableError with the
command to type. `make-venv` belongs here too, but runs before there is a Python to import this.
"""

from labctl.features.provision.engine_start import ensure_engine
from labctl.features.provision.images import ensure_images

__all__ = ["ensure_engine", "ensure_images"]
