//! `trailproof fix --apply` on trails in moto's server: through a proxy that breaks what it can, too.

use std::fs;
use std::path::{Path, PathBuf};

use e2e::Result;
use e2e::cli::{Aws, Ran, trailproof};
use e2e::moto::{Account, HOME};
use e2e::proxy::{Plan, Proxy};
use e2e::servers::Moto;
use e2e::setup::scratch;
use e2e::trails::all_s3_but;
use serde_json::{Value, json};

/// How often a fix is applied through the proxy; a run that waits for a lost call takes 15 seconds.
const ROUNDS: u64 = 6;

/// A folder that is not there yet.
fn folder(name: &str) -> Result<PathBuf> {
    let folder = scratch()?.join("fix").join(format!("{name}-{}", std::process::id()));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(folder.parent().ok_or("no folder")?)?;
    Ok(folder)
}

fn apply(account: &Account, folder: &Path, more: &[&str]) -> Result<Ran> {
    let out = folder.to_str().ok_or("no text")?;
    account.run(&[&["fix", "--apply", "--yes", "--out", out], more].concat())
}

fn selectors(account: &mut Account, trail: &str) -> Result<Value> {
    let mut shown = account.call(HOME, "get_event_selectors", json!({"TrailName": trail}))?;
    Ok(json!({
        "EventSelectors": shown["EventSelectors"].take(),
        "AdvancedEventSelectors": shown["AdvancedEventSelectors"].take(),
    }))
}

#[test]
fn a_trail_is_changed_read_back_and_changed_back() -> Result {
    let moto = Moto::start_corrected()?;
    let mut account = Account::at(&moto.url())?;
    account.advanced("main", all_s3_but("arn:aws:s3:::payroll/"))?;
    account.call(HOME, "stop_logging", json!({"Name": "main"}))?;
    let before = selectors(&mut account, "main")?;
    assert_eq!(account.audit(&[])?.0, 1);

    let folder = folder("life")?;
    let ran = apply(&account, &folder, &[])?;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.starts_with("APPLIED"), "{ran:?}");
    assert_eq!(account.audit(&[])?.0, 0);
    let after = selectors(&mut account, "main")?;
    assert_ne!(after, before);

    // The same command again finds everything done.
    let again = apply(&account, &folder, &[])?;
    assert!((again.code, again.stdout.starts_with("APPLIED")) == (0, true), "{again:?}");
    assert_eq!(selectors(&mut account, "main")?, after);

    // The way back, request by request, the last one first.
    let fix: Value = serde_json::from_str(&fs::read_to_string(folder.join("fix.json"))?)?;
    let changes = fix["changes"].as_array().ok_or("no changes")?;
    for undo in changes.iter().rev().flat_map(|it| it["undo"].as_array().into_iter().flatten()) {
        let method = match undo["call"].as_str() {
            Some("PutEventSelectors") => "put_event_selectors",
            Some("StopLogging") => "stop_logging",
            other => return Err(format!("{other:?}").into()),
        };
        account.call(HOME, method, undo["request"].clone())?;
    }
    assert_eq!(selectors(&mut account, "main")?, before);
    assert_eq!(account.audit(&[])?.0, 1);
    Ok(())
}

#[test]
fn a_trail_that_was_changed_since_is_left_and_the_difference_is_named() -> Result {
    let moto = Moto::start_corrected()?;
    let mut account = Account::at(&moto.url())?;
    account.advanced("main", all_s3_but("arn:aws:s3:::payroll/"))?;
    let snapshot = account.run(&["snapshot"])?;
    let file = folder("snapshot")?;
    fs::write(&file, &snapshot.stdout)?;
    let put = json!({
        "TrailName": "main", "AdvancedEventSelectors": all_s3_but("arn:aws:s3:::other/"),
    });
    account.call(HOME, "put_event_selectors", put)?;
    let changed = selectors(&mut account, "main")?;
    let folder = folder("stale")?;
    let ran = apply(&account, &folder, &[file.to_str().ok_or("no text")?])?;
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.stdout.starts_with("STALE"), "{ran:?}");
    assert!(ran.stdout.contains("its selectors are others"), "{ran:?}");
    // What that means: one bucket's events were lost, and another's gained.
    let [lost, gained] = ["not now", "not before"].map(|side| ran.stdout.find(side));
    let [other, payroll] = ["`other`", "`payroll`"].map(|bucket| ran.stdout.find(bucket));
    assert!(lost < other && other < gained && gained < payroll && lost.is_some(), "{ran:?}");
    assert_eq!(selectors(&mut account, "main")?, changed);
    Ok(())
}

#[test]
fn a_trail_is_made_where_there_is_none() -> Result {
    let moto = Moto::start_corrected()?;
    let mut account = Account::at(&moto.url())?;
    // moto's buckets are made by whoever makes a trail in it.
    account.create(HOME, "other", false, "EventSelectors", json!([{"ReadWriteType": "All"}]))?;
    account.call(HOME, "delete_trail", json!({"Name": "other"}))?;
    let ran = apply(&account, &folder("new")?, &["--log-bucket", "trail-logs"])?;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(account.audit(&[])?.0, 0);
    Ok(())
}

#[test]
fn no_fault_leaves_a_set_that_is_neither() -> Result {
    let moto = Moto::start_corrected()?;
    let mut account = Account::at(&moto.url())?;
    let port = moto.url().rsplit(':').next().ok_or("no port")?.parse()?;
    let proxy = Proxy::start(port, 11)?;
    let mut stopped = 0;
    for round in 0..ROUNDS {
        moto.reset()?;
        account.advanced("main", all_s3_but("arn:aws:s3:::payroll/"))?;
        let before = selectors(&mut account, "main")?;
        let folder = folder(&format!("round-{round}"))?;
        proxy.begin(Plan { invocation: round, per_cent: 20, slow: false });
        let out = folder.to_str().ok_or("no text")?;
        let broken = trailproof(
            Aws { endpoint: &proxy.url(), region: HOME },
            &["fix", "--apply", "--yes", "--out", out],
            "",
        )?;
        let struck = proxy.struck();
        let between = selectors(&mut account, "main")?;
        stopped += usize::from(broken.code != 0);
        // The next run goes on, or begins where nothing was written. A plan that was made while
        // something could not be read is not of the account that is found now: nothing is changed
        // then, and it is made once more.
        let mut ran = apply(&account, &folder, &[])?;
        if ran.stdout.starts_with("STALE") {
            assert!(ran.code == 3 && between == before, "round {round}, {struck:?}: {ran:?}");
            assert_eq!(selectors(&mut account, "main")?, before, "round {round}, {struck:?}");
            ran = apply(&account, &self::folder(&format!("round-{round}-again"))?, &[])?;
        }
        assert_eq!(ran.code, 0, "round {round}, {struck:?}: {broken:?}, then {ran:?}");
        let after = selectors(&mut account, "main")?;
        assert!(between == before || between == after, "round {round}, {struck:?}: {between}");
        assert_eq!(account.audit(&[])?.0, 0, "round {round}");
    }
    println!("{stopped} of {ROUNDS} runs were stopped");
    Ok(())
}
