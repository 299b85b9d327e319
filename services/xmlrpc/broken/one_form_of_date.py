"""Reads a date in the one form of the specification's example, and no other."""

import re

from services.xmlrpc import server, values

values.DATE = re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})T([0-9]{2}):()([0-9]{2}):([0-9]{2})")

if __name__ == "__main__":
    server.main()
