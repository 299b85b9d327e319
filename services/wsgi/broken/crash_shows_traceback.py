"""Shows the client how an application crashed, with file names and all."""

import traceback
from wsgiref.types import StartResponse, WSGIEnvironment

from services.wsgi import server


class AppCall(server.AppCall):
    """Is more open than is wise."""

    def error_output(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """Put the traceback into the page."""
        super().error_output(environ, start_response)
        return [traceback.format_exc().encode()]


server.AppCall = AppCall  # type: ignore[misc]

if __name__ == "__main__":
    server.main([])
