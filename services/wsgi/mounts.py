"""Several applications behind one: each under a path of its own."""

import importlib
from collections.abc import Iterable, Mapping
from html import escape
from typing import cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.validate import validator

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>wsgi: Python applications</title></head>
<body><h1>wsgi: Python applications</h1>
<p>Each path belongs to an application: a Python function that gets the request as a dictionary.</p>
<ul>
{links}
</ul></body></html>
"""


def load_app(name: str) -> WSGIApplication:
    """Return the application called `module:attribute`.

    Raises:
        ValueError: the module or its attribute does not exist.
    """
    module, _, attribute = name.partition(":")
    try:
        return cast(WSGIApplication, getattr(importlib.import_module(module), attribute))
    except (ImportError, AttributeError) as error:
        raise ValueError(f"cannot mount {name!r}: {error}") from error


class Mounts:
    """An application made of applications: it picks one by path, and shifts the path for it.

    Each stands behind `wsgiref.validate.validator`, which looks at both sides of every call.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self.apps = {prefix: validator(load_app(name)) for prefix, name in names.items()}
        self.index, self.nothing = validator(self.index_app), validator(nothing_app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Call the application whose prefix the path has, in whole segments; the longest one wins.

        SCRIPT_NAME and PATH_INFO together stay the path that was asked for (PEP 3333, "environ Variables").
        """
        path = environ["PATH_INFO"]
        for prefix in sorted(self.apps, key=len, reverse=True):
            if f"{path}/".startswith(f"{prefix}/"):
                environ["lab.application"] = self.names[prefix]  # for the log
                environ["SCRIPT_NAME"] += prefix
                environ["PATH_INFO"] = path.removeprefix(prefix)
                return self.apps[prefix](environ, start_response)
        return (self.index if path == "/" else self.nothing)(environ, start_response)

    def index_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Link to all that is mounted."""
        links = [
            f'<li><a href="{escape(prefix)}">{escape(prefix)}</a>: <code>{escape(name)}</code></li>'
            for prefix, name in self.names.items()
        ]
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [PAGE.format(links="\n".join(links)).encode()]


def nothing_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Say that nothing is mounted there."""
    start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
    return [b"No application is mounted at this path. See / for those that are.\n"]
