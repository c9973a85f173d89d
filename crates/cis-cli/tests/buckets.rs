//! Logs in buckets: what is listed and fetched, how a run goes on, and each way in which S3 refuses.
//!
//! The server answers on the loopback interface as S3 does.
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

mod command;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use loopback::{Answer, Request, Server};
use serde_json::{Value, json};
use tempfile::TempDir;

use self::command::{Ran, command};

const ACCOUNTS: [&str; 2] = ["111122223333", "444455556666"];
const REGIONS: [&str; 2] = ["eu-west-1", "us-east-1"];
const DAYS: [&str; 2] = ["2026/03/01", "2026/03/02"];

fn key(account: &str, region: &str, day: &str, hour: u32) -> String {
    let stamp = day.replace('/', "");
    format!(
        "audit/AWSLogs/o-ab12cd34ef/{account}/CloudTrail/{region}/{day}/{account}_CloudTrail_{region}_\
         {stamp}T{hour:02}00Z_0123456789abcdef.json"
    )
}

/// Two accounts in two Regions, each with three files a day, one event each; and things beside them.
fn objects() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for account in ACCOUNTS {
        for region in REGIONS {
            for day in DAYS {
                for hour in [1, 9, 17] {
                    let time = format!("{}T{hour:02}:00:00Z", day.replace('/', "-"));
                    let record = json!({
                        "eventVersion": "1.11", "eventID": format!("{account}{region}{time}"),
                        "eventTime": time, "eventName": "GetObject", "awsRegion": region,
                        "eventSource": "s3.amazonaws.com", "eventCategory": "Data",
                        "managementEvent": false, "readOnly": true, "eventType": "AwsApiCall",
                        "recipientAccountId": account, "requestParameters": {"bucketName": "b"},
                        "userIdentity": {"type": "IAMUser", "accountId": account,
                            "arn": format!("arn:aws:iam::{account}:user/carol")},
                    });
                    let text = json!({"Records": [record]}).to_string();
                    all.push((key(account, region, day, hour), text));
                }
            }
        }
    }
    let account = "audit/AWSLogs/o-ab12cd34ef/111122223333";
    all.push((format!("{account}/Config/us-east-1/2026/3/1/c.json.gz"), "c".to_string()));
    all.push(("audit/notes.txt".to_string(), "n".to_string()));
    all.sort();
    all
}

/// The text of a parameter of a request.
fn asked(request: &Request, name: &str) -> String {
    let query = request.path.split_once('?').map_or("", |(_, query)| query);
    let value = query.split('&').find_map(|part| part.strip_prefix(&format!("{name}=")));
    value.unwrap_or_default().replace("%2F", "/")
}

fn refusal(status: u16, code: &str) -> Answer {
    Answer::new(
        status,
        format!(
            "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>said by S3</Message></Error>"
        ),
    )
}

/// ListObjectsV2 and GetObject of a bucket with these objects.
fn s3(objects: &[(String, String)], request: &Request) -> Answer {
    if !request.path.contains("list-type=2") {
        let path = request.path.split('?').next().unwrap_or_default();
        let found = objects.iter().find(|(key, _)| path == format!("/logs/{key}"));
        return match found {
            Some((_, text)) => Answer::new(200, text.clone()),
            None => refusal(404, "NoSuchKey"),
        };
    }
    let (prefix, after) = (asked(request, "prefix"), asked(request, "start-after"));
    let after = if after.is_empty() { asked(request, "continuation-token") } else { after };
    let most: usize = asked(request, "max-keys").parse().unwrap_or(1_000).min(5);
    let is_by_folder = asked(request, "delimiter") == "/";
    let mut listed = String::new();
    let (mut count, mut last) = (0, "");
    let mut folder = String::new();
    for (key, text) in objects {
        if !key.starts_with(&prefix) || *key <= after {
            continue;
        }
        if let Some((inner, _)) = key[prefix.len()..].split_once('/').filter(|_| is_by_folder) {
            let inner = format!("{prefix}{inner}/");
            if inner != folder {
                listed += &format!("<CommonPrefixes><Prefix>{inner}</Prefix></CommonPrefixes>");
                folder = inner;
            }
            continue;
        }
        if count == most {
            listed += &format!(
                "<IsTruncated>true</IsTruncated><NextContinuationToken>{last}</NextContinuationToken>"
            );
            break;
        }
        (count, last) = (count + 1, key);
        listed += &format!(
            "<Contents><Key>{key}</Key><LastModified>2026-03-05T00:00:00.000Z</LastModified><Size>{}</Size></Contents>",
            text.len()
        );
    }
    Answer::new(
        200,
        format!(
            "<?xml version=\"1.0\"?><ListBucketResult><KeyCount>{count}</KeyCount>{listed}</ListBucketResult>"
        ),
    )
}

