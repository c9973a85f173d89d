//! `digested a|b FOLDER [SHARE]`: writes corpus A or B to a folder, or a share of it, with the digests
//! that prove it; beside the folder, in `FOLDER.keys.json`, the public key as ListPublicKeys gives it.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use cis_corpus::Corpus;
use cis_corpus::digested::Digested;
use cis_corpus::digests::{Encoding, SigningKey, list_of_keys};
use cis_corpus::gear::{asked, ended};
use cis_logs::Time;

fn main() -> ExitCode {
    ended(run().map(|files| format!("{files} log files")))
}

fn run() -> Result<usize, Box<dyn std::error::Error>> {
    let (settings, folder) = asked("digested")?;
    let key = SigningKey::from_seed(settings.seed, Encoding::Pkcs1)?;
    let mut digested = Digested::default();
    for file in Corpus::new(settings) {
        digested.add(&file);
        write(&folder, &file.key, &file.compressed()?)?;
    }
    for digest in digested.digests("main", &key)? {
        write(&folder, &digest.object.key, &digest.bytes)?;
    }
    let always = (Time::from_seconds(0), Time::from_seconds(1 << 33));
    let keys = list_of_keys(&[key.listed(always.0, always.1)]);
    fs::write(format!("{}.keys.json", folder.display()), keys.to_string())?;
    Ok(digested.log_files())
}

fn write(folder: &Path, key: &str, bytes: &[u8]) -> std::io::Result<()> {
    let path = folder.join(key);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, bytes)
}
