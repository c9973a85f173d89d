//! Logs are read where they lie in a bucket as they are read in a folder.

use std::collections::BTreeMap;
use std::fs;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Builder, Credentials, SharedCredentialsProvider};
use cis_corpus::{Corpus, Settings};
use cis_logs::delivered::{Bucket, Delivered};
use cis_logs::layout::Kind;
use cis_logs::s3::{Access, OpenError, open};
use cis_logs::{FaultKind, Options, Scanned, Selection, discover, scan};
use e2e::Result;
use e2e::cli::{Aws, trailproof};
use e2e::servers::Moto;

fn config(moto: &Moto) -> SdkConfig {
    let keys = Credentials::new("testing", "testing", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .http_client(cis_aws::http_client())
        .endpoint_url(moto.url())
        .build()
}

/// A bucket with these objects.
fn fill(config: &SdkConfig, bucket: &str, objects: &[(String, Vec<u8>)]) -> Result {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = Client::from_conf(Builder::from(config).force_path_style(true).build());
        client.create_bucket().bucket(bucket).send().await?;
        for (key, bytes) in objects {
            client.put_object().bucket(bucket).key(key).body(bytes.clone().into()).send().await?;
        }
        Ok(())
    })
}

fn objects(settings: Settings, prefix: &str) -> Result<Vec<(String, Vec<u8>)>> {
    Corpus::new(settings)
        .map(|file| Ok((format!("{prefix}{}", file.key), file.compressed()?)))
        .collect()
}

fn settings() -> Settings {
    Settings {
        files: 60,
        files_per_day: 30,
        accounts: vec!["111122223333".to_string(), "444455556666".to_string()],
        organization: Some("o-ab12cd34ef".to_string()),
        twice: 40,
        ..Settings::default()
    }
}

fn counted(
    config: &SdkConfig,
    url: &str,
    selection: &Selection,
    access: Access,
) -> Result<Scanned<Delivered>> {
    let files = open(config, url.parse()?, access)?.read(selection.clone())?;
    let options = Options { selection: selection.clone(), ..Options::default() };
    Ok(scan(files, &options, Delivered::default))
}

fn buckets(scanned: &Scanned<Delivered>) -> BTreeMap<Option<String>, Bucket> {
    scanned.accumulated.buckets()
}

#[test]
fn a_bucket_is_read_as_its_files_in_a_folder_are() -> Result {
    let moto = Moto::start()?;
    let config = config(&moto);
    let folder = tempfile::tempdir()?;
    let objects = objects(settings(), "audit/")?;
    for (key, bytes) in &objects {
        let path = folder.path().join(key);
        fs::create_dir_all(path.parent().ok_or("no folder")?)?;
        fs::write(path, bytes)?;
    }
    let account = "audit/AWSLogs/o-ab12cd34ef/111122223333";
    let beside = [
        (format!("{account}/CloudTrail-Digest/us-east-1/2026/03/01/d.json.gz"), b"d".to_vec()),
        (format!("{account}/Config/us-east-1/2026/3/1/c.json.gz"), b"c".to_vec()),
        (format!("{account}/CloudTrail/us-east-1/2026/03/01/notes.txt"), b"n".to_vec()),
    ];
    fill(&config, "logs", &[objects.as_slice(), &beside].concat())?;

    let day = |text: &str| Some(text.parse().unwrap());
    for (name, selection) in [
        ("all", Selection::default()),
        (
            "one account",
            Selection { accounts: ["444455556666".into()].into(), ..Selection::default() },
        ),
        ("one Region", Selection { regions: ["eu-west-1".into()].into(), ..Selection::default() }),
        ("the second day", Selection { from: day("2026-03-02"), ..Selection::default() }),
        ("the first hour", Selection { to: day("2026-03-01T01:00:00Z"), ..Selection::default() }),
    ] {
        let files = discover(&[folder.path().to_path_buf()], &selection)?;
        let options = Options { selection: selection.clone(), ..Options::default() };
        let local = scan(files, &options, Delivered::default);
        for url in ["s3://logs/audit", "s3://logs/audit/AWSLogs/o-ab12cd34ef/"] {
            let remote = counted(&config, url, &selection, Access::default())?;
            assert!(!buckets(&remote).is_empty(), "{name}");
            assert_eq!(buckets(&remote), buckets(&local), "{name}, {url}");
            assert_eq!(remote.tally, local.tally, "{name}, {url}");
            assert_eq!(remote.faults.count(), 0, "{:?}", remote.faults);
        }
    }
    let region = format!("s3://logs/{account}/CloudTrail/us-east-1/2026/03/01");
    let one = counted(&config, &region, &Selection::default(), Access::default())?;
    let expected = objects
        .iter()
        .filter(|(key, _)| key.contains("/111122223333/CloudTrail/us-east-1/2026/03/01/"));
    assert_eq!(one.tally.files, expected.count() as u64);
    assert_eq!(one.left_out.by_kind.keys().collect::<Vec<_>>(), [&Kind::Unknown]);
    let all = counted(&config, "s3://logs/audit", &Selection::default(), Access::default())?;
    let kinds: Vec<_> = all.left_out.by_kind.keys().copied().collect();
    assert_eq!(kinds, [Kind::Digest, Kind::OtherService, Kind::Unknown]);
    Ok(())
}

