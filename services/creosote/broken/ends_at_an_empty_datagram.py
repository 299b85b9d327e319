"""Takes an empty datagram after others for the end of file, as it would be with a stream."""

from services.creosote.server import MAX_DATAGRAM_OCTETS, listen

sock = listen()
lines = 0
while (data := sock.recv(MAX_DATAGRAM_OCTETS)) or not lines:
    lines += bool(data)
    print(data, flush=True)
sock.close()  # at once, as the end of the interpreter takes its time
