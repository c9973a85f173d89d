//! `trailproof verify` and the AWS CLI's `validate-logs` on the same buckets.
//!
//! What each says of each kind of tampering is the table in `docs/tampering.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use cis_corpus::digests::{Encoding, SigningKey, list_of_keys};
use cis_corpus::tampering::{Scene, all};
use e2e::Result;
use e2e::cli::{Aws, NO_AWS, Ran, trailproof};
use e2e::process::python;
use e2e::servers::{Moto, Standin};
use e2e::setup::scratch;
use serde_json::{Value, json};

const REGION: &str = "us-east-1";

/// What the AWS CLI finds and `verify` does not: nothing in it was changed.
const NO_FAULT: [&str; 1] = ["log-decompressed"];

/// What `verify` finds and the AWS CLI passes with exit code 0.
const PASSED_BY_THE_CLI: [&str; 9] = [
    "log-added",
    "newest-deleted",
    "digests-deleted",
    "everything-deleted",
    "digest-appended",
    "digest-added",
    "previous-hash",
    "stopped",
    "stopped-and-deleted",
];

/// A folder for one test, empty.
fn folder(name: &str) -> Result<PathBuf> {
    let path = scratch()?.join("verify").join(name);
    if path.exists() {
        fs::remove_dir_all(&path)?;
    }
    fs::create_dir_all(&path)?;
    Ok(path)
}

fn text(path: &Path) -> Result<&str> {
    Ok(path.to_str().ok_or("a path that is no text")?)
}

struct Keys {
    cloudtrail: SigningKey,
    other: SigningKey,
}

impl Keys {
    fn make() -> Result<Self> {
        Ok(Self {
            cloudtrail: SigningKey::from_seed(1, Encoding::Pkcs1)?,
            other: SigningKey::from_seed(2, Encoding::Pkcs1)?,
        })
    }

    /// CloudTrail's key as it is listed, valid for some days around a scene.
    fn listed(&self, scene: &Scene<'_>) -> Value {
        let day = 86_400;
        self.cloudtrail.listed(scene.plan.start.plus(-day), scene.plan.end().plus(day))
    }

    /// A stand-in for CloudTrail that lists the key.
    fn standin(&self, scene: &Scene<'_>) -> Result<Standin> {
        let mut key = self.listed(scene);
        key["region"] = json!(REGION);
        Standin::with(&json!({
            "accounts": [{"accountId": "111122223333", "partition": "aws", "region": REGION}],
            "publicKeys": [key],
        }))
    }
}

/// What the AWS CLI said of each bucket, by name.
fn validate_logs(standin: &Standin, runs: &[Value]) -> Result<BTreeMap<String, Value>> {
    let moto = Moto::start()?;
    let mut command = python(&["drivers/validate_logs.py"])?;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let given = json!({"s3": moto.url(), "cloudtrail": standin.url(), "runs": runs});
    child.stdin.take().ok_or("no standard input")?.write_all(given.to_string().as_bytes())?;
    let output = child.wait_with_output()?;
    let mut said = BTreeMap::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let run: Value = serde_json::from_str(line)?;
        said.insert(run["name"].as_str().unwrap_or_default().to_string(), run);
    }
    assert_eq!(said.len(), runs.len(), "each run answers");
    Ok(said)
}

/// The files that the AWS CLI calls invalid, and why.
fn invalid(run: &Value) -> Vec<(String, String)> {
    let lines = run["stderr"].as_str().unwrap_or_default().lines();
    let mut invalid = Vec::new();
    for line in lines {
        let mut parts = line.split('\t');
        if let (Some(_), Some(file), Some(why)) = (parts.next(), parts.next(), parts.next())
            && let Some(why) = why.strip_prefix("INVALID: ")
        {
            invalid.push((file.to_string(), why.to_string()));
        }
    }
    invalid
}

