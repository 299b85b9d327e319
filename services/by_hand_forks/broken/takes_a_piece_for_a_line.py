"""Takes whatever a read returns for a line: right by luck, as long as lines are short and few."""

from services.by_hand_forks.server import ForkingServer
from services.by_hand_threads.broken.takes_a_piece_for_a_line import serve
from services.upper_tcp.server import listen

if __name__ == "__main__":
    ForkingServer(listen(), serve).serve_forever()
