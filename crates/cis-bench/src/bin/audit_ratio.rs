//! Compares a whole run of `trailproof audit --format json` over ten thousand accounts with one that
//! only reads the same file's JSON with serde, in turns.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use cis_bench::exit_code;
use serde_json::Value;

const USAGE: &str = "usage: audit_ratio TRAILPROOF CASES_FOLDER";

/// How many accounts the file has.
const ACCOUNTS: usize = 10_000;

/// How often each program runs.
const RUNS: usize = 15;

/// The argument with which this program only reads a file's JSON.
const PARSE: &str = "--parse";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    exit_code(match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [PARSE, file] => parse(file),
        [trailproof, cases] => compare(trailproof, Path::new(cases)),
        _ => Err(USAGE.to_owned()),
    })
}

fn parse(file: &str) -> Result<(), String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
    println!("{}", value.as_array().map_or(0, Vec::len));
    Ok(())
}

fn compare(trailproof: &str, cases: &Path) -> Result<(), String> {
    let file = env::temp_dir().join(format!("trailproof-accounts-{}.json", std::process::id()));
    let accounts = accounts(cases)?;
    fs::write(&file, &accounts).map_err(|error| format!("{}: {error}", file.display()))?;
    let own = env::current_exe().map_err(|error| error.to_string())?;
    let (mut parses, mut audits) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        parses.push(timed(Command::new(&own).arg(PARSE).arg(&file))?);
        let mut audit = Command::new(trailproof);
        audits.push(timed(audit.args(["audit", "--format", "json", "--snapshot"]).arg(&file))?);
    }
    fs::remove_file(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let (parse, audit) = (median(parses), median(audits));
    println!("{ACCOUNTS} accounts, {} bytes, medians of {RUNS} whole runs", accounts.len());
    println!("parsing alone {parse:?}, audit {audit:?}");
    println!("ratio {:.2}", audit.as_secs_f64() / parse.as_secs_f64());
    Ok(())
}

/// An array of the cases' accounts, repeated.
fn accounts(cases: &Path) -> Result<String, String> {
    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", cases.display());
    let mut files: Vec<_> = cases
        .read_dir()
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<_, _>>())
        .map_err(|error| at(&error))?;
    files.sort_unstable();
    let mut snapshots = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).map_err(|error| at(&error))?;
        let case: Value = serde_json::from_str(&text).map_err(|error| at(&error))?;
        snapshots.push(case["snapshot"].to_string());
    }
    let accounts: Vec<&str> = snapshots.iter().map(String::as_str).cycle().take(ACCOUNTS).collect();
    Ok(format!("[{}]\n", accounts.join(",\n")))
}

fn timed(command: &mut Command) -> Result<Duration, String> {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).status().map_err(|error| error.to_string())?;
    let time = start.elapsed();
    // An audit ends with 1 where an account does not comply, and some do not.
    match status.code() {
        Some(0 | 1) => Ok(time),
        _ => Err(format!("{command:?}: {status}")),
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
