"""Adds whatever Python can add: strings are joined, lists too."""

from services.xmlrpc import functions, server


def fits(arguments: list[str], signature: list[str]) -> bool:
    """Count the arguments, and look no further."""
    return len(arguments) == len(signature) - 1


vars(functions)["fits"] = fits

if __name__ == "__main__":
    server.main()