/// The digest of the hour before this one, which names these log files.
fn digest(account: &str, region: &str, day: &str, hour: u32, logs: &[String]) -> (String, String) {
    let stamp = day.replace('/', "");
    let key = format!(
        "audit/AWSLogs/o-ab12cd34ef/{account}/CloudTrail-Digest/{region}/{day}/{account}_CloudTrail-Digest_\
         {region}_main_us-east-1_{stamp}T{hour:02}0000Z.json"
    );
    let time = |hour: u32| format!("{}T{hour:02}:00:00Z", day.replace('/', "-"));
    let log = |key: &String| {
        json!({"s3Bucket": "logs", "s3Object": key, "hashValue": "0".repeat(64),
            "hashAlgorithm": "SHA-256"})
    };
    let digest = json!({
        "awsAccountId": account, "digestStartTime": time(hour - 1), "digestEndTime": time(hour),
        "digestS3Bucket": "logs", "digestS3Object": key, "digestPublicKeyFingerprint": "f".repeat(32),
        "digestSignatureAlgorithm": "SHA256withRSA", "previousDigestS3Bucket": null,
        "previousDigestS3Object": null, "previousDigestHashValue": null,
        "previousDigestHashAlgorithm": null, "previousDigestSignature": null,
        "logFiles": logs.iter().map(log).collect::<Vec<_>>(),
    });
    (key, digest.to_string())
}

async fn serve() -> Server {
    serve_these(objects()).await
}

async fn serve_these(objects: Vec<(String, String)>) -> Server {
    Server::start(move |request| s3(&objects, request)).await.unwrap()
}

async fn logs(server: &Server, arguments: &[&str]) -> Ran {
    let mut command = command(&[&["logs"], arguments].concat());
    command
        .env("AWS_ENDPOINT_URL", server.url())
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
        .env("AWS_MAX_ATTEMPTS", "1");
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let checked = schema_check::check_output(&stdout);
    assert!(checked.is_ok(), "{arguments:?}: {checked:?}");
    Ran { code: output.status.code(), stdout, stderr: String::from_utf8(output.stderr).unwrap() }
}

async fn answer(server: &Server, arguments: &[&str]) -> Value {
    let ran = logs(server, &[arguments, &["--format", "json"]].concat()).await;
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{arguments:?}");
    serde_json::from_str(&ran.stdout).unwrap()
}

fn fetched(server: &Server) -> usize {
    let requests = server.requests();
    requests.iter().filter(|request| !request.path.contains("list-type=2")).count()
}

