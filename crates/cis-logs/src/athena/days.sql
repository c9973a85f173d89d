SELECT bucket, day, count(*) AS events, sum(error) AS errors
FROM events
GROUP BY bucket, day
ORDER BY bucket, day
