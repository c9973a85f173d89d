//! `corpus a|b FOLDER [SHARE]`: writes corpus A or B to a folder, or a share of it.

use std::path::PathBuf;
use std::process::ExitCode;

use cis_corpus::{Corpus, Settings};

fn main() -> ExitCode {
    match run() {
        Ok(bytes) => {
            println!("{bytes} bytes before compression");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<u64, Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let usage = "write: corpus a|b FOLDER [SHARE]";
    let [which, folder, share @ ..] = arguments.as_slice() else { return Err(usage.into()) };
    let share = match share {
        [] => 1.0,
        [share] => share.parse::<f64>()?,
        _ => return Err(usage.into()),
    };
    let settings = match which.as_str() {
        "a" => Settings::large(share),
        "b" => Settings::small(share),
        _ => return Err(usage.into()),
    };
    Ok(Corpus::new(settings).write_to(&PathBuf::from(folder))?)
}
