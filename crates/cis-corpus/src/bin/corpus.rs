//! `corpus a|b FOLDER [SHARE]`: writes corpus A or B to a folder, or a share of it.

use std::process::ExitCode;

use cis_corpus::Corpus;
use cis_corpus::gear::{asked, ended};

fn main() -> ExitCode {
    ended(run().map(|bytes| format!("{bytes} bytes before compression")))
}

fn run() -> Result<u64, Box<dyn std::error::Error>> {
    let (settings, folder) = asked("corpus")?;
    Ok(Corpus::new(settings).write_to(&folder)?)
}
