//! `delivered FOLDER [THREADS]`: counts S3's data events by bucket and event, as `trailproof logs` does.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use cis_logs::delivered::Delivered;
use cis_logs::{Options, Selection, discover, scan};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("write: delivered FOLDER [THREADS]")?);
    let threads = arguments.next().map(|threads| threads.parse::<NonZeroUsize>()).transpose()?;
    let files = discover(&[folder], &Selection::default())?;
    let options = Options { threads, ..Options::default() };
    let scanned = scan(files, &options, Delivered::default);
    let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
    for (name, bucket) in scanned.accumulated.buckets() {
        for (sort, sorted) in bucket.by_sort {
            let key = (name.clone().unwrap_or_default(), sort.event_name);
            *counts.entry(key).or_default() += sorted.events;
        }
    }
    for ((bucket, event), count) in counts {
        println!("{bucket},{event},{count}");
    }
    for fault in scanned.faults.iter() {
        eprintln!("warning: {fault}");
    }
    Ok(())
}
