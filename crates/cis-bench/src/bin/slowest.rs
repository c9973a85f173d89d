//! Searches for the slowest account that AWS allows, and writes it down; or measures such accounts.

use std::process::ExitCode;
use std::time::Duration;

use cis_bench::configuration::VALUES;
use cis_bench::search::{Found, measure, search, time_of};
use cis_bench::{exit_code, family};
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::snapshot::Snapshot;

const USAGE: &str = "\
usage: slowest search SECONDS SEED FILE
       slowest measure FILE...";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    exit_code(match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["search", seconds, seed, file] => match (seconds.parse(), seed.parse()) {
            (Ok(seconds), Ok(seed)) => search_into(Duration::from_secs(seconds), seed, file),
            _ => Err(USAGE.to_owned()),
        },
        ["measure", ref files @ ..] if !files.is_empty() => {
            files.iter().try_for_each(|file| measure_file(file))
        }
        _ => Err(USAGE.to_owned()),
    })
}

fn search_into(time: Duration, seed: u64, file: &str) -> Result<(), String> {
    for (name, configuration) in family::all(VALUES) {
        let found = measure(configuration);
        println!("{:>12?}  {}, {name}", found.time, found.verdict);
    }
    let mut slowest: Option<Found> = None;
    search(seed, time, |found| {
        if slowest.as_ref().is_none_or(|before| found.time > before.time) {
            let (mode, size) = (found.configuration.question().mode, found.configuration.size());
            let (time, verdict) = (found.time, found.verdict);
            println!("{time:>12?}  {verdict}, {mode}, selectors and values by trail: {size:?}");
            slowest = Some(found.clone());
        }
    });
    let text = slowest.map(|found| found.configuration.to_json().to_string()).unwrap_or_default();
    std::fs::write(file, text + "\n").map_err(|error| format!("{file}: {error}"))
}

fn measure_file(file: &str) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let snapshot = Snapshot::from_json(&text).map_err(|error| format!("{file}: {error}"))?;
    for mode in Mode::ALL {
        let question = Question::new(Kind::Write, mode);
        let (time, verdict) = time_of(&snapshot, &question);
        println!("{time:>12?}  {verdict}, {file}, {mode}");
    }
    Ok(())
}
