//! Live accounts: whose credentials are used, who is named, and each way in which that fails.
//!
//! The servers answer on the loopback interface; the profiles are files of the test.
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

mod command;

use std::path::Path;

use loopback::{Answer, NEVER, Request, Server};
use serde_json::{Value, json};

use self::command::{Ran, command};

const PROFILES: &str = "\
[default]
aws_access_key_id = of-default
aws_secret_access_key = testing
region = us-east-1
[profile prod]
aws_access_key_id = of-prod
aws_secret_access_key = testing
region = eu-west-1
[profile nowhere]
aws_access_key_id = of-prod
aws_secret_access_key = testing
[profile empty]
region = us-east-1
[profile half]
aws_access_key_id = of-prod
region = us-east-1
[profile half-sso]
sso_start_url = https://example.awsapps.com/start
region = us-east-1
[profile sso]
sso_session = example
sso_account_id = 111122223333
sso_role_name = Audit
region = us-east-1
[sso-session example]
sso_region = us-east-1
sso_start_url = https://example.awsapps.com/start
[profile login]
login_session = arn:aws:iam::111122223333:user/alice
region = us-east-1
[profile chained]
role_arn = arn:aws:iam::111122223333:role/audit
source_profile = gone
region = us-east-1
[profile sourceless]
role_arn = arn:aws:iam::111122223333:role/audit
region = us-east-1
[profile program]
credential_process = /bin/false --of program
region = us-east-1
[profile token]
role_arn = arn:aws:iam::111122223333:role/audit
web_identity_token_file = /nonexistent/token
region = us-east-1
[profile typo]
aws_access_key_id = of-prod
aws_secret_access_key = testing
region = us-esat-1
";

/// Who each access key belongs to.
fn account(key: &str) -> (&'static str, &'static str) {
    match key {
        "of-default" => ("444455556666", "user/default"),
        "of-role" => ("777788889999", "assumed-role/audit/trailproof"),
        _ => ("111122223333", "user/alice"),
    }
}

/// An account with no trails, whoever asks.
fn aws(request: &Request) -> Answer {
    match request.operation() {
        "GetCallerIdentity" => {
            let (account, name) = account(request.access_key());
            let service = if name.starts_with("assumed") { "sts" } else { "iam" };
            Answer::new(
                200,
                format!(
                    "<GetCallerIdentityResponse><GetCallerIdentityResult>\
                     <Arn>arn:aws:{service}::{account}:{name}</Arn><UserId>A</UserId>\
                     <Account>{account}</Account>\
                     </GetCallerIdentityResult></GetCallerIdentityResponse>"
                ),
            )
        }
        "AssumeRole" => Answer::session("of-role", NEVER),
        _ => Answer::ok(&json!({"trailList": []})),
    }
}

fn sts_error(code: &'static str, message: &'static str) -> impl Fn(&Request) -> Answer {
    move |_| {
        Answer::new(
            403,
            format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>\
                 <Message>{message}</Message></Error></ErrorResponse>"
            ),
        )
    }
}

/// Runs the command in a home of its own, with these variables.
fn run(home: &Path, url: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let output = command(arguments)
        .env("HOME", home)
        .env("AWS_CONFIG_FILE", home.join("config"))
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_MAX_ATTEMPTS", "1")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("config"), PROFILES).unwrap();
    home
}

