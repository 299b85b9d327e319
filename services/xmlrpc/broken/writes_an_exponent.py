"""Writes a double as Python does: 1e-06."""

from services.xmlrpc import server, values

vars(values)["render_double"] = repr

if __name__ == "__main__":
    server.main()
