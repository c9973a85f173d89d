#!/bin/sh
# S3's data events by bucket and event, as jq counts them: one decompresses, one reads, on two cores.
find "$1" -name '*.json.gz' -print0 | xargs -0 gzip -dc |
    jq -r '.Records[] | select(.eventCategory == "Data" and .eventSource == "s3.amazonaws.com")
        | "\(.requestParameters.bucketName),\(.eventName)"' |
    LC_ALL=C sort | uniq -c | awk '{ print $2 "," $1 }'
