"""A script's crash becomes a page one can read, as `cgitb` did it, instead of a blank one.

    from services.cgi import traceback_page

    traceback_page.install()

Between that line and the end of the script its output is held back: a crash replaces it by the page,
with status 500. The page shows source lines and variables, which is right for a lab and wrong for the
open Internet. Everything on it is escaped: an exception's text may well be a stranger's input.
"""

import atexit
import io
import sys
from types import TracebackType

SHOWN_CHARACTERS = 120  # of a variable's value


def install() -> None:
    """From here on, hold the script's output back until it ends, and show a crash as a page."""
    held, real = io.BytesIO(), sys.stdout
    sys.stdout = io.TextIOWrapper(held, encoding="utf-8", newline="\n", write_through=True)

    def release() -> None:
        real.buffer.write(held.getvalue())

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        held.seek(0)
        held.truncate()
        print("Status: 500 Internal Server Error\nContent-Type: text/html; charset=utf-8\n")
        print(render(error))

    atexit.register(release)
    sys.excepthook = show


def render(error: BaseException) -> str:
    """Return a page about an exception: what, where, and the variables of each frame."""
    # Seldom needed, so not paid for by each request.
    from html import escape
    from traceback import TracebackException

    told = TracebackException.from_exception(error, capture_locals=True)
    what = escape("".join(told.format_exception_only()).strip())
    parts = [
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The script crashed</title></head>',
        f"<body><h1>The script crashed</h1><pre>{what}</pre><p>The calls that led there:</p><ol>",
    ]
    for frame in told.stack:
        place = escape(f"{frame.filename}, line {frame.lineno}, in {frame.name}")
        parts.append(f"<li><p>{place}</p><pre>{escape(frame.line or '')}</pre><ul>")
        for name, value in (frame.locals or {}).items():
            if not name.startswith("__") and not value.startswith(("<module ", "<function ")):
                parts.append(f"<li><code>{escape(name)} = {escape(value[:SHOWN_CHARACTERS])}</code></li>")
        parts.append("</ul></li>")
    parts.append("</ol></body></html>")
    return "\n".join(parts)
