"""Encodes its page in ISO-8859-1 and says that it is UTF-8."""

from services.wsgi import apps, server


class Latin1(str):
    """Text that knows one encoding only."""

    __slots__ = ()

    def format(self, *values: object, **fields: object) -> "Latin1":
        """Fill the blanks in."""
        return Latin1(super().format(*values, **fields))

    def encode(self, encoding: str = "", errors: str = "") -> bytes:
        """Encode, never mind into what."""
        return super().encode("iso-8859-1", "replace")


apps.PAGE = Latin1(apps.PAGE)

if __name__ == "__main__":
    server.main([])
