"""Starts moto's server on two free loopback ports, in plain HTTP and behind TLS.

Both have the same state. The one argument is a directory. It gets `bundle.pem`:
certificate authorities, as many as a client really loads, and the test's own,
which has signed the server's certificate.

Prints one line, `{"port": 12345, "tlsPort": 12346}`, once it listens, and ends
when its standard input ends.
"""

import json
import logging
import os
import ssl
import sys
import threading
from pathlib import Path

from certificates import make_certificates
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server


class Handler(WSGIRequestHandler):
    """Sends a response's body at once, as AWS does.

    Otherwise the body waits until the client has acknowledged the headers, which behind TLS takes
    longer than the whole request.
    """

    disable_nagle_algorithm = True


def serve(context: ssl.SSLContext | None) -> int:
    """Serves on a port of its own."""
    app = DomainDispatcherApplication(create_backend_app)
    server = make_server(
        "127.0.0.1", 0, app, threaded=True, ssl_context=context, request_handler=Handler
    )
    server.log = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.port


def main() -> None:
    """Serves until standard input ends."""
    logging.getLogger("werkzeug").disabled = True
    directory = Path(sys.argv[1])
    make_certificates(directory)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "server.pem")
    print(json.dumps({"port": serve(None), "tlsPort": serve(context)}), flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
