//! `counted FOLDER [THREADS]`: counts S3's data events by bucket and event and nothing else: the question
//! that the scan is compared with other tools on. `delivered` counts all that `trailproof logs` tells.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use cis_corpus::gear::ended;
use cis_logs::{Accumulator, LogFile, LogRecord, Options, Selection, discover, scan};
use hashbrown::HashMap;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Events by name, of each bucket; an empty name stands for none.
#[derive(Default)]
struct Counts(HashMap<String, Vec<(String, u64)>>);

impl Counts {
    fn add(&mut self, bucket: &str, event: &str, count: u64) {
        let events = self.0.entry_ref(bucket).or_default();
        match events.iter_mut().find(|(name, _)| name == event) {
            Some((_, counted)) => *counted += count,
            None => events.push((event.to_string(), count)),
        }
    }
}

impl Accumulator for Counts {
    fn absorb(&mut self, _file: &LogFile, record: &LogRecord<'_>) {
        if record.is_of_objects() {
            let bucket = record.bucket().unwrap_or_default();
            self.add(&bucket, record.event_name().unwrap_or_default(), 1);
        }
    }

    fn merge(&mut self, other: Self) {
        for (bucket, events) in other.0 {
            events.into_iter().for_each(|(event, count)| self.add(&bucket, &event, count));
        }
    }
}

fn main() -> ExitCode {
    ended(run())
}

fn run() -> Result<String, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("write: counted FOLDER [THREADS]")?);
    let threads = arguments.next().map(|threads| threads.parse::<NonZeroUsize>()).transpose()?;
    let files = discover(&[folder], &Selection::default())?;
    let options = Options { threads, ..Options::default() };
    let scanned = scan(files, &options, Counts::default);
    for fault in scanned.faults.iter() {
        eprintln!("warning: {fault}");
    }
    let mut lines = Vec::new();
    for (bucket, events) in scanned.accumulated.0 {
        lines.extend(events.iter().map(|(event, count)| format!("{bucket},{event},{count}")));
    }
    lines.sort_unstable();
    Ok(lines.join("\n"))
}
