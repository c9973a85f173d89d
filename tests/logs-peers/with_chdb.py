"""S3's data events by bucket and event, as ClickHouse counts them, on two threads."""

import sys

import chdb

RECORDS = (
    "Records Array(Tuple(eventName String, eventSource String, eventCategory String,"
    " requestParameters Tuple(bucketName String)))"
)
print(
    chdb.query(
        f"""
        SELECT r.requestParameters.bucketName AS bucket, r.eventName AS event, count() AS events
        FROM file('{sys.argv[1]}/**/*.json.gz', JSONEachRow, '{RECORDS}')
        ARRAY JOIN Records AS r
        WHERE r.eventCategory = 'Data' AND r.eventSource = 's3.amazonaws.com'
        GROUP BY bucket, event ORDER BY bucket, event
        SETTINGS max_threads = 2, input_format_skip_unknown_fields = 1,
            input_format_json_ignore_unknown_keys_in_named_tuple = 1,
            input_format_null_as_default = 1, input_format_allow_errors_num = 0
        """,
        "CSV",
    )
    .bytes()
    .decode()
    .replace('"', ""),
    end="",
)