const KEYS: [(&str, &str); 2] =
    [("AWS_ACCESS_KEY_ID", "of-environment"), ("AWS_SECRET_ACCESS_KEY", "testing")];

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_names_who_read_it() {
    let server = Server::start(aws).await.unwrap();
    let home = home();
    let ran = run(home.path(), server.url(), &["audit", "--profile", "prod"], &[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let said = "Read by   arn:aws:iam::111122223333:user/alice, profile prod, in eu-west-1\n";
    assert!(ran.stdout.contains(said), "{ran:?}");
    let asked = ["audit", "--profile", "prod", "--details"];
    let ran = run(home.path(), server.url(), &asked, &[]);
    let said = "Read in eu-west-1 by arn:aws:iam::111122223333:user/alice, profile `prod`.";
    assert!(ran.stdout.contains(said), "{ran:?}");
    let ran = run(home.path(), server.url(), &["audit", "--format", "json"], &[]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        report["results"][0]["readBy"],
        json!({"arn": "arn:aws:iam::444455556666:user/default", "profile": "default",
               "region": "us-east-1"})
    );
    let ran = run(home.path(), server.url(), &["snapshot"], &KEYS);
    let snapshot: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        snapshot["readBy"],
        json!({"arn": "arn:aws:iam::111122223333:user/alice", "region": "us-east-1"})
    );
    assert!(schema_check::check_output(&ran.stdout).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_does_not_exist_ends_the_run_before_anything_is_asked() {
    let server = Server::start(aws).await.unwrap();
    let home = home();
    let asked = ["audit", "--profile", "prdo"];
    run(home.path(), server.url(), &asked, &KEYS).is_refused(&[
        "--profile",
        "`prdo`",
        "did you mean `prod`?",
    ]);
    for variable in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
        run(home.path(), server.url(), &["audit"], &[(variable, "staging"), KEYS[0], KEYS[1]])
            .is_refused(&[variable, "`staging`", "`default`, `empty`"]);
    }
    let two = [("AWS_PROFILE", "prod"), ("AWS_DEFAULT_PROFILE", "sso")];
    run(home.path(), server.url(), &["audit"], &two).is_refused(&["`prod`", "`sso`", "unset"]);
    assert!(server.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environments_profile_is_used_and_its_keys_come_before_it() {
    let server = Server::start(aws).await.unwrap();
    let home = home();
    for variable in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
        let ran = run(home.path(), server.url(), &["snapshot"], &[(variable, "prod")]);
        assert!(ran.stdout.contains("\"profile\": \"prod\""), "{ran:?}");
        assert_eq!(server.requests()[0].access_key(), "of-prod");
    }
    let chosen = [("AWS_PROFILE", "prod"), KEYS[0], KEYS[1]];
    let ran = run(home.path(), server.url(), &["snapshot"], &chosen);
    assert!(ran.stderr.contains("note: ") && ran.stderr.contains("AWS_ACCESS_KEY_ID"), "{ran:?}");
    assert!(!ran.stdout.contains("\"profile\""), "{ran:?}");
    // A profile without credentials is not replaced by others.
    run(home.path(), server.url(), &["audit"], &[("AWS_PROFILE", "empty")])
        .is_refused(&["profile `empty` has no credentials"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_are_missing_are_told_with_the_next_step() {
    let server = Server::start(aws).await.unwrap();
    let home = home();
    for (profile, says) in [
        ("empty", ["has no credentials", "aws configure sso --profile empty"]),
        ("half", ["`aws_secret_access_key`", "aws configure --profile half"]),
        ("half-sso", ["`sso_account_id`", "aws configure --profile half-sso"]),
        ("sso", ["was never opened", "aws sso login --profile sso"]),
        ("login", ["console", "aws login --profile login"]),
        ("chained", ["`gone`", "no such profile"]),
        ("sourceless", ["`source_profile`", "not complete"]),
        ("program", ["`credential_process`, `/bin/false`", "exit status: 1"]),
        ("token", ["`/nonexistent/token`", "No such file"]),
        ("typo", ["`us-esat-1`", "did you mean `us-east-1`?"]),
    ] {
        let asked = ["audit", "--profile", profile];
        run(home.path(), server.url(), &asked, &[]).is_refused(&[
            profile_or(profile),
            says[0],
            says[1],
        ]);
    }
    let nothing = [("AWS_CONFIG_FILE", "/nonexistent")];
    run(home.path(), server.url(), &["audit"], &nothing)
        .is_refused(&["there are no credentials", "aws configure sso"]);
    assert!(server.requests().is_empty());
}

/// The profile's name, but of the one whose Region is told.
fn profile_or(profile: &str) -> &str {
    if profile == "typo" { "Region" } else { profile }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_has_expired_is_told_with_the_login() {
    let server = Server::start(aws).await.unwrap();
    let home = home();
    let cache = home.path().join(".aws/sso/cache");
    std::fs::create_dir_all(&cache).unwrap();
    // The SHA-1 of `example`, the session's name.
    let token = json!({"startUrl": "https://example.awsapps.com/start", "region": "us-east-1",
                       "accessToken": "testing", "expiresAt": "2020-01-01T00:00:00Z"});
    let name = "c3499c2729730a7f807efb8676a92dcb6f8a3f8f.json";
    std::fs::write(cache.join(name), token.to_string()).unwrap();
    run(home.path(), server.url(), &["audit", "--profile", "sso"], &[])
        .is_refused(&["has expired", "aws sso login --profile sso"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_aws_refuses_is_told_by_its_code() {
    for (code, message, says) in [
        (
            "ExpiredToken",
            "The security token included in the request is expired",
            "export new ones",
        ),
        ("InvalidClientTokenId", "The security token is invalid", "does not know the access key"),
        (
            "SignatureDoesNotMatch",
            "Signature expired: 20200101T000000Z is now earlier",
            "the clock",
        ),
        ("SignatureDoesNotMatch", "Signature not yet current: 2099", "the clock"),
        ("RequestTimeTooSkewed", "The difference is too large", "the clock"),
        (
            "SignatureDoesNotMatch",
            "The request signature we calculated differs",
            "secret access key",
        ),
        ("Throttling", "Rate exceeded", "again in a minute"),
        ("AccessDenied", "explicit deny in a service control policy", "service control policy"),
    ] {
        let server = Server::start(sts_error(code, message)).await.unwrap();
        let ran = run(home().path(), server.url(), &["audit", "--region", "us-east-1"], &KEYS);
        ran.is_refused(&[code, says]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_names_the_endpoint() {
    let closed = "http://127.0.0.1:1";
    run(home().path(), closed, &["audit", "--profile", "prod"], &[]).is_refused(&[
        "no answer from http://127.0.0.1:1",
        "refused",
        "HTTPS_PROXY",
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_is_the_one_that_was_asked_for_or_nothing_is_read() {
    let server = Server::start(aws).await.unwrap();
    let home = home();
    for command in ["audit", "snapshot"] {
        let asked = [command, "--profile", "prod", "--account", "999988887777"];
        run(home.path(), server.url(), &asked, &[]).is_refused(&[
            "`--account 999988887777`",
            "111122223333",
            "arn:aws:iam::111122223333:user/alice",
        ]);
    }
    assert!(server.requests_for("DescribeTrails").is_empty());
    let asked = ["audit", "--profile", "prod", "--account", "111122223333"];
    assert_eq!(run(home.path(), server.url(), &asked, &[]).code, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_assumed_with_its_external_id() {
    let server = Server::start(aws).await.unwrap();
    let home = home();
    let arn = "arn:aws:iam::777788889999:role/audit";
    let asked = ["audit", "--profile", "prod", "--role-arn", arn, "--external-id", "x-1"];
    let ran = run(home.path(), server.url(), &asked, &[]);
    assert!(ran.stdout.contains("assumed-role/audit/trailproof"), "{ran:?}");
    assert!(ran.stdout.contains("NON_COMPLIANT  777788889999  "), "{ran:?}");
    let assumed = server.requests_for("AssumeRole");
    assert!(assumed[0].body.contains("ExternalId=x-1"), "{assumed:?}");
    assert_eq!(assumed[0].access_key(), "of-prod");
    let server = Server::start(sts_error("AccessDenied", "no trust policy")).await.unwrap();
    let ran = run(home.path(), server.url(), &asked, &[]);
    ran.is_refused(&[arn, "cannot be assumed", "no trust policy"]);
    for wrong in ["audit", "arn:aws:iam::777788889999:user/audit", "arn:aws:iam::7:role/audit"] {
        let ran = run(home.path(), server.url(), &["audit", "--role-arn", wrong], &KEYS);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains("a role's ARN is"), "{ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_region_is_set_the_partitions_default_is_asked_and_told() {
    let server = Server::start(aws).await.unwrap();
    let home = home();
    let ran = run(home.path(), server.url(), &["audit", "--profile", "nowhere"], &[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("no Region is set"), "{ran:?}");
    assert!(ran.stdout.contains(", in us-east-1\n"), "{ran:?}");
    let arn = "arn:aws-us-gov:iam::777788889999:role/audit";
    let asked = ["audit", "--profile", "nowhere", "--role-arn", arn];
    let ran = run(home.path(), server.url(), &asked, &[]);
    let words = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(", in us-gov-west-1 "), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_fails_for_other_reasons_is_not_answered_with_a_permission() {
    for (code, says) in [
        ("ExpiredTokenException", "renew the credentials"),
        ("ThrottlingException", "less often"),
        ("AccessDeniedException", "allow cloudtrail:DescribeTrails"),
    ] {
        let denying = move |request: &Request| match request.operation() {
            "DescribeTrails" => Answer::error(code, "because of policy p-1"),
            _ => aws(request),
        };
        let server = Server::start(denying).await.unwrap();
        let ran = run(home().path(), server.url(), &["audit", "--profile", "prod"], &[]);
        assert_eq!(ran.code, Some(3), "{ran:?}");
        let words = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(says), "{words}");
        assert!(words.contains("because of policy p-1"), "{words}");
        assert_eq!(words.contains("allow cloudtrail"), code == "AccessDeniedException", "{words}");
        let strict = ["snapshot", "--profile", "prod", "--strict"];
        let ran = run(home().path(), server.url(), &strict, &[]);
        assert_eq!(ran.code, Some(3), "{ran:?}");
        let ran = run(home().path(), server.url(), &strict[..3], &[]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
}
