"""HTTP/1.1 for the web servers of the lab, in files that are read in this order.

1. `head`: the request line and the header fields, and what is refused in them (RFC 9112 sections 2, 3 and 5)
2. `connection`: reading within a time, and whether the connection stays open (RFC 9112 section 9)
3. `bodies`: where a body ends: Content-Length and chunks (RFC 9112 sections 6 and 7)
4. `limits`: how much, how long, how many
5. `places`: a thread for each connection, and what happens when there are none left
6. `errors`: a refusal, with the status that RFC 9110 section 15 names for it
7. `handler`: one connection from its first request to its last, all of the above in their places
8. `variables`: a request as the variables of CGI (RFC 3875 section 4.1), for `cgi` and `wsgi`

`http.server` writes the answers: status lines, dates, error pages. It is not asked to read the requests: it
takes header lines that are none, and loses them. A lesson's `server.py` says only what it answers:

    class HelloHandler(WebHandler):
        def do_GET(self) -> None:
            self.send_content("text/plain", b"hello")

    WebServer(("", 80), HelloHandler).serve_until_killed()
"""

from services.web.connection import Incoming
from services.web.errors import RefusedError
from services.web.handler import WebHandler
from services.web.places import WebServer

__all__ = ["Incoming", "RefusedError", "WebHandler", "WebServer"]
