"""Sends an application's content to HEAD too."""

from services.wsgi import call, server


class AppCall(call.AppCall):
    """Leaves HEAD to the applications."""

    def has_content(self) -> bool:
        """Send as for GET."""
        return True


vars(server)["AppCall"] = AppCall

if __name__ == "__main__":
    server.main([])
