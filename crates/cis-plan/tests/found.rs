//! Files as people have them, each with the verdicts for both kinds of events that it must get, or
//! with words of the message that refuses it.
#![expect(clippy::unwrap_used, reason = "a file that cannot be read is a failed test")]

use std::fs;
use std::path::Path;

use cis_plan::{AnswerFile, PlanError, Setting};
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict;
use cis_rules::snapshot::Snapshot;
use serde::Deserialize;

#[derive(Deserialize)]
struct Found {
    id: String,
    file: String,
    /// What the file is given as: `template`, `plan`, `snapshot`.
    form: String,
    /// Options and their values.
    given: Vec<String>,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Expected {
    Verdicts {
        write: String,
        read: String,
    },
    /// Not this one verdict for all accounts.
    Not {
        not: String,
    },
    Refused {
        exit: u8,
        says: Vec<String>,
    },
}

fn read(found: &Found) -> Result<Vec<Snapshot>, PlanError> {
    let mut setting = Setting::default();
    for option in found.given.chunks(2) {
        match option {
            [name, value] if name == "--region" => setting.region = Some(value.clone()),
            [name, value] if name == "--parameter" => {
                let (name, value) = value.split_once('=').unwrap();
                setting.parameters.insert(name.to_string(), value.to_string());
            }
            other => unreachable!("{other:?}"),
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/found").join(&found.file);
    let text = cis_plan::text_of(&fs::read(path).unwrap())?;
    match found.form.as_str() {
        "template" => cis_plan::template(&text, &setting).map(|snapshot| vec![snapshot]),
        "plan" => cis_plan::plans(&text, &setting),
        _ => {
            let file = AnswerFile { path: &found.file, text: &text };
            cis_plan::answers(&[file], &setting).map(|snapshot| vec![snapshot])
        }
    }
}

/// What comes out of a file, where it is not what must.
fn failure(found: &Found) -> Option<String> {
    let verdicts = |snapshots: &[Snapshot], kind| -> Vec<Verdict> {
        let question = Question::new(kind, Mode::Any);
        snapshots.iter().map(|one| cis_rules::evaluate(one, &question).verdict).collect()
    };
    match (&found.expect, read(found)) {
        (Expected::Refused { exit: 2, says }, Err(error)) => {
            let message = error.to_string();
            (!says.iter().all(|word| message.contains(word))).then_some(message)
        }
        (Expected::Not { .. }, Err(_)) => None,
        (_, Err(error)) => Some(error.to_string()),
        (Expected::Verdicts { write, read }, Ok(snapshots)) => {
            let all = [(Kind::Write, write), (Kind::Read, read)];
            all.into_iter().find_map(|(kind, expected)| {
                let found = verdicts(&snapshots, kind);
                (found.iter().map(|one| one.name()).ne([expected])).then(|| {
                    let results = snapshots
                        .iter()
                        .map(|one| cis_rules::evaluate(one, &Question::new(kind, Mode::Any)));
                    results
                        .map(|result| result.into_members().summary)
                        .collect::<Vec<_>>()
                        .join("; ")
                })
            })
        }
        (Expected::Not { not }, Ok(snapshots)) => {
            let found = verdicts(&snapshots, Kind::Write);
            found.iter().all(|one| one.name() == not).then(|| format!("{found:?}"))
        }
        (Expected::Refused { .. }, Ok(_)) => Some("it is read".to_string()),
    }
}

#[test]
fn every_file_gets_what_it_must() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/found/found.json");
    let all: Vec<Found> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let failed = |found: &Found| Some(format!("{}: {}", found.id, failure(found)?));
    let failures: Vec<String> = all.iter().filter_map(failed).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(all.len() >= 39, "{} files", all.len());
}
