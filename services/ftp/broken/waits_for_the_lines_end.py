"""Collects a line until it ends, however long that takes."""

from services.ftp import server, session

vars(server)["LINE_OCTETS"] = vars(session)["LINE_OCTETS"] = 1 << 30

if __name__ == "__main__":
    server.main()
