//! Every target holds on every file of its corpus.

use std::fs;
use std::path::Path;

use cis_fuzz::TARGETS;

#[test]
fn every_corpus_holds() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let mut folders: Vec<String> = fs::read_dir(&corpora)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort_unstable();
    let mut names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    assert_eq!(folders, names, "each target has a corpus, and each corpus a target");
    for (name, body) in TARGETS {
        let mut files: Vec<_> =
            fs::read_dir(corpora.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort_unstable();
        for file in &files {
            // Shown only where the test fails: the input that did it.
            println!("{}", file.display());
            body(&fs::read(file).unwrap());
        }
        assert!(files.len() >= 20, "{name}: only {} files", files.len());
    }
}