/// What the AWS CLI says, in a few words.
fn in_words(run: &Value) -> String {
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for (file, why) in invalid(run) {
        let what = if file.contains("-Digest") { "digest" } else { "log" };
        // A fingerprint is of no interest here.
        let why = why.split(" in region").next().unwrap_or_default().to_string();
        *counted.entry(format!("{what} {why}")).or_default() += 1;
    }
    let lines = run["stderr"].as_str().unwrap_or_default();
    let gaps = lines.matches("No log files were delivered").count();
    let mut words: Vec<String> = counted
        .into_iter()
        .map(|(what, count)| if count == 1 { what } else { format!("{count} × {what}") })
        .collect();
    if gaps > 0 {
        words.push(format!("{gaps} × \"No log files were delivered\""));
    }
    if run["stdout"].as_str().is_some_and(|text| text.contains("No digests found")) {
        words.push("\"No digests found\"".to_string());
    }
    let words = if words.is_empty() { "nothing".to_string() } else { words.join(", ") };
    format!("{} ({words})", run["code"])
}

/// What `verify` says, in a few words.
fn kinds(found: &Value) -> Vec<String> {
    ["faults", "undecided"]
        .iter()
        .flat_map(|list| found[list].as_array().into_iter().flatten())
        .map(|finding| {
            let kind = finding["kind"].as_str().unwrap_or_default();
            match finding["files"].as_u64() {
                Some(count) if count > 1 => format!("{kind} × {count}"),
                _ => kind.to_string(),
            }
        })
        .collect()
}

fn verify(folder: &Path, keys: &Path, scene: &Scene<'_>) -> Result<Ran> {
    let (from, to) = (scene.plan.start.to_string(), scene.plan.end().to_string());
    trailproof(
        NO_AWS,
        &[
            "verify",
            text(folder)?,
            "--keys",
            text(keys)?,
            "--from",
            &from,
            "--to",
            &to,
            "--format",
            "json",
        ],
        "",
    )
}

#[test]
fn verify_and_the_aws_cli_agree_wherever_the_aws_cli_is_right() -> Result {
    let keys = Keys::make()?;
    let whole = Scene::whole(&keys.cloudtrail, &keys.other)?;
    let root = folder("tampering")?;
    let listed = root.join("keys.json");
    fs::write(&listed, list_of_keys(&[keys.listed(&whole)]).to_string())?;
    let standin = keys.standin(&whole)?;

    let mut scenes = vec![("nothing", "nothing is done", whole)];
    for it in all() {
        scenes.push((it.name, it.what, Scene::after(&it, &keys.cloudtrail, &keys.other)?));
    }
    let mut runs = Vec::new();
    for (name, _, scene) in &scenes {
        let folder = root.join(name);
        fs::create_dir_all(&folder)?;
        scene.bucket.write(&folder, true)?;
        runs.push(json!({"name": name, "folder": folder, "arguments": arguments(scene)}));
    }
    let said = validate_logs(&standin, &runs)?;
    standin.check_models()?;

    let mut table = String::new();
    for (name, what, scene) in &scenes {
        let ran = verify(&root.join(name), &listed, scene)?;
        let found = ran.json()?;
        let run = said.get(*name).ok_or("no run of that name")?;
        let cli = run["code"].as_i64().ok_or("no exit code")?;
        let found_kinds = kinds(&found);
        match (cli, ran.code) {
            (0, 0) | (1, 1) => {}
            (1, 0) => assert!(NO_FAULT.contains(name), "{name}: {found:#} {run:#}"),
            (0, 1) => assert!(PASSED_BY_THE_CLI.contains(name), "{name}: {found:#} {run:#}"),
            // A key that was not given is not decided here, and an error there.
            (1, 3) => assert_eq!(found_kinds, ["no-key"], "{name}: {found:#} {run:#}"),
            codes => return Err(format!("{name}: {codes:?} {found:#} {run:#}").into()),
        }
        agree(name, &found, run)?;
        let ours =
            if found_kinds.is_empty() { "nothing".to_string() } else { found_kinds.join(", ") };
        let row = format!("| {what} | {} ({ours}) | {} |\n", ran.code, in_words(run));
        table.push_str(&row);
    }
    let missed = scenes.iter().filter(|(name, ..)| PASSED_BY_THE_CLI.contains(name)).count();
    assert_eq!(missed, PASSED_BY_THE_CLI.len());
    committed(&table)
}

