//! Each kind of tampering is found, and what it is called.

use cis_corpus::tampering::{Scene, Tampering, all};
use cis_logs::digest::report::{Outcome, Verification, Weight};
use cis_logs::digest::{Options, verify};

use crate::memory::{KEY, Memory, OTHER, Where, keys};

/// Each kind of tampering with what is found in S3, and in a copy without metadata.
const FOUND: [(&str, &str, &str); 36] = [
    ("log-changed", "log-altered", "log-altered no-signature"),
    ("log-deleted", "log-missing", "log-missing no-signature"),
    ("log-emptied", "log-altered", "log-altered no-signature"),
    ("log-cut", "log-corrupt", "log-corrupt no-signature"),
    ("log-checksum", "log-corrupt", "log-corrupt no-signature"),
    ("log-appended", "log-trailing-data", "log-trailing-data no-signature"),
    ("log-exchanged", "log-altered", "log-altered no-signature"),
    ("log-added", "log-unnamed", "log-unnamed no-signature"),
    ("log-moved", "log-moved", "log-moved no-signature"),
    ("log-renamed", "log-moved", "log-moved no-signature"),
    ("log-compressed-again", "", "no-signature"),
    ("log-decompressed", "", "no-signature"),
    ("digest-changed", "digest-altered", "digest-altered no-signature"),
    ("digest-hash-changed", "digest-altered", "digest-altered no-signature"),
    ("digest-time-changed", "digest-altered", "digest-altered no-signature"),
    ("digest-deleted", "digest-missing", "digest-missing no-signature"),
    ("three-digests-deleted", "digest-missing", "digest-missing no-signature"),
    ("hour-deleted", "digest-missing", "digest-missing no-signature"),
    ("newest-deleted", "ends-early", "ends-early"),
    ("oldest-deleted", "digest-missing", "digest-missing no-signature"),
    ("digests-deleted", "no-digests", "no-digests"),
    ("everything-deleted", "no-digests", "no-digests"),
    ("digest-moved", "digest-moved", "digest-moved no-signature"),
    ("digests-exchanged", "digest-moved digest-moved", "digest-moved digest-moved no-signature"),
    ("digest-cut", "digest-corrupt", "digest-corrupt no-signature"),
    ("digest-no-json", "digest-corrupt", "digest-corrupt no-signature"),
    ("digest-appended", "digest-trailing-data", "digest-trailing-data no-signature"),
    ("digest-added", "digest-unchained", "digest-unchained no-signature"),
    // What only a signature shows is open in a copy without metadata.
    ("newest-forged", "digest-altered", "no-signature"),
    ("newest-of-another-key", "no-key", "no-key"),
    ("signature-changed", "digest-altered", "no-signature"),
    ("old-signature-changed", "signature-altered", "no-signature"),
    ("previous-hash", "digest-hash-mismatch", "digest-hash-mismatch no-signature"),
    ("stopped", "gap", "gap no-signature"),
    ("stopped-and-deleted", "gap", "gap no-signature"),
    ("backfill-log-changed", "log-altered", "log-altered no-signature"),
];

/// Everything from the first digest's start to the last one's end, a day later.
fn options(scene: &Scene<'_>) -> Options {
    let (from, to) = (scene.plan.start, scene.plan.end());
    Options { from: Some(from), to: Some(to), ..Options::everything(to.plus(86_400)) }
}

/// The kinds of faults and of what is open.
fn kinds(verification: &Verification) -> String {
    let findings = verification.faults.iter().chain(&verification.undecided);
    let mut kinds: Vec<String> = findings.map(|finding| finding.kind.name()).collect();
    kinds.sort();
    kinds.join(" ")
}

fn named(name: &str) -> Tampering {
    all().into_iter().find(|tampering| tampering.name == name).unwrap()
}

#[test]
fn nothing_is_found_where_nothing_was_done() {
    let scene = Scene::whole(&KEY, &OTHER).unwrap();
    for (place, options, outcome) in [
        (Where::S3, options(&scene), Outcome::Proved),
        (Where::CopyWithMetadata, options(&scene), Outcome::Proved),
        // The newest digest is within what was asked for, and is not proved.
        (Where::Copy, options(&scene), Outcome::Undecided),
        (Where::Copy, Options { to: None, ..options(&scene) }, Outcome::Proved),
    ] {
        let found = verify(&Memory::of(&scene.bucket, place), &keys(), &options);
        assert_eq!(found.outcome, outcome, "{place:?}: {found:#?}");
        let chain = &found.chains[0];
        let is_copy = u64::from(place == Where::Copy);
        assert_eq!((chain.digests.valid, chain.digests.unproved), (12 - is_copy, is_copy));
        assert_eq!((chain.log_files.valid, found.other_files), (18, 0));
        assert_eq!(chain.proved.len(), 1);
        assert_eq!(chain.proved[0].from, scene.plan.start);
        let hour = i64::try_from(is_copy).unwrap() * 3600;
        assert_eq!(chain.proved[0].to, scene.plan.end().plus(-hour));
    }
}

