SELECT
    bucket,
    event,
    kind,
    caller,
    count(*) AS events,
    sum(error) AS errors,
    sum(CASE
        WHEN caller IN ('other-account', 'anonymous') THEN 1
        WHEN caller <> 'aws-service' AND calleraccount <> recipientaccountid THEN 1
        ELSE 0
    END) AS foreigners,
    CAST(sum(bytesin) AS BIGINT) AS bytesin,
    CAST(sum(bytesout) AS BIGINT) AS bytesout
FROM events
GROUP BY bucket, event, kind, caller
ORDER BY bucket, event, kind, caller
