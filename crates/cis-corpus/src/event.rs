//! Records, as CloudTrail writes them in version 1.11.
//!
//! Sources: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html>
//! and <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

use std::fmt::{self, Write as _};

use cis_logs::Time;
use fastrand::Rng;

use crate::identity::{self, Caller};
use crate::words;

/// Where and when an event is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) account: &'a str,
    pub(crate) region: &'a str,
    pub(crate) time: Time,
}

const BUCKETS: usize = 40;
const AGENTS: [&str; 4] = [
    "[aws-cli/2.31.2 md/awscrt#0.27.6 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.13.7]",
    "[aws-sdk-java/2.33.4 Linux/6.1 OpenJDK_64-Bit_Server_VM/21.0.8 Java/21.0.8 vendor/Amazon]",
    "[Boto3/1.40.30 md/Botocore#1.40.30 ua/2.1 os/linux#6.1.147 lang/python#3.12.11 exec-env/AWS_Lambda]",
    "[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.750]",
];

/// Writes one record.
pub(crate) fn write(text: &mut String, random: &mut Rng, place: &Place<'_>) {
    let written = if random.u8(0..100) < 75 {
        object_event(text, random, place)
    } else {
        management_event(text, random, place)
    };
    debug_assert!(written.is_ok(), "a string takes everything");
}

/// A data event: its name, whether it reads, whether it names an object, bytes.
const OBJECT_EVENTS: [(&str, bool, bool); 6] = [
    ("GetObject", true, true),
    ("PutObject", false, true),
    ("HeadObject", true, true),
    ("ListObjects", true, false),
    ("DeleteObject", false, true),
    ("CopyObject", false, true),
];

