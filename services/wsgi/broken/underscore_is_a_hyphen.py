"""Turns every name into a variable: X_Auth_User passes for X-Auth-User."""

from wsgiref.types import WSGIEnvironment

from services.wsgi import server


class AppHandler(server.AppHandler):
    """Trusts names."""

    def get_environ(self) -> WSGIEnvironment:
        """Let the last one win, and fields that come twice, too."""
        fields = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in self.headers.items()}
        return super().get_environ() | fields


server.AppHandler = AppHandler  # type: ignore[misc]

if __name__ == "__main__":
    server.main([])
