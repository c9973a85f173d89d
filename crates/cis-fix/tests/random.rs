//! Fixes of random accounts keep to the laws.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod laws;

use std::collections::BTreeMap;

use cis_rules::{Kind, Mode, Question};
use laws::{by_the_model, kind, lawful, lawful_alone};
use testkit::accounts::account;
use testkit::chance::{Chance as _, Rng};
use testkit::question::question;

/// A number from the environment, or this one.
fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap())
}

#[test]
fn random_accounts_are_fixed_and_lose_nothing() {
    let count = number("TRAILPROOF_RANDOM_ACCOUNTS", 2_000);
    let first = number("TRAILPROOF_RANDOM_SEED", 1);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut alternatives = 0;
    for seed in first..first + count {
        let mut chance = Rng::new(seed);
        let account = account(&mut chance);
        let one = question(&mut chance);
        let questions: Vec<Question> = match chance.below(3) {
            0 => Kind::ALL.map(|kind| Question { kind, ..one.clone() }).to_vec(),
            _ => vec![one],
        };
        // Planning each alternative anew takes ten times as long.
        let lawful = if seed % 8 == 0 { lawful } else { lawful_alone };
        let found = lawful(&account.to_string(), &questions)
            .unwrap_or_else(|why| panic!("seed {seed}: {why}\n{account}\n{questions:?}"));
        if found.is_fixed() && !found.changes.is_empty() {
            for question in &questions {
                let verdict = by_the_model(&found, question);
                assert_eq!(verdict, "COMPLIANT", "seed {seed}: {account}\n{questions:?}");
            }
            alternatives += found.alternatives.len();
        }
        if !found.is_fixed() {
            // Only what is not known, or a trail that nobody can make count, stands in the way.
            let has_reason = found.warnings.iter().any(|warning| {
                let text = &warning.text;
                text.contains("read the account") || text.contains("is known to be right")
            });
            assert!(has_reason, "seed {seed}: {:?}", found.warnings);
            let is_every = questions.iter().all(|question| question.mode == Mode::Every);
            let why = if is_every { "no fix: every trail is asked" } else { "no fix: not known" };
            *counts.entry(why.to_owned()).or_default() += 1;
            continue;
        }
        *counts.entry(kind(&found)).or_default() += 1;
    }
    println!("{counts:#?}\n{alternatives} alternatives");
    let of = |kind: &str| counts.get(kind).copied().unwrap_or_default() as u64;
    assert!(20 * of("no fix: not known") < count, "{counts:#?}");
    assert!(10 * of("no fix: every trail is asked") < count, "{counts:#?}");
    assert!(4 * of("nothing to do") < 3 * count, "{counts:#?}");
}
