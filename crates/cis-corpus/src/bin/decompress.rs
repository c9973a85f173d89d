//! `decompress FOLDER [THREADS]`: decompresses every file below a folder and looks at nothing: what the
//! scan is measured against. Same library, same threads, same size of pieces.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::process::ExitCode;
use std::thread;

use cis_corpus::gear::{Files, ended, on_threads};
use flate2::bufread::GzDecoder;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ended(run().map(|bytes| bytes.to_string()))
}

fn run() -> Result<u64, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("write: decompress FOLDER [THREADS]")?;
    let threads = match arguments.next() {
        Some(threads) => threads.parse()?,
        None => thread::available_parallelism()?.get(),
    };
    let work = |files: &Files| -> std::io::Result<u64> {
        let mut buffer = vec![0; 256 << 10];
        let mut bytes = 0;
        while let Some(file) = files.next() {
            let input = BufReader::with_capacity(64 << 10, File::open(file)?);
            let mut decoder = GzDecoder::new(input);
            loop {
                let read = decoder.read(std::hint::black_box(&mut buffer))?;
                if read == 0 {
                    break;
                }
                bytes += read as u64;
            }
        }
        Ok(bytes)
    };
    on_threads(&Files::below(Path::new(&folder))?, threads, work)
}
