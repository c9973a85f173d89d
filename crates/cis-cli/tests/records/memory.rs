//! Memory of `trailproof records`: flat, however large a file is.

use std::io::Write as _;

use super::command::command;
use super::record;

/// The most memory that the process may ever have had, in kB.
const MOST: u64 = 64 * 1024;

fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn a_log_of_more_than_the_bound_is_never_held() {
    let mut record = record("k");
    record["responseElements"] = serde_json::json!({"x": "y".repeat(200_000)});
    let record = record.to_string();
    let count = 400;
    assert!((record.len() * count) as u64 > (MOST << 10) + (8 << 20));
    let mut child = command(&["records", "-", "--where", "key=none"]).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        write!(stdin, "{{\"Records\":[").unwrap();
        for index in 0..count {
            let comma = if index > 0 { "," } else { "" };
            write!(stdin, "{comma}{record}").unwrap();
        }
        // The input is left open, so that the process is still there when its peak is looked at.
        stdin
    });
    let mut stdin = writer.join().unwrap();
    let most = peak(child.id()).unwrap();
    write!(stdin, "]}}").unwrap();
    drop(stdin);
    let ran = child.wait_with_output().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(0), "{said}");
    assert_eq!(said, format!("note: {count} records were read, and none is asked for\n"));
    assert!(most < MOST, "{most} kB");
}
