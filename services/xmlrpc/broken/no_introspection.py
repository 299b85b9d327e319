"""Has no system.listMethods: callers must know."""

from services.xmlrpc import functions, server

del functions.FUNCTIONS["system.listMethods"]

if __name__ == "__main__":
    server.main()
