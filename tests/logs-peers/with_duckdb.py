"""S3's data events by bucket and event, as DuckDB counts them, on two threads."""

import sys

import duckdb

RECORDS = (
    "STRUCT(eventName VARCHAR, eventSource VARCHAR, eventCategory VARCHAR,"
    " requestParameters STRUCT(bucketName VARCHAR))[]"
)
duckdb.sql("SET threads = 2")
rows = duckdb.sql(
    f"""
    SELECT r.requestParameters.bucketName, r.eventName, count(*)
    FROM (
        SELECT unnest(Records) AS r
        FROM read_json('{sys.argv[1]}/**/*.json.gz', columns = {{Records: '{RECORDS}'}},
            format = 'newline_delimited', maximum_object_size = 200000000)
    )
    WHERE r.eventCategory = 'Data' AND r.eventSource = 's3.amazonaws.com'
    GROUP BY ALL ORDER BY ALL
    """
).fetchall()
for bucket, event, count in rows:
    print(f"{bucket},{event},{count}")
