//! What the programs share that write corpora and that measure.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::Settings;

/// Why a program ends without an answer.
type Failure = Box<dyn Error>;

/// Writes what a program says, or why it ends.
pub fn ended(said: Result<String, Failure>) -> ExitCode {
    match said {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The corpus and the folder that the arguments `a|b FOLDER [SHARE]` ask for.
///
/// # Errors
/// Where they are others.
pub fn asked(program: &str) -> Result<(Settings, PathBuf), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let usage = format!("write: {program} a|b FOLDER [SHARE]");
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
    Ok((settings, PathBuf::from(folder)))
}

/// The files below a folder, each given to one thread.
#[derive(Debug)]
pub struct Files {
    all: Vec<PathBuf>,
    next: AtomicUsize,
}

impl Files {
    /// The files below a folder.
    ///
    /// # Errors
    /// Where a folder cannot be read.
    pub fn below(folder: &Path) -> io::Result<Self> {
        let mut all = Vec::new();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                let list = if entry.file_type()?.is_dir() { &mut folders } else { &mut all };
                list.push(entry.path());
            }
        }
        Ok(Self { all, next: AtomicUsize::new(0) })
    }

    /// A file that no thread has had.
    pub fn next(&self) -> Option<&Path> {
        self.all.get(self.next.fetch_add(1, Ordering::Relaxed)).map(PathBuf::as_path)
    }
}

/// The sum of what each thread makes of its share of the files.
///
/// # Errors
/// Where a file cannot be read, or a thread panics.
pub fn on_threads(
    files: &Files,
    threads: usize,
    work: impl Fn(&Files) -> io::Result<u64> + Sync,
) -> Result<u64, Failure> {
    let work = &work;
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(move || work(files))).collect();
        let mut sum = work(files)?;
        for other in others {
            sum += other.join().map_err(|_| "a thread ended with a panic")??;
        }
        Ok(sum)
    })
}
