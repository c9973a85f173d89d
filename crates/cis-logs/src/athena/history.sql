SELECT
    min(eventtime) AS time,
    eventname AS event,
    useridentity.arn AS caller,
    sourceipaddress,
    nullif(errorcode, '') AS error,
    requestparameters,
    eventid
FROM {table}
WHERE {chosen}
    AND ((eventsource = 'cloudtrail.amazonaws.com' AND eventname IN (
            'CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging',
            'PutEventSelectors', 'PutInsightSelectors'))
        OR (eventsource = 's3.amazonaws.com' AND eventname IN (
            'PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketLifecycle', 'DeleteBucket'))
        OR (eventsource = 'kms.amazonaws.com' AND eventname IN (
            'PutKeyPolicy', 'DisableKey', 'ScheduleKeyDeletion')))
GROUP BY eventname, useridentity.arn, sourceipaddress, errorcode, requestparameters, eventid
ORDER BY time, eventid
