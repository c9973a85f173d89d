//! Each kind of tampering is found, and what it is called.

use std::collections::BTreeMap;

use cis_corpus::tampering::{ALL, Scene};
use cis_logs::digest::report::{Kind, Verification};
use cis_logs::digest::{Options, verify};

use crate::memory::{KEY, Memory, OTHER, Where, keys};

/// Everything from the first digest's start to the last one's end, a day later.
fn options(scene: &Scene<'_>) -> Options {
    let (from, to) = (scene.plan.start, scene.plan.end());
    Options { from: Some(from), to: Some(to), ..Options::everything(to.plus(86_400)) }
}

fn kinds(verification: &Verification) -> Vec<String> {
    let findings = verification.faults.iter().chain(&verification.undecided);
    let mut kinds: Vec<String> = findings.map(|finding| finding.kind.name()).collect();
    kinds.sort();
    kinds
}

#[test]
fn dump() {
    for tampering in ALL {
        let scene = Scene::after(tampering, &KEY, &OTHER).unwrap();
        for place in [Where::S3, Where::Copy] {
            let v = verify(&Memory::of(&scene.bucket, place), &keys(), &options(&scene));
            println!("{} {place:?} {:?}", tampering.name, kinds(&v));
            for f in v.faults.iter().chain(&v.undecided).chain(&v.limits) {
                println!("      {:?} {}", f.kind, f.message);
            }
            for c in &v.chains {
                println!(
                    "      {:?} {:?} {:?} {:?}",
                    c.digests, c.backfill_digests, c.log_files, c.proved
                );
            }
        }
    }
    panic!();
}
