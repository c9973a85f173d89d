//! `verified hash|verify FOLDER`: what verification is measured against, and verification. `hash`
//! decompresses every file below the folder and computes the SHA-256 of its content, with the same
//! libraries, the same threads and the same size of pieces, and compares nothing; `verify` takes the
//! keys from `FOLDER.keys.json`.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::Path;
use std::process::ExitCode;
use std::thread;

use cis_corpus::gear::{Files, ended, on_threads};
use cis_logs::Time;
use cis_logs::digest::keys::PublicKeys;
use cis_logs::digest::report::Outcome;
use cis_logs::digest::store::Folder;
use cis_logs::digest::{Options, verify};
use flate2::bufread::GzDecoder;
use sha2::{Digest as _, Sha256};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    ended(run())
}

fn run() -> Result<String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["hash", folder] => Ok(format!("{} bytes", hash(Path::new(folder))?)),
        ["verify", folder] => verified(folder),
        _ => Err("write: verified hash|verify FOLDER".into()),
    }
}

fn verified(folder: &str) -> Result<String> {
    let mut keys = PublicKeys::default();
    keys.add_json(&fs::read(format!("{}.keys.json", folder.trim_end_matches('/')))?)?;
    let files = Folder::read([Path::new(folder)]);
    let found = verify(&files, &keys, &Options::everything(Time::from_seconds(1 << 33)));
    if found.outcome != Outcome::Proved {
        return Err(format!("{:?}: {:?}", found.outcome, found.faults.first()).into());
    }
    let valid: u64 = found.chains.iter().map(|chain| chain.log_files.valid).sum();
    Ok(format!("{valid} log files are proved"))
}

fn hash(folder: &Path) -> Result<u64> {
    let work = |files: &Files| -> std::io::Result<u64> {
        let mut piece = vec![0; 64 << 10];
        let mut bytes = 0;
        while let Some(file) = files.next() {
            let input = BufReader::with_capacity(64 << 10, File::open(file)?);
            let mut decoder = GzDecoder::new(input);
            let mut hash = Sha256::new();
            loop {
                let read = decoder.read(&mut piece)?;
                if read == 0 {
                    break;
                }
                hash.update(piece.get(..read).unwrap_or_default());
                bytes += read as u64;
            }
            std::hint::black_box(hash.finalize());
        }
        Ok(bytes)
    };
    let threads = thread::available_parallelism()?.get();
    on_threads(&Files::below(folder)?, threads, work)
}
