//! The committed templates are the ones that the code makes, and YAML says what was meant.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::read::committed;
use infra::synth::{check, directory, write};

/// The largest template that `aws cloudformation deploy` sends without a bucket.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const LARGEST: usize = 51_200;

#[test]
fn the_committed_templates_are_as_made() {
    let differences = check(&directory()).unwrap();
    assert!(differences.is_empty(), "run `cargo xtask synth`: {differences:#?}");
}

#[test]
fn a_difference_is_said_with_file_and_line() {
    let place = scratch("differences");
    write(&place).unwrap();
    assert_eq!(check(&place).unwrap(), [""; 0]);

    let rule = place.join("rule.yaml");
    let text = fs::read_to_string(&rule).unwrap();
    let line = text.lines().position(|line| line.contains("MemorySize: 256")).unwrap() + 1;
    fs::write(&rule, text.replace("MemorySize: 256", "MemorySize: 512")).unwrap();
    fs::remove_file(place.join("dashboard.yaml")).unwrap();
    fs::write(place.join("other.yaml"), "").unwrap();
    assert_eq!(
        check(&place).unwrap(),
        [
            "other.yaml is not made by any stack".to_owned(),
            format!(
                "rule.yaml differs in line {line}: it has `MemorySize: 512`, and `MemorySize: 256` \
                 is made"
            ),
            "dashboard.yaml is missing".to_owned(),
        ]
    );

    write(&place).unwrap();
    assert_eq!(check(&place).unwrap(), [""; 0]);
}

#[test]
fn the_command_refuses_what_it_does_not_know() {
    let mut synth = Command::new(env!("CARGO_BIN_EXE_synth"));
    let done = synth.arg("--chek").output().unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&done.stderr), "usage: cargo xtask synth [--check]\n");
    let checked = Command::new(env!("CARGO_BIN_EXE_synth")).arg("--check").status().unwrap();
    assert!(checked.success());
}

#[test]
fn every_template_can_be_deployed_without_a_bucket_for_it() {
    for (name, text) in infra::templates() {
        assert!(text.len() <= LARGEST, "{name} has {} bytes", text.len());
        assert!(text.lines().all(|line| line.trim_end() == line), "{name} has trailing blanks");
        assert!(!text.contains("null"), "{name} has a part without a value");
    }
    assert_eq!(committed().len(), infra::templates().len());
}

/// An empty directory for one test.
fn scratch(name: &str) -> PathBuf {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).unwrap();
    place
}