/// Writes these objects below a folder.
fn copy(folder: &Path, objects: &[(String, String)]) {
    for (key, text) in objects {
        let path = folder.join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_is_answered_as_a_folder_is_and_so_are_both_together() {
    let server = serve().await;
    let folder = TempDir::new().unwrap();
    copy(folder.path(), &objects());
    let path = folder.path().join("audit/AWSLogs");
    let path = path.to_str().unwrap();
    let local = answer(&server, &[path]).await;
    assert_eq!(local["read"]["files"], 24);
    assert_eq!(fetched(&server), 0);
    assert_eq!(answer(&server, &["s3://logs/audit"]).await, local);
    // What lies in both is the same text: each event counts once.
    let both = answer(&server, &["s3://logs/audit/AWSLogs/", path]).await;
    assert_eq!(both["delivered"], local["delivered"]);
    assert_eq!(both["read"]["duplicates"], 24);
    // One half here, the other half there.
    let [first, second] = ACCOUNTS.map(|account| format!("o-ab12cd34ef/{account}"));
    let url = format!("s3://logs/audit/AWSLogs/{first}");
    let rest = format!("{path}/{second}");
    assert_eq!(answer(&server, &[&url, &rest]).await["delivered"], local["delivered"]);
    // Both halves in the bucket: the second location took over the first one's connection, which nobody
    // drove any more, and waited for it in vain.
    let rest = format!("s3://logs/audit/AWSLogs/{second}");
    assert_eq!(answer(&server, &[&url, &rest]).await["delivered"], local["delivered"]);
    // A single object.
    let url = format!("s3://logs/{}", key(ACCOUNTS[0], REGIONS[0], DAYS[0], 9));
    assert_eq!(answer(&server, &[&url]).await["read"]["events"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn digests_in_a_bucket_say_of_silent_hours_what_those_in_a_folder_do() {
    let [first, second] = ACCOUNTS;
    let [ireland, virginia] = REGIONS;
    let [day, _] = DAYS;
    let mut objects = objects();
    // From 02:00 to 09:00 nothing was delivered here,
    objects.extend((3..10).map(|hour| digest(first, ireland, day, hour, &[])));
    // here a file is gone, one is there, and one hour has no digest.
    let gone = key(first, virginia, day, 4);
    objects.push(digest(first, virginia, day, 5, std::slice::from_ref(&gone)));
    objects.push(digest(first, virginia, day, 10, &[key(first, virginia, day, 9)]));
    // These are about hours with files.
    objects.push(digest(second, ireland, day, 1, &[]));
    objects.push(digest(second, ireland, day, 20, &[]));
    objects.sort();
    let server = serve_these(objects.clone()).await;
    let folder = TempDir::new().unwrap();
    copy(folder.path(), &objects);
    let path = folder.path().join("audit/AWSLogs");
    let local = answer(&server, &[path.to_str().unwrap()]).await;
    let proof = |answer: &Value, account: &str, region: &str| {
        let hours = answer["silence"]["hours"].as_array().unwrap().clone();
        let is_it = |hours: &&Value| {
            hours["accountId"] == account
                && hours["awsRegion"] == region
                && hours["from"] == "2026-03-01T02:00:00Z"
        };
        let hours = hours.iter().find(is_it).unwrap().clone();
        (hours["proof"].as_str().unwrap().to_string(), hours["filesMissing"].as_u64())
    };
    let said = |proof: &str, missing| (proof.to_string(), Some(missing));
    for places in [&["s3://logs/audit"][..], &["s3://logs/audit/AWSLogs/o-ab12cd34ef"]] {
        let answer = answer(&server, places).await;
        assert_eq!(answer["silence"], local["silence"]);
        assert_eq!(proof(&answer, first, ireland), said("NOTHING_DELIVERED", 0));
        assert_eq!(proof(&answer, first, virginia), said("FILES_MISSING", 1));
        assert_eq!(proof(&answer, second, ireland), said("NONE", 0));
    }
    // Whether a file lies where nobody looked is not known.
    let logs = format!("s3://logs/audit/AWSLogs/o-ab12cd34ef/{first}/CloudTrail/");
    let digests = format!("s3://logs/audit/AWSLogs/o-ab12cd34ef/{first}/CloudTrail-Digest/");
    let answer = answer(&server, &[&logs, &digests]).await;
    assert_eq!(proof(&answer, first, ireland), said("NOTHING_DELIVERED", 0));
    assert_eq!(proof(&answer, first, virginia), said("NONE", 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_asked_for_is_fetched() {
    for (options, files) in [
        (&["--account", "444455556666"][..], 12),
        (&["--region", "eu-west-1"], 12),
        (&["--from", "2026-03-02T12:00:00Z"], 4),
        (&["--account", "111122223333", "--region", "us-east-1", "--to", "2026-02-28"], 0),
    ] {
        let server = serve().await;
        let answer = answer_or_none(&server, options).await;
        assert_eq!(
            (fetched(&server), answer["read"]["files"].as_u64()),
            (files, Some(files as u64))
        );
        let is_payer = |request: &Request| request.headers.contains_key("x-amz-request-payer");
        assert!(!server.requests().iter().any(is_payer));
    }
    let server = serve().await;
    answer(&server, &["s3://logs/audit", "--request-payer"]).await;
    let payer = |request: &Request| request.headers.get("x-amz-request-payer").cloned();
    assert!(server.requests().iter().all(|request| payer(request).as_deref() == Some("requester")));
}

async fn answer_or_none(server: &Server, options: &[&str]) -> Value {
    let asked = [&["s3://logs/audit", "--format", "json"], options].concat();
    let ran = logs(server, &asked).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    serde_json::from_str(&ran.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_interrupted_goes_on_and_gives_the_same_answer() {
    let whole = serve().await;
    let expected = answer(&whole, &["s3://logs/audit"]).await;
    let folder = TempDir::new().unwrap();
    let resume = ["s3://logs/audit", "--resume", folder.path().to_str().unwrap()];

    // The credentials expire while objects are fetched.
    let is_expired = Arc::new(AtomicBool::new(false));
    let (objects, expired) = (objects(), Arc::clone(&is_expired));
    let server = Server::start(move |request| {
        let is_late =
            request.path.contains("/us-east-1/2026/03/02/") && !request.path.contains("list-type");
        if expired.load(Ordering::Relaxed) && is_late {
            return refusal(400, "ExpiredToken");
        }
        s3(&objects, request)
    })
    .await
    .unwrap();
    is_expired.store(true, Ordering::Relaxed);
    let ran = logs(&server, &resume).await;
    assert_eq!(ran.code, Some(3), "{ran:?}");
    for says in [
        "nothing more of it was read: the credentials have expired (ExpiredToken)",
        "the answer is not whole",
    ] {
        assert!(ran.stderr.contains(says), "{ran:?}");
    }
    is_expired.store(false, Ordering::Relaxed);
    let before = fetched(&server);
    assert_eq!(answer(&server, &resume).await, expected);
    let rest = fetched(&server) - before;
    assert!((1..24).contains(&rest), "{rest} objects were fetched again");
    assert_eq!(answer(&server, &resume).await, expected);
    assert_eq!(fetched(&server) - before, rest, "nothing is fetched a second time");

    // What was kept is not taken for an object that was written anew.
    let kept = folder.path().join("logs").join(key(ACCOUNTS[0], REGIONS[0], DAYS[0], 9));
    let text = fs::read_to_string(&kept).unwrap();
    fs::write(&kept, text.replace("GetObject", "PutObject")).unwrap();
    assert_eq!(answer(&server, &resume).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_a_bucket_are_written_as_those_of_a_folder() {
    let server = serve().await;
    let url = server.url().to_string();
    let folder = TempDir::new().unwrap();
    let mut logs = objects();
    logs.retain(|(key, _)| key.contains("/CloudTrail/"));
    copy(folder.path(), &logs);
    let path = folder.path().join("audit/AWSLogs").to_str().unwrap().to_string();
    let records = |path: String| {
        let mut command = command(&["records", &path, "--format", "jsonl"]);
        command.env("AWS_ENDPOINT_URL", &url).env("AWS_MAX_ATTEMPTS", "1");
        command.env("AWS_ACCESS_KEY_ID", "testing").env("AWS_SECRET_ACCESS_KEY", "testing");
        async move {
            let ran = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
            assert_eq!(ran.status.code(), Some(0), "{ran:?}");
            let text = String::from_utf8(ran.stdout).unwrap();
            let without_place = |line: &str| {
                let mut record: Value = serde_json::from_str(line).unwrap();
                let file = record["file"].take();
                assert!(file.as_str().unwrap().starts_with(&path));
                record.to_string()
            };
            let mut lines: Vec<String> = text.lines().map(without_place).collect();
            lines.sort();
            lines
        }
    };
    let of_folder = records(path).await;
    assert_eq!(of_folder.len(), 24);
    assert_eq!(records("s3://logs/audit".to_string()).await, of_folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_is_told_by_its_cause() {
    for (status, code, says) in [
        (404, "NoSuchBucket", "there is no bucket `logs` (NoSuchBucket)"),
        (
            403,
            "AccessDenied",
            "AWS denied ListObjectsV2 (AccessDenied): said by S3: reading needs `s3:ListBucket`",
        ),
        (400, "ExpiredToken", "the credentials have expired (ExpiredToken): export new ones"),
        (403, "InvalidAccessKeyId", "AWS does not know the access key of the environment"),
        (403, "SignatureDoesNotMatch", "the secret access key of the environment"),
        (403, "RequestTimeTooSkewed", "set the clock of this machine"),
        (
            301,
            "PermanentRedirect",
            "bucket `logs` is in another Region (PermanentRedirect: said by S3)",
        ),
    ] {
        let server = Server::start(move |_| refusal(status, code)).await.unwrap();
        let ran = logs(&server, &["s3://logs/audit"]).await;
        ran.is_refused(&["cannot read `s3://logs/audit/`: ", says]);
    }
    let server = serve().await;
    let ran = logs(&server, &["s3://logs/adit"]).await;
    ran.is_refused(&["cannot read `s3://logs/adit/`: no object's key begins so"]);
    logs(&server, &["s3://"]).await.is_refused(&["`s3://` is no location in S3"]);
    let folder = TempDir::new().unwrap();
    let path = folder.path().to_str().unwrap();
    for option in [&["--resume", path][..], &["--request-payer"], &["--profile", "p"]] {
        let ran = logs(&server, &[&[path], option].concat()).await;
        ran.is_refused(&[option[0], "no such path was given"]);
    }
    let mut nowhere = command(&["logs", "s3://logs"]);
    let output = nowhere.env("AWS_REGION", "us-east-1").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("there are no credentials"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_in_another_region_is_asked_there() {
    let objects = objects();
    let server = Server::start(move |request| match request.region() {
        "eu-west-1" => s3(&objects, request),
        _ => refusal(301, "PermanentRedirect").header("x-amz-bucket-region", "eu-west-1"),
    })
    .await
    .unwrap();
    assert_eq!(answer(&server, &["s3://logs/audit"]).await["read"]["files"], 24);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_cannot_be_had_is_named_and_is_exit_code_3() {
    let denied = key(ACCOUNTS[0], REGIONS[0], DAYS[0], 9);
    let (objects, of_one) = (objects(), denied.clone());
    let server = Server::start(move |request| {
        if request.path.contains(&of_one) {
            refusal(403, "AccessDenied")
        } else {
            s3(&objects, request)
        }
    })
    .await
    .unwrap();
    let ran = logs(&server, &["s3://logs/audit", "--format", "json"]).await;
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        answer["read"]["skipped"],
        json!([{
            "file": format!("s3://logs/{denied}"),
            "reason": "unreadable: S3 denied GetObject (AccessDenied): said by S3",
        }])
    );
    assert_eq!(answer["read"]["events"], 23);
}
