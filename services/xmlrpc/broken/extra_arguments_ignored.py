"""Takes the arguments it needs and overlooks the others."""

from services.xmlrpc import functions, server


def fits(arguments: list[str], signature: list[str]) -> bool:
    """Be content with enough."""
    return len(arguments) >= len(signature) - 1


def add(x: float, y: float, *others: object) -> float:
    """Add the first two."""
    return x + y


functions.FUNCTIONS["add"] = add
vars(functions)["fits"] = fits

if __name__ == "__main__":
    server.main()
