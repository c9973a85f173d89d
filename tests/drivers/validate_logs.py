"""Runs the AWS CLI's `cloudtrail validate-logs` on buckets, which are put into moto first.

Reads one JSON object from standard input: `s3` and `cloudtrail`, the URLs of two
servers, and `runs`, each with a `name`, a `folder` with the bucket's files by their
keys (a digest's metadata lies beside it, in a file whose name is the digest's and
`.metadata.json`) and the command's `arguments`. Writes one JSON object for each run:
`name`, `code`, `stdout`, `stderr`.
"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import boto3
from awscli.clidriver import create_clidriver

BUCKET = "trail-logs"
METADATA = ".metadata.json"


def put(client: Any, folder: Path) -> None:
    """Makes the bucket hold the folder's files, and nothing else."""
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        for found in page.get("Contents", []):
            client.delete_object(Bucket=BUCKET, Key=found["Key"])
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name.endswith(METADATA):
            continue
        beside = path.with_name(path.name + METADATA)
        metadata = json.loads(beside.read_text())["Metadata"] if beside.exists() else {}
        client.put_object(
            Bucket=BUCKET,
            Key=path.relative_to(folder).as_posix(),
            Body=path.read_bytes(),
            Metadata=metadata,
        )


def run(arguments: list[str]) -> dict[str, Any]:
    """Runs the command in this process: starting it takes longer than what it does."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = create_clidriver().main(["cloudtrail", "validate-logs", "--verbose", *arguments])
    return {"code": code, "stdout": out.getvalue(), "stderr": err.getvalue()}


def main() -> None:
    """Makes all runs, one after the other."""
    given = json.loads(sys.stdin.read())
    os.environ["AWS_ENDPOINT_URL_S3"] = given["s3"]
    os.environ["AWS_ENDPOINT_URL_CLOUDTRAIL"] = given["cloudtrail"]
    client = boto3.client("s3", region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    for each in given["runs"]:
        put(client, Path(each["folder"]))
        print(json.dumps({"name": each["name"], **run(each["arguments"])}), flush=True)


if __name__ == "__main__":
    main()
