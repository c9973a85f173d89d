"""S3's data events by bucket and event, as a script with orjson counts them."""

import collections
import gzip
import os
import sys

import orjson


def main(folder):
    counts = collections.Counter()
    for path, _, names in os.walk(folder):
        for name in names:
            with gzip.open(os.path.join(path, name)) as file:
                for record in orjson.loads(file.read())["Records"]:
                    if (
                        record.get("eventCategory") == "Data"
                        and record["eventSource"] == "s3.amazonaws.com"
                    ):
                        bucket = (record["requestParameters"] or {}).get("bucketName", "")
                        counts[bucket, record["eventName"]] += 1
    for (bucket, event), count in sorted(counts.items()):
        print(f"{bucket},{event},{count}")


main(sys.argv[1])
