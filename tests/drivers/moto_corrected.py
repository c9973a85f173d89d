"""Starts moto's server on a free loopback port, with one error of moto corrected.

moto says `HasCustomEventSelectors: false` of every trail, even right after
PutEventSelectors; CloudTrail says whether there are any, and whoever believes it
need not ask for them. `--as-is` leaves moto as it is.

Prints one line, `{"port": 12345}`, once it listens, and ends when its standard
input ends, so that it never outlives the test that started it.
"""

import json
import os
import sys
from typing import Any

from moto.cloudtrail.models import Trail
from moto.server import ThreadedMotoServer

described = Trail.description


def description(self: Trail, include_region: bool = False) -> dict[str, Any]:
    """The trail as moto describes it, saying truly whether it has selectors."""
    has_selectors = bool(self.event_selectors or self.advanced_event_selectors)
    return {**described(self, include_region), "HasCustomEventSelectors": has_selectors}


def main() -> None:
    """Serves until standard input ends."""
    if "--as-is" not in sys.argv:
        Trail.description = description
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    port = server.get_host_and_port()[1]
    print(json.dumps({"port": port}), flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