#[test]
fn each_kind_of_tampering_is_found() {
    assert_eq!(all().len(), FOUND.len());
    for (name, in_s3, in_copy) in FOUND {
        let scene = Scene::after(&named(name), &KEY, &OTHER).unwrap();
        for (place, expected) in
            [(Where::S3, in_s3), (Where::CopyWithMetadata, in_s3), (Where::Copy, in_copy)]
        {
            let found = verify(&Memory::of(&scene.bucket, place), &keys(), &options(&scene));
            assert_eq!(kinds(&found), expected, "{name} {place:?}: {found:#?}");
            let outcome = match (found.faults.len(), found.undecided.len()) {
                (0, 0) => Outcome::Proved,
                (0, _) => Outcome::Undecided,
                _ => Outcome::Broken,
            };
            assert_eq!(found.outcome, outcome, "{name} {place:?}");
        }
    }
}

#[test]
fn a_key_that_is_none_of_cloudtrails_is_a_fault_where_all_of_its_keys_are_known() {
    let scene = Scene::after(&named("newest-of-another-key"), &KEY, &OTHER).unwrap();
    let options = Options { are_keys_complete: true, ..options(&scene) };
    let found = verify(&Memory::of(&scene.bucket, Where::S3), &keys(), &options);
    assert_eq!(kinds(&found), "digest-key-unknown");
}

#[test]
fn three_digests_that_are_missing_are_three() {
    for (name, missing) in
        [("three-digests-deleted", 3), ("newest-deleted", 4), ("oldest-deleted", 3)]
    {
        let scene = Scene::after(&named(name), &KEY, &OTHER).unwrap();
        let found = verify(&Memory::of(&scene.bucket, Where::S3), &keys(), &options(&scene));
        assert_eq!(found.chains[0].digests.missing, missing, "{name}");
        assert_eq!(found.faults[0].files, missing, "{name}");
        let (from, to) = (found.faults[0].from.unwrap(), found.faults[0].to.unwrap());
        assert_eq!(to.since(from), i64::try_from(missing).unwrap() * 3600, "{name}");
    }
}

#[test]
fn log_files_that_a_missing_digest_may_have_named_are_counted_with_it() {
    let scene = Scene::after(&named("three-digests-deleted"), &KEY, &OTHER).unwrap();
    let found = verify(&Memory::of(&scene.bucket, Where::S3), &keys(), &options(&scene));
    assert_eq!(found.faults.len(), 1);
    assert_eq!(found.faults[0].unchecked, 6);
    assert!(found.faults[0].message.ends_with("; 6 log files of that time cannot be checked"));
}

#[test]
fn without_an_end_that_was_asked_for_the_end_of_evidence_is_said() {
    let scene = Scene::after(&named("newest-deleted"), &KEY, &OTHER).unwrap();
    let options = Options::everything(scene.plan.end());
    let found = verify(&Memory::of(&scene.bucket, Where::S3), &keys(), &options);
    assert_eq!(found.outcome, Outcome::Proved);
    assert_eq!(found.chains[0].proved[0].to, scene.plan.end().plus(-4 * 3600));
}

#[test]
fn every_message_is_one_sentence_that_names_what_it_is_about() {
    for tampering in all() {
        let scene = Scene::after(&tampering, &KEY, &OTHER).unwrap();
        for place in [Where::S3, Where::Copy] {
            let found = verify(&Memory::of(&scene.bucket, place), &keys(), &options(&scene));
            for finding in found.faults.iter().chain(&found.undecided).chain(&found.limits) {
                let message = &finding.message;
                assert!(!message.ends_with('.') && !message.contains('\n'), "{message}");
                assert!(message.len() > 30, "{message}");
                if let (Some(file), false) = (&finding.file, finding.kind.weight() == Weight::Limit)
                {
                    assert!(message.contains(file.as_str()) || finding.files > 0, "{message}");
                }
            }
        }
    }
}
