"""Gives anonymous the rights of a student: in a day the disk is full of other people's files."""

from services.ftp import server

server.READ = server.READ_AND_WRITE

if __name__ == "__main__":
    server.main()
