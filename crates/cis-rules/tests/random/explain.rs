//! Explanations against the plain matcher.

use cis_rules::explain::{Answer, Decision, explain_record};
use cis_rules::internals::matching::Match;
use cis_rules::internals::trail::{Demands, Trail};
use cis_rules::question::Kind;

use crate::records::Texts;
use crate::rng::Rng;
use crate::{accounts, snapshot};

/// Whether what is said to have decided an answer decides that answer and no other.
fn supports(answer: Answer, decisions: &[Decision]) -> bool {
    let all = |is_meant: fn(&Decision) -> bool| decisions.iter().all(is_meant);
    match answer {
        Answer::Logged => all(|decision| matches!(decision, Decision::Takes(_))),
        Answer::NotLogged => {
            !decisions.is_empty() && all(|decision| matches!(decision, Decision::Drops(_)))
        }
        Answer::NotKnown => {
            !decisions.is_empty() && all(|decision| matches!(decision, Decision::NotKnown(_)))
        }
    }
}

#[test]
fn explanations_agree_with_the_matcher() {
    let mut counts = [0_u64; 3];
    for seed in 0..crate::accounts() {
        let mut rng = Rng::new(seed);
        let account = accounts::account(&mut rng);
        let texts = Texts::of(&[&account]);
        let snapshot = snapshot(&account);
        let observed = snapshot.trails.clone().unwrap();
        for kind in Kind::ALL {
            let record = texts.record(&mut rng, kind);
            let told = explain_record(&snapshot, &record);
            let mut best = Match::No;
            for (observed, told) in observed.iter().zip(&told.trails) {
                let trail = Trail::new(observed, &snapshot, Demands::default());
                let answer = trail.logs(&record);
                best = best.max(answer);
                let place = || format!("seed {seed}: {record:?}\n{told:#?}\n{account:#}");
                assert_eq!(told.answer, answer.into(), "{}", place());
                let selectors = &told.records[0].selectors;
                assert_eq!(selectors.len(), trail.selectors.unwrap_or_default().len());
                for (selector, told) in trail.selectors.unwrap_or_default().iter().zip(selectors) {
                    let answer = selector.matches(&record, "aws").into();
                    assert_eq!(told.answer, answer, "{}", place());
                    assert!(supports(answer, &told.decided_by), "{}", place());
                }
                // What the selectors would log the trail itself must account for.
                let selected = selectors.iter().map(|selector| selector.answer).max();
                let selected = selected.unwrap_or(Answer::NotLogged);
                let is_explained = told.answer == selected || !told.reasons.is_empty();
                assert!(is_explained, "{}", place());
            }
            assert_eq!(told.answer, Some(best.into()), "seed {seed}");
            counts[best as usize] += 1;
        }
    }
    println!("{counts:?} not logged, not known, logged");
    assert!(counts.iter().all(|count| *count > crate::accounts() / 50), "one-sided: {counts:?}");
}