/// Every file that the AWS CLI calls invalid is named by `verify` too.
fn agree(name: &str, found: &Value, run: &Value) -> Result {
    if NO_FAULT.contains(&name) {
        return Ok(());
    }
    let named: BTreeSet<&str> = ["faults", "undecided"]
        .iter()
        .flat_map(|list| found[list].as_array().into_iter().flatten())
        .flat_map(|finding| [&finding["object"], &finding["file"], &finding["message"]])
        .filter_map(Value::as_str)
        .collect();
    for (file, why) in invalid(run) {
        let is_named = named.iter().any(|text| text.contains(&file));
        // The file that lies in a place is named as it lies in the copy.
        let key = file.split_once("/AWSLogs/").map_or(file.as_str(), |(_, key)| key);
        let is_placed = named.iter().any(|text| text.contains(key));
        if !is_named && !is_placed {
            return Err(format!("{name}: `{file}` is {why}, but not named: {found:#}").into());
        }
    }
    Ok(())
}

/// The arguments of `validate-logs` for a scene.
fn arguments(scene: &Scene<'_>) -> Vec<String> {
    let (from, to) = (scene.plan.start.to_string(), scene.plan.end().to_string());
    [
        "--trail-arn",
        "arn:aws:cloudtrail:us-east-1:111122223333:trail/main",
        "--s3-bucket",
        "trail-logs",
        "--start-time",
        &from,
        "--end-time",
        &to,
    ]
    .map(str::to_string)
    .to_vec()
}

const BEGIN: &str = "<!-- the tests write what follows -->\n";

/// Holds the committed table against what was said.
fn committed(table: &str) -> Result {
    let path = xtask::root().join("docs/tampering.md");
    let text = fs::read_to_string(&path)?;
    let (head, tail) = text.split_once(BEGIN).ok_or("docs/tampering.md has no mark")?;
    let made = format!(
        "| what is done | `trailproof verify` | `aws cloudtrail validate-logs` |\n|---|---|---|\n{table}"
    );
    if std::env::var_os("TRAILPROOF_BLESS").is_some() {
        fs::write(&path, format!("{head}{BEGIN}{made}"))?;
    } else {
        assert_eq!(
            tail, made,
            "docs/tampering.md is not what was said; TRAILPROOF_BLESS=1 writes it"
        );
    }
    Ok(())
}

#[test]
fn a_start_with_an_offset_is_honoured_by_verify_and_not_by_the_aws_cli() -> Result {
    let keys = Keys::make()?;
    let mut scene = Scene::whole(&keys.cloudtrail, &keys.other)?;
    // Delivered at 00:06, which is 09:06 in Tokyo.
    let first = scene.bucket.logs().remove(0);
    scene.bucket.files.remove(&first);
    let root = folder("offset")?;
    let listed = root.join("keys.json");
    fs::write(&listed, list_of_keys(&[keys.listed(&scene)]).to_string())?;
    let bucket = root.join("bucket");
    scene.bucket.write(&bucket, true)?;
    let start = "2026-03-01T09:01:31+09:00";
    let with_offset = ["verify", text(&bucket)?, "--keys", text(&listed)?, "--from", start];
    let ran = trailproof(NO_AWS, &with_offset, "")?;
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stdout.contains("log-missing"), "{ran:?}");

    let mut cli = arguments(&scene);
    let at = cli.iter().position(|it| it == "--start-time").ok_or("no start")?;
    cli[at + 1] = start.to_string();
    let runs = [json!({"name": "offset", "folder": bucket, "arguments": cli})];
    let said = validate_logs(&keys.standin(&scene)?, &runs)?;
    assert_eq!(said["offset"]["code"], 0, "{said:?}");
    Ok(())
}

