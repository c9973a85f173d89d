"""The HTTP server: AWS's calls, and the tests' own at `/_control/…`."""

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .dispatch import Answer, answer
from .faults import Fault
from .world import World

JSON = "application/json"


class StandinServer(ThreadingHTTPServer):
    """One world behind one lock: calls are served one after the other."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, Handler)
        self.lock = threading.Lock()
        self.world = World()


class Handler(BaseHTTPRequestHandler):
    """Serves one connection, which may carry many requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: StandinServer

    def do_POST(self) -> None:  # noqa: N802, the base class's spelling
        """AWS's calls."""
        request_id = str(uuid.uuid4())
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.server.lock:
            reply = answer(self.server.world, self.path, headers, self._body(), request_id)
        self._send(reply, request_id)

    def do_GET(self) -> None:  # noqa: N802
        """What the tests read: the calls received, the evaluations and findings put."""
        with self.server.lock:
            world = self.server.world
            if self.path == "/_control/calls":
                value: Any = world.calls
            elif self.path == "/_control/evaluations":
                value = _stored(world)
            elif self.path == "/_control/findings":
                value = [one for hub in world.findings.values() for one in hub.values()]
            else:
                return self._send(Answer(404, "text/plain", b"no such control"))
            body = json.dumps(value).encode()
        return self._send(Answer(200, JSON, body))

    def do_PUT(self) -> None:  # noqa: N802
        """What the tests set: a fresh world, or an account or the faults from now on."""
        try:
            given = json.loads(self._body())
            with self.server.lock:
                if self.path == "/_control/world":
                    self.server.world = World.from_json(given)
                elif self.path == "/_control/account":
                    self.server.world.accounts[given["accountId"]] = given
                elif self.path == "/_control/faults":
                    self.server.world.faults = [Fault.from_json(fault) for fault in given]
                else:
                    return self._send(Answer(404, "text/plain", b"no such control"))
        except (KeyError, TypeError, ValueError) as error:
            return self._send(Answer(400, "text/plain", repr(error).encode()))
        return self._send(Answer(200, JSON, b"{}"))

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _send(self, reply: Answer, request_id: str = "") -> None:
        head = (
            f"HTTP/1.1 {reply.status} {'OK' if reply.status < 300 else 'Error'}\r\n"
            f"Content-Type: {reply.content_type}\r\nContent-Length: {len(reply.body)}\r\n"
            f"x-amzn-RequestId: {request_id}\r\n"
        )
        for name, value in reply.headers.items():
            head += f"{name}: {value}\r\n"
        self.wfile.write(f"{head}\r\n".encode() + reply.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, the base class's name
        """Silent: the call log is read over the control path."""


def _stored(world: World) -> list[dict[str, Any]]:
    return [
        {"rule": rule, "accountId": account, "region": region, "evaluations": list(stored.values())}
        for (rule, account, region), stored in world.evaluations.items()
    ]
