"""Tells the time as text, for each caller to take apart."""

from datetime import UTC, datetime

from services.xmlrpc import functions, server

functions.FUNCTIONS["now"] = lambda: datetime.now(UTC).isoformat()

if __name__ == "__main__":
    server.main()
