"""Turns every header into a variable, the dangerous one too (it was called httpoxy)."""

from services.cgi import protocol, server

protocol.NEVER_HTTP = {"content-type", "content-length"}

if __name__ == "__main__":
    server.main()
