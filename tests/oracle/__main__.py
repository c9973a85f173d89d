"""Answers questions about accounts: JSON lines in, a JSON line for each out.

A question: `snapshot`, `kind`, `modes`, `allowUnlogged`, `deliveries`,
`trustedLogBuckets`, `requireDelivery`, and `witnesses` to be checked, each a
`record` with the ARN of the `trail` that loses it, or null where all do, and
`isFirst` where it stands before the others of that trail or account.
"""

import argparse
import json
import multiprocessing
from pathlib import Path
from typing import Any

from .formula import Builder
from .verdict import Account, Undecided

Json = dict[str, Any]


def answer(line: str) -> Json:
    """The solver's verdicts on one account, and the witnesses that it does not accept."""
    asked = json.loads(line)
    account = Account.new(Builder(), asked)
    try:
        verdicts = {mode: account.verdict(mode) for mode in asked["modes"]}
        refusals = [(witness, account.refusal(witness)) for witness in asked["witnesses"]]
    except Undecided as undecided:
        return {"undecided": str(undecided)}
    refused = [
        {**witness, "because": because}
        for witness, because in refusals
        if because is not None
    ]
    return {
        "verdicts": verdicts,
        "refused": refused,
        "queries": account.cost.queries,
        "seconds": account.cost.seconds,
    }


def main() -> None:
    """Answers every line of a file."""
    parser = argparse.ArgumentParser(prog="oracle", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    options = parser.parse_args()
    lines = options.file.read_text(encoding="utf-8").splitlines()
    with multiprocessing.Pool(options.processes) as pool:
        for given in pool.imap(answer, lines, chunksize=10):
            print(json.dumps(given))


if __name__ == "__main__":
    main()
