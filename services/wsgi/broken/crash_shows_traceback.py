"""Shows the client how an application crashed, with file names and all."""

import traceback

from services.wsgi import call, server


class AppCall(call.AppCall):
    """Is more open than is wise."""

    def error_page(self) -> bytes:
        """Put the traceback into the page."""
        return traceback.format_exc().encode()


vars(server)["AppCall"] = AppCall

if __name__ == "__main__":
    server.main([])
