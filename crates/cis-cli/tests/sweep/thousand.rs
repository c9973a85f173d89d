//! A thousand accounts: how fast, with how many calls, in how much memory.
#![cfg(target_os = "linux")]

use std::io::Read as _;
use std::time::{Duration, Instant};

use super::world::{Site, World};

/// The most memory that a sweep may ever have had, in kB, however many accounts there are.
const MOST: u64 = 64 * 1024;

/// The most memory that a process has had so far, in kB (`VmHWM`); nothing once it has ended.
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Sweeps so many accounts, each call of which takes a while as AWS's do.
async fn swept(members: usize) -> (u64, usize) {
    let world = World::of(members);
    let answers = world.clone();
    let latency = Duration::from_millis(40);
    let site =
        Site::with(world, move |request, _| Some(answers.answer(request).after(latency))).await;
    let start = Instant::now();
    let mut child = site.command(&["--keep", "sweep.jsonl", "--format", "json"]).spawn().unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        most = peak(child.id()).map_or(most, |now| most.max(now));
        // What it writes fits the pipe only in part, so its output is read once it waits for that.
        if site.path("sweep.jsonl").exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let took = start.elapsed();
    let mut answers = String::new();
    child.stdout.take().unwrap().read_to_string(&mut answers).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let requests = site.server.requests().len();
    let rate = members as f64 / took.as_secs_f64();
    eprintln!("{members} accounts: {took:.1?}, {rate:.0} a second, {requests} requests, {most} kB");
    assert_eq!(site.snapshots("sweep.jsonl").len(), members + 1);
    // One AssumeRole, GetCallerIdentity and DescribeTrails each, and two for each third one's trail.
    let pages = (members + 1).div_ceil(3) + 1;
    let expected = 3 * members + 2 * members.div_ceil(3) + pages + 4;
    assert!(requests.abs_diff(expected) < 5, "{requests} requests, {expected} expected");
    (most, requests)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute: `cargo test -p cis-cli --test sweep -- --ignored --nocapture`"]
async fn a_thousand_accounts_take_as_much_memory_as_a_hundred() {
    let (few, _) = swept(100).await;
    let (many, _) = swept(1000).await;
    assert!(many < MOST, "{many} kB");
    assert!(many < few + 8 * 1024, "{few} kB for a hundred, {many} kB for a thousand");
}
