"""How many requests a second `bench/load.py` can ask of a server that does nothing, so that it is not the bottleneck."""

import select
import socket
import subprocess
import sys
from itertools import repeat

from bench.load import Load, Same

EMPTY = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


def main() -> int:
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        port = listener.getsockname()[1]
        server = subprocess.Popen([sys.executable, "-m", "bench.ceiling", "--serve", str(listener.fileno())],
                                  pass_fds=[listener.fileno()])
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 240\r\n\r\n" + b"x" * 240
    try:
        for clients in (1, 16, 256):
            told = Load(port, Same(repeat(request)), clients=clients, seconds=2).run()
            print(f"{clients:4} clients, closed loop: {told}", flush=True)
        told = Load(port, Same(repeat(request)), clients=256, rate=5_000, seconds=2).run()
        print(f"{256:4} clients, 5,000/s:     {told}", flush=True)
    finally:
        server.kill()
    return 0


def _serve(file: int) -> None:
    """A server that answers whatever comes at once."""
    listener, poll, open_ones = socket.socket(fileno=file), select.epoll(), {}
    listener.setblocking(False)
    poll.register(file, select.EPOLLIN)
    while True:
        for ready, _event in poll.poll():
            if ready == file:
                connection = listener.accept()[0]
                open_ones[connection.fileno()] = connection
                poll.register(connection.fileno(), select.EPOLLIN)
            elif open_ones[ready].recv(65_536):
                open_ones[ready].send(EMPTY)
            else:
                open_ones.pop(ready).close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        _serve(int(sys.argv[2]))
    sys.exit(main())
