//! `decompress FOLDER [THREADS]`: decompresses every file below a folder and looks at nothing: what the
//! scan is measured against. Same library, same threads, same size of pieces.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use flate2::bufread::GzDecoder;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run() {
        Ok(bytes) => {
            println!("{bytes}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<u64, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("write: decompress FOLDER [THREADS]")?;
    let threads = match arguments.next() {
        Some(threads) => threads.parse()?,
        None => thread::available_parallelism()?.get(),
    };
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let list = if entry.file_type()?.is_dir() { &mut folders } else { &mut files };
            list.push(entry.path());
        }
    }
    let next = AtomicUsize::new(0);
    let work = || -> std::io::Result<u64> {
        let mut buffer = vec![0; 256 << 10];
        let mut bytes = 0;
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
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
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut bytes = work()?;
        for other in others {
            bytes += other.join().map_err(|_| "a thread ended with a panic")??;
        }
        Ok(bytes)
    })
}