#[test]
fn cloudtrail_is_asked_for_its_keys() -> Result {
    let keys = Keys::make()?;
    let scene = Scene::whole(&keys.cloudtrail, &keys.other)?;
    let bucket = folder("listed")?;
    scene.bucket.write(&bucket, true)?;
    let standin = keys.standin(&scene)?;
    let url = standin.url();
    let to = scene.plan.end().to_string();
    let asked = ["verify", text(&bucket)?, "--list-keys", "--to", &to, "--format", "json"];
    let aws = Aws { endpoint: &url, region: "eu-central-1" };
    let ran = trailproof(aws, &asked, "")?;
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    let calls = standin.calls_of("ListPublicKeys")?;
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0]["region"], REGION, "the digests' Region is asked");
    assert_eq!(calls[0]["input"]["StartTime"], scene.plan.start.seconds());
    standin.check_models()?;

    // All of CloudTrail's keys are known: one that is not among them is not CloudTrail's.
    let forged =
        all().into_iter().find(|it| it.name == "newest-of-another-key").ok_or("no such kind")?;
    let forged = Scene::after(&forged, &keys.cloudtrail, &keys.other)?;
    let bucket = folder("listed-forged")?;
    forged.bucket.write(&bucket, true)?;
    let asked = ["verify", text(&bucket)?, "--list-keys", "--to", &to, "--format", "json"];
    let ran = trailproof(aws, &asked, "")?;
    assert_eq!((ran.code, kinds(&ran.json()?)), (1, vec!["digest-key-unknown".to_string()]));

    let ran = trailproof(NO_AWS, &asked, "")?;
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(ran.stderr.contains("cannot list CloudTrail's public keys in us-east-1"), "{ran:?}");
    Ok(())
}

/// Makes the bucket hold a scene's files, and nothing else.
async fn put(client: &aws_sdk_s3::Client, scene: &Scene<'_>) -> Result {
    let listed = client.list_objects_v2().bucket(BUCKET).send().await?;
    for key in listed.contents().iter().filter_map(|object| object.key()) {
        client.delete_object().bucket(BUCKET).key(key).send().await?;
    }
    for (key, file) in &scene.bucket.files {
        let put = client.put_object().bucket(BUCKET).key(key).body(file.bytes.clone().into());
        let put = match &file.signature {
            Some(signature) => put.metadata("signature", signature),
            None => put,
        };
        put.send().await?;
    }
    Ok(())
}

const BUCKET: &str = "trail-logs";

#[test]
fn a_bucket_is_verified_as_a_copy_of_it_is() -> Result {
    let keys = Keys::make()?;
    let whole = Scene::whole(&keys.cloudtrail, &keys.other)?;
    let root = folder("in-place")?;
    let listed = root.join("keys.json");
    fs::write(&listed, list_of_keys(&[keys.listed(&whole)]).to_string())?;
    let moto = Moto::start()?;
    let url = moto.url();
    let (from, to) = (whole.plan.start.to_string(), whole.plan.end().to_string());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let credentials =
        aws_sdk_s3::config::Credentials::new("testing", "testing", None, None, "test");
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(aws_config::BehaviorVersion::latest())
        .region(aws_config::Region::new(REGION))
        .credentials_provider(credentials)
        .http_client(cis_aws::http_client())
        .endpoint_url(&url)
        .force_path_style(true)
        .build();
    let client = aws_sdk_s3::Client::from_conf(config);
    runtime.block_on(client.create_bucket().bucket(BUCKET).send())?;
    let mut scenes = vec![("nothing", whole)];
    for it in all() {
        scenes.push((it.name, Scene::after(&it, &keys.cloudtrail, &keys.other)?));
    }
    for (name, scene) in &scenes {
        runtime.block_on(put(&client, scene))?;
        let copy = root.join(name);
        // Of an empty bucket a copy is an empty folder.
        std::fs::create_dir_all(&copy)?;
        scene.bucket.write(&copy, true)?;
        let of_copy = verify(&copy, &listed, scene)?;
        let arguments = [
            "verify",
            "s3://trail-logs",
            "--keys",
            text(&listed)?,
            "--from",
            &from,
            "--to",
            &to,
            "--format",
            "json",
        ];
        let aws = Aws { endpoint: &url, region: REGION };
        let of_bucket = trailproof(aws, &arguments, "")?;
        assert_eq!(of_bucket.code, of_copy.code, "{name}: {of_bucket:?}");
        let (of_bucket, of_copy) = (kinds(&of_bucket.json()?), kinds(&of_copy.json()?));
        if *name == "digest-added" {
            // Only the bucket shows that CloudTrail did not sign it.
            assert_eq!(of_bucket, ["digest-altered"]);
            assert_eq!(of_copy, ["digest-unchained"]);
        } else {
            assert_eq!(of_bucket, of_copy, "{name}");
        }
    }
    Ok(())
}
