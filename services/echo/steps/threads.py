"""Two clients? A thread for each: now only one's own thread waits. But 500 clients are 500 threads.

Not yet: nothing; the container's limit of processes and threads ends it between 100 and 128 clients.
"""

import threading

from services.echo.steps.every_address import listen
from services.echo.steps.no_end import serve

if __name__ == "__main__":
    listener = listen()
    while True:
        threading.Thread(target=serve, args=[listener.accept()[0]]).start()
