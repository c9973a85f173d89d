WITH copies AS (
    SELECT *, row_number() OVER (PARTITION BY eventid ORDER BY eventtime) AS copy
    FROM {table}
    WHERE {chosen}
),
events AS (
    SELECT
        eventname AS event,
        CASE readonly WHEN 'true' THEN 'read' WHEN 'false' THEN 'write' END AS kind,
        substr(eventtime, 1, 10) AS day,
        coalesce(
            CASE
                WHEN json_extract_scalar(requestparameters, '$.bucketName') <> ''
                    AND json_extract_scalar(requestparameters, '$.bucketName') NOT LIKE 'arn:%'
                THEN json_extract_scalar(requestparameters, '$.bucketName')
            END,
            nullif(regexp_extract(
                coalesce(resources[1].arn, resources[1].arnprefix),
                '^arn:[^:]+:s3:::([^/]+)', 1), ''),
            nullif(regexp_extract(
                coalesce(resources[2].arn, resources[2].arnprefix),
                '^arn:[^:]+:s3:::([^/]+)', 1), '')) AS bucket,
        CASE
            WHEN useridentity.type = 'AWSService' THEN 'aws-service'
            WHEN useridentity.type IS NULL AND useridentity.invokedby <> 'signin.amazonaws.com'
            THEN 'aws-service'
            WHEN useridentity.accountid = 'anonymous' THEN 'anonymous'
            WHEN useridentity.type = 'Root' THEN 'root'
            WHEN useridentity.type = 'IAMUser' THEN 'iam-user'
            WHEN useridentity.type = 'AssumedRole'
                AND useridentity.sessioncontext.webidfederationdata.federatedprovider IS NOT NULL
            THEN 'web-identity'
            WHEN useridentity.type IN ('AssumedRole', 'Role') THEN 'assumed-role'
            WHEN useridentity.type = 'FederatedUser' THEN 'federated-user'
            WHEN useridentity.type IN ('WebIdentityUser', 'SAMLUser') THEN 'web-identity'
            WHEN useridentity.type = 'IdentityCenterUser' THEN 'identity-center'
            WHEN useridentity.type = 'AWSAccount' THEN 'other-account'
            ELSE 'unknown'
        END AS caller,
        nullif(useridentity.accountid, '') AS calleraccount,
        recipientaccountid,
        CASE WHEN errorcode <> '' THEN 1 ELSE 0 END AS error,
        coalesce(CAST(json_extract_scalar(additionaleventdata, '$.bytesTransferredIn') AS DOUBLE), 0)
            AS bytesin,
        coalesce(CAST(json_extract_scalar(additionaleventdata, '$.bytesTransferredOut') AS DOUBLE), 0)
            AS bytesout
    FROM copies
    WHERE copy = 1
        AND eventsource IN ({sources})
        AND (eventcategory = 'Data' OR (eventcategory IS NULL AND managementevent = 'false'))
)
