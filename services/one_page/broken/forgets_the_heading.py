"""Sends a page without its heading."""

from services.one_page import server

server.PAGE = server.PAGE.replace("h1>", "p>")

if __name__ == "__main__":
    server.main()