fn object_event(text: &mut String, random: &mut Rng, place: &Place<'_>) -> fmt::Result {
    let Place { account, region, time } = place;
    let caller = Caller::any(random);
    let (name, is_read, has_key) = match caller {
        Caller::Service => OBJECT_EVENTS[1],
        _ => OBJECT_EVENTS[words::skewed(random, OBJECT_EVENTS.len())],
    };
    let bucket = format!("bucket-{:02}-{account}", words::skewed(random, BUCKETS));
    let day = time.to_string().get(..10).unwrap_or("").replace('-', "/");
    let key = match caller {
        Caller::Service => format!(
            "AWSLogs/{account}/CloudTrail/{region}/{day}/{account}_CloudTrail_{region}_{}.json.gz",
            words::alphanumeric(random, 16)
        ),
        _ => format!("data/{day}/part-{:05}-{}.parquet", random.u16(0..1_000), words::uuid(random)),
    };
    start(text, random, place, caller, "s3.amazonaws.com", name)?;
    let is_denied = random.u8(0..100) < 2;
    if is_denied {
        text.write_str(r#""errorCode":"AccessDenied","errorMessage":"Access Denied","#)?;
    }
    write!(
        text,
        r#""requestParameters":{{"bucketName":"{bucket}","Host":"{bucket}.s3.{region}.amazonaws.com","#
    )?;
    match (has_key, is_read) {
        (true, true) => write!(text, r#""key":"{key}"}},"responseElements":null,"#)?,
        (true, false) => write!(
            text,
            r#""key":"{key}","x-amz-server-side-encryption":"aws:kms","x-amz-acl":"bucket-owner-full-control"}},"responseElements":{{"x-amz-server-side-encryption":"aws:kms","x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:{region}:{account}:key/85b4ab0e-eee7-4450-adba-82137e39764c"}},"#
        )?,
        (false, _) => write!(
            text,
            r#""list-type":"2","prefix":"data/{day}/","encoding-type":"url"}},"responseElements":null,"#
        )?,
    }
    let (bytes_in, bytes_out) = match (is_denied, is_read) {
        (true, _) => (0, 243),
        (false, true) => (0, random.u64(100..5_000_000)),
        (false, false) => (random.u64(100..5_000_000), 0),
    };
    write!(
        text,
        r#""additionalEventData":{{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":{bytes_in}.0,"SSEApplied":"SSE_KMS","AuthenticationMethod":"AuthHeader","x-amz-id-2":"{}==","bytesTransferredOut":{bytes_out}.0}},"requestID":"{}","eventID":"{}","readOnly":{is_read},"#,
        words::base64(random, 74),
        words::capitals(random, 16),
        words::uuid(random),
    )?;
    if has_key {
        write!(
            text,
            r#""resources":[{{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::{bucket}/{key}"}},{{"accountId":"{account}","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::{bucket}"}}],"#
        )?;
    } else {
        write!(
            text,
            r#""resources":[{{"type":"AWS::S3::Object","ARNPrefix":"arn:aws:s3:::{bucket}/"}},{{"accountId":"{account}","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::{bucket}"}}],"#
        )?;
    }
    end(text, random, place, caller, false, &format!("{bucket}.s3.{region}.amazonaws.com"))
}

/// Management events: source, name, whether it reads.
const MANAGEMENT_EVENTS: [(&str, &str, bool); 6] = [
    ("sts.amazonaws.com", "AssumeRole", true),
    ("kms.amazonaws.com", "GenerateDataKey", true),
    ("s3.amazonaws.com", "GetBucketAcl", true),
    ("ec2.amazonaws.com", "DescribeInstances", true),
    ("logs.amazonaws.com", "CreateLogStream", false),
    ("s3.amazonaws.com", "PutBucketTagging", false),
];

fn management_event(text: &mut String, random: &mut Rng, place: &Place<'_>) -> fmt::Result {
    let Place { account, region, .. } = place;
    let (source, name, is_read) = MANAGEMENT_EVENTS[words::skewed(random, MANAGEMENT_EVENTS.len())];
    let caller = match Caller::any(random) {
        Caller::OtherAccount | Caller::Anonymous => Caller::Role,
        caller => caller,
    };
    start(text, random, place, caller, source, name)?;
    let bucket = format!("bucket-{:02}-{account}", words::skewed(random, BUCKETS));
    match source {
        "s3.amazonaws.com" => write!(
            text,
            r#""requestParameters":{{"bucketName":"{bucket}","Host":"{bucket}.s3.{region}.amazonaws.com","acl":""}},"responseElements":null,"#
        )?,
        "sts.amazonaws.com" => write!(
            text,
            r#""requestParameters":{{"roleArn":"arn:aws:iam::{account}:role/app-server","roleSessionName":"i-{:017x}","durationSeconds":3600}},"responseElements":{{"credentials":{{"accessKeyId":"ASIA{}","sessionToken":"{}","expiration":"Mar 1, 2026, 9:30:00 PM"}},"assumedRoleUser":{{"assumedRoleId":"AROA00000000000000000:session","arn":"arn:aws:sts::{account}:assumed-role/app-server/session"}}}},"#,
            random.u32(..),
            words::capitals(random, 16),
            words::base64(random, 300),
        )?,
        "kms.amazonaws.com" => write!(
            text,
            r#""requestParameters":{{"keyId":"arn:aws:kms:{region}:{account}:key/85b4ab0e-eee7-4450-adba-82137e39764c","encryptionContext":{{"aws:s3:arn":"arn:aws:s3:::{bucket}/data/{}"}},"keySpec":"AES_256"}},"responseElements":null,"#,
            words::uuid(random)
        )?,
        _ => write!(
            text,
            r#""requestParameters":{{"maxResults":1000,"filterSet":{{"items":[{{"name":"tag:app","valueSet":{{"items":[{{"value":"web [{{}}]"}}]}}}}]}}}},"responseElements":null,"#
        )?,
    }
    write!(
        text,
        r#""requestID":"{}","eventID":"{}","readOnly":{is_read},"#,
        words::uuid(random),
        words::uuid(random)
    )?;
    end(text, random, place, caller, true, source)
}

fn start(
    text: &mut String,
    random: &mut Rng,
    place: &Place<'_>,
    caller: Caller,
    source: &str,
    name: &str,
) -> fmt::Result {
    text.write_str(r#"{"eventVersion":"1.11","userIdentity":"#)?;
    identity::write(text, random, caller, place.account, place.time);
    write!(
        text,
        r#","eventTime":"{}","eventSource":"{source}","eventName":"{name}","awsRegion":"{}","#,
        place.time, place.region
    )?;
    match caller {
        Caller::Service => text.write_str(
            r#""sourceIPAddress":"cloudtrail.amazonaws.com","userAgent":"cloudtrail.amazonaws.com","#,
        ),
        _ => write!(
            text,
            r#""sourceIPAddress":"203.0.113.{}","userAgent":"{}","#,
            random.u8(..),
            AGENTS[words::skewed(random, AGENTS.len())]
        ),
    }
}

fn end(
    text: &mut String,
    random: &mut Rng,
    place: &Place<'_>,
    caller: Caller,
    is_management: bool,
    host: &str,
) -> fmt::Result {
    let category = if is_management { "Management" } else { "Data" };
    write!(
        text,
        r#""eventType":"AwsApiCall","managementEvent":{is_management},"recipientAccountId":"{}","#,
        place.account
    )?;
    match caller {
        Caller::Service | Caller::OtherAccount | Caller::Anonymous => write!(
            text,
            r#""sharedEventID":"{}","eventCategory":"{category}"}}"#,
            words::uuid(random)
        ),
        Caller::Role | Caller::User => write!(
            text,
            r#""eventCategory":"{category}","tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"{host}"}}}}"#
        ),
    }
}
