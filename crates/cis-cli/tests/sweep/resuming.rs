//! Sweeps that are interrupted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use loopback::Answer;

use super::world::{Site, World, caller};

/// A world that answers slowly enough to be interrupted.
async fn slow(members: usize) -> Site {
    let world = World::of(members);
    let answers = world.clone();
    Site::with(world, move |request, _| {
        Some(answers.answer(request).after(Duration::from_millis(2)))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_that_is_killed_anywhere_ends_as_one_that_is_not() {
    let site = slow(40).await;
    let options = ["--at-once", "3", "--format", "json"];
    let whole = site.run(&[&options[..], &["--keep", "whole.jsonl"]].concat());
    let expected = site.snapshots("whole.jsonl");
    let mut interrupted = 0;
    // Killed once so many accounts were finished, and some milliseconds later.
    let points = [
        ("a", [(0, 3), (1, 0), (8, 1), (30, 2)]),
        ("b", [(3, 0), (4, 5), (20, 0), (39, 0)]),
        ("c", [(12, 2), (13, 1), (40, 0), (41, 9)]),
    ];
    for (name, kills) in points {
        let file = format!("{name}.jsonl");
        let partial = site.path(&format!("{file}.partial"));
        let start = site.server.requests().len();
        let mut finished = Vec::new();
        let arguments = [&options[..], &["--keep", &file, "--resume"]].concat();
        for (count, milliseconds) in kills {
            let mut child = site.command(&arguments).spawn().unwrap();
            while lines(&partial).len() < count
                && !site.path(&file).exists()
                && child.try_wait().unwrap().is_none()
            {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            // SIGKILL: nothing of the process can clean up.
            child.kill().unwrap();
            child.wait().unwrap();
            let kept = lines(&partial);
            interrupted += usize::from((1..expected.len()).contains(&kept.len()));
            finished.push((site.server.requests().len(), kept));
        }
        let ran = site.run(&arguments);
        assert_eq!((ran.stdout, ran.code), (whole.stdout.clone(), whole.code), "{name}");
        assert_eq!(site.snapshots(&file), expected, "{name}");
        assert!(!partial.exists());
        // No account whose line was there is read again after it.
        let requests = site.server.requests();
        for (since, accounts) in finished {
            for request in &requests[since.max(start)..] {
                let account = caller(request);
                let is_read = request.operation() == "DescribeTrails";
                assert!(!(is_read && accounts.contains_key(&account)), "{name}: {account}");
            }
        }
        // And a whole sweep is not read at all.
        let before = site.server.requests_for("DescribeTrails").len();
        assert_eq!(site.run(&arguments).stdout, whole.stdout);
        assert_eq!(site.server.requests_for("DescribeTrails").len(), before, "{name}");
    }
    assert!(interrupted > 5, "{interrupted} of 12 were killed in the middle");
}

/// The accounts whose whole lines a file has.
fn lines(path: &std::path::Path) -> BTreeMap<String, ()> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
    let account = |line: &str| {
        let snapshot: serde_json::Value = serde_json::from_str(line).unwrap();
        Some((snapshot["accountId"].as_str()?.to_owned(), ()))
    };
    whole.lines().filter_map(account).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_expire_end_a_sweep_which_goes_on_with_new_ones() {
    let expired = Arc::new(AtomicBool::new(true));
    let is_expired = Arc::clone(&expired);
    let site = Site::with(World::of(30), move |request, number| {
        (request.operation() == "AssumeRole" && number > 60 && is_expired.load(Ordering::Relaxed))
            .then(|| {
                Answer::new(
                    403,
                    "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code>\
                     <Message>The security token is expired</Message></Error></ErrorResponse>",
                )
            })
    })
    .await;
    let arguments = ["--keep", "sweep.jsonl", "--format", "json", "--at-once", "2"];
    site.run(&arguments).is_refused(&["ExpiredToken", "--resume", "read and kept"]);
    assert!(!site.path("sweep.jsonl").exists());
    site.run(&arguments).is_refused(&["sweep.jsonl.partial", "--resume"]);
    expired.store(false, Ordering::Relaxed);
    let ran = site.run(&[&arguments[..], &["--resume"]].concat());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stderr.contains("had been read before"), "{ran:?}");
    assert_eq!(site.snapshots("sweep.jsonl").len(), 31);
    let reads = site.server.requests_for("DescribeTrails");
    let mut accounts: Vec<String> = reads.iter().map(caller).collect();
    let all = accounts.len();
    accounts.sort();
    accounts.dedup();
    // At most the two that were under way were read twice.
    assert!(all - accounts.len() <= 2, "{all} reads of {} accounts", accounts.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_for_a_reason_that_passes_is_read_again() {
    let broken = Arc::new(AtomicBool::new(true));
    let is_broken = Arc::clone(&broken);
    let site = Site::with(World::of(6), move |request, _| {
        let account = caller(request);
        let is_busy = account == super::world::id(2) && is_broken.load(Ordering::Relaxed);
        (is_busy && request.operation() == "DescribeTrails")
            .then(|| Answer::error("ThrottlingException", "Rate exceeded"))
    })
    .await;
    let arguments = ["--keep", "sweep.jsonl", "--format", "json", "--resume"];
    let ran = site.run(&arguments);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    broken.store(false, Ordering::Relaxed);
    let before = site.server.requests_for("DescribeTrails").len();
    let ran = site.run(&arguments);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(site.server.requests_for("DescribeTrails").len(), before + 1);
    let accounts: Vec<String> =
        site.snapshots("sweep.jsonl").iter().map(|it| it["accountId"].to_string()).collect();
    assert_eq!(accounts.len(), 7);
    assert!(accounts.is_sorted(), "the list's order");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_is_gone_ends_a_sweep() {
    // Whatever comes between them, 10 that are read cannot part 290 that are not into runs below 25.
    let entered = AtomicUsize::new(0);
    let site = Site::with(World::of(300), move |request, _| {
        let is_late =
            request.operation() == "AssumeRole" && entered.fetch_add(1, Ordering::Relaxed) >= 10;
        is_late.then(|| {
            Answer::new(
                400,
                "<ErrorResponse><Error><Type>Sender</Type><Code>RequestTimeout</Code>\
                 <Message>late</Message></Error></ErrorResponse>",
            )
        })
    })
    .await;
    let run = |arguments: &[&str]| {
        let mut command = site.command(arguments);
        let output = command.env("AWS_MAX_ATTEMPTS", "1").output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    let said = run(&["--keep", "sweep.jsonl"]);
    assert!(said.contains("RequestTimeout") && said.contains("--resume"), "{said}");
    assert!(run(&[]).contains("`--keep` gives a file"));
    let kept = lines(&site.path("sweep.jsonl.partial")).len();
    assert!((25..301).contains(&kept), "{kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_that_were_entered_are_answers_even_if_nothing_of_them_can_be_read() {
    let site = Site::of(World::of(40)).await;
    let mut command = site.command(&["--keep", "sweep.jsonl"]);
    command.env("AWS_MAX_ATTEMPTS", "1").env("AWS_ENDPOINT_URL_CLOUDTRAIL", "http://127.0.0.1:9");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert_eq!(site.snapshots("sweep.jsonl").len(), 41);
}
