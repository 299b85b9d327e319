"""A Docker Engine reached by the Docker SDK: the only room that imports `docker`.

It turns our values into the Engine's JSON (`config`), the Engine's JSON into our values
(`client`), and the Engine's errors into ours (`failures`). It decides nothing.
"""

from labctl.docker_engine.client import DockerEngine, open_engine

__all__ = ["DockerEngine", "open_engine"]
