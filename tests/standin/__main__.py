"""Starts the stand-in on a free loopback port, and stops with its parent.

Prints one line, `{"port": 12345}`, once it listens. It ends when its standard
input ends, so that it never outlives the test that started it.
"""

import json
import os
import sys
import threading

from .server import StandinServer


def main() -> None:
    """Serves until standard input ends."""
    server = StandinServer(("127.0.0.1", 0))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"port": server.server_address[1]}), flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
