"""Lets everybody in who gives a password, whatever it is."""

from collections.abc import Iterable

from services.mail import protocol, server, store


class Session(protocol.Session):
    """Does not compare."""

    def do_PASS(self, argument: str) -> Iterable[bytes]:
        """Take any for the right one."""
        return super().do_PASS(store.PASSWORD)


if __name__ == "__main__":
    server.main(session_type=Session)
