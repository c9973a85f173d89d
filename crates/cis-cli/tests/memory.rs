//! Memory of a whole audit: flat, however many lines the file has.
#![cfg(target_os = "linux")]

mod command;

use command::{account, command, run};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};

/// The most memory that the process may ever have had, in kB.
const MOST: u64 = 64 * 1024;

/// The most memory that a process has had so far, in kB (`VmHWM`); nothing once it has ended.
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
#[ignore = "takes a minute: `cargo test --release -p cis-cli --test memory -- --ignored`"]
fn an_audit_of_many_lines_keeps_its_memory_flat_in_every_format() {
    let line = format!("{}\n", account());
    // Held as snapshots they would take more than the bound.
    let count = (28 << 20) / line.len();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("accounts.jsonl");
    std::fs::write(&path, line.repeat(count)).unwrap();
    let path = path.to_str().unwrap();
    for (format, from) in [("json", path), ("text", path), ("ocsf", path), ("asff", "-")] {
        let mut child =
            command(&["audit", "--snapshot", from, "--format", format]).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let text = if from == "-" { line.repeat(count) } else { String::new() };
        let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()).unwrap());
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        // The process waits until its last output is read, so its peak is looked at before that.
        let (mut answers, mut most, mut text) = (0, 0, String::new());
        while stdout.read_line(&mut text).unwrap() > 0 {
            answers += text.matches("NON_COMPLIANT  account").count();
            answers += usize::from(text.starts_with('{') && text.len() > 100);
            if answers % 4096 == 0 || answers + 256 > count {
                most = peak(child.id()).map_or(most, |now| most.max(now));
            }
            text.clear();
        }
        writer.join().unwrap();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(1), ""), "{format}");
        assert_eq!(answers, count, "{format}");
        assert!(most > 0 && most < MOST, "{format}: {most} kB");
    }
}

#[test]
fn a_fault_on_the_last_of_many_lines_comes_before_any_answer() {
    let line = format!("{}\n", account());
    let count = (5 << 20) / line.len();
    let text = line.repeat(count) + "{\"schemaVersion\": 7}\n";
    let place = format!("line {}", count + 1);
    run(&["audit", "--snapshot", "-"], text.as_bytes()).is_refused(&[
        "standard input",
        "schemaVersion 7",
        &place,
    ]);
}
