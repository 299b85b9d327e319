"""Turns every header into a variable, the dangerous one too (it was called httpoxy)."""

from services.cgi import server
from services.web import variables

variables.NEVER_HTTP.remove("proxy")

if __name__ == "__main__":
    server.main()
