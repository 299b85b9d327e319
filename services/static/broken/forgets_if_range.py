"""Sends the second half of a new file to who has the first half of the old one."""

from services.static import server

vars(server)["range_counts"] = lambda fields, now: True


if __name__ == "__main__":
    server.main()