#[test]
fn what_was_kept_is_not_fetched_again() -> Result {
    let moto = Moto::start()?;
    let config = config(&moto);
    let objects = objects(settings(), "")?;
    fill(&config, "kept", &objects)?;
    let folder = tempfile::tempdir()?;
    let access = Access { requester_pays: true, keep: Some(folder.path().to_path_buf()) };
    let all = Selection::default();
    let first = counted(&config, "s3://kept", &all, access.clone())?;

    // One was kept in part only, one was written later and is fetched again, and one has other bytes in
    // its place: it is taken as it is.
    let place = |key: &str| folder.path().join("kept").join(key);
    let (cut, later, changed) = (&objects[3], &objects[5], &objects[4]);
    fs::write(place(&cut.0), &cut.1[..100])?;
    fs::write(place(&later.0), vec![b' '; later.1.len()])?;
    let time = fs::metadata(place(&changed.0))?.modified()?;
    fs::write(place(&changed.0), vec![b' '; changed.1.len()])?;
    fs::File::options().write(true).open(place(&changed.0))?.set_modified(time)?;
    let second = counted(&config, "s3://kept", &all, access.clone())?;
    let faults: Vec<_> =
        second.faults.iter().map(|fault| (fault.kind, fault.file.clone())).collect();
    assert_eq!(faults, [(FaultKind::NotCloudTrails, format!("s3://kept/{}", changed.0))]);

    fs::remove_file(place(&changed.0))?;
    let third = counted(&config, "s3://kept", &all, access)?;
    assert_eq!(buckets(&third), buckets(&first));
    assert_eq!((third.tally, third.faults.count()), (first.tally, 0));
    Ok(())
}

#[test]
fn a_bucket_that_is_not_there_is_told_by_its_code() -> Result {
    let moto = Moto::start()?;
    let config = config(&moto);
    let refused = open(&config, "s3://none".parse()?, Access::default()).unwrap_err();
    assert!(matches!(refused, OpenError::Refused(failure) if failure.code == "NoSuchBucket"));
    Ok(())
}

#[test]
fn the_command_answers_of_a_bucket_what_it_answers_of_a_folder() -> Result {
    let moto = Moto::start()?;
    let objects = objects(settings(), "audit/")?;
    fill(&config(&moto), "logs", &objects)?;
    let folder = tempfile::tempdir()?;
    for (key, bytes) in &objects {
        let path = folder.path().join(key);
        fs::create_dir_all(path.parent().ok_or("no folder")?)?;
        fs::write(path, bytes)?;
    }
    let kept = tempfile::tempdir()?;
    let url = moto.url();
    let aws = Aws { endpoint: &url, region: "eu-central-1" };
    let path = folder.path().join("audit").display().to_string();
    let kept = kept.path().display().to_string();
    for options in [
        &[][..],
        &["--account", "444455556666"],
        &["--region", "eu-west-1", "--from", "2026-03-02"],
        &["--to", "2026-03-01T01:00:00Z"],
    ] {
        let logs = |paths: &[&str]| {
            trailproof(aws, &[&["logs", "--format", "json"], paths, options].concat(), "")
        };
        let local = logs(&[&path])?;
        assert_eq!((local.code, local.stderr.as_str()), (0, ""), "{options:?}");
        for paths in [
            &["s3://logs/audit"][..],
            &["s3://logs/audit/AWSLogs/", "--resume", &kept],
            &["s3://logs/audit/AWSLogs/", "--resume", &kept],
        ] {
            let ran = logs(paths)?;
            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{paths:?} {options:?}");
            assert_eq!(ran.json()?, local.json()?, "{paths:?} {options:?}");
        }
    }
    let ran = trailproof(aws, &["logs", "s3://none"], "")?;
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("there is no bucket `none` (NoSuchBucket)"), "{ran:?}");
    Ok(())
}
