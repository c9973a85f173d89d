//! Explanations against the naive model.

use cis_rules::explain::{Answer, Decision, explain_record};
use cis_rules::question::{Kind, Mode, Question};
use testkit::accounts::account;
use testkit::chance::Rng;
use testkit::model::{self, Bounds};
use testkit::question::to_json;
use testkit::records::{Texts, to_model};

use crate::snapshot;

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

/// The answer that bounds stand for.
pub(crate) const fn answer(bounds: Bounds) -> Answer {
    match (bounds.must, bounds.may) {
        (true, _) => Answer::Logged,
        (false, true) => Answer::NotKnown,
        (false, false) => Answer::NotLogged,
    }
}

#[test]
fn explanations_agree_with_the_model() {
    let mut counts = [0_u64; 3];
    for seed in crate::seeds(crate::accounts()) {
        let mut rng = Rng::new(seed);
        let account = account(&mut rng);
        let texts = Texts::of(&[&account]);
        let snapshot = snapshot(&account);
        for kind in Kind::ALL {
            let record = texts.record(&mut rng, kind);
            let told = explain_record(&snapshot, &record);
            let record = to_model(&record);
            let model = model::Account::new(&account, &to_json(&Question::new(kind, Mode::Any)));
            assert_eq!(told.trails.len(), model.trails(), "seed {seed}");
            let mut best = Bounds::LOST;
            for (trail, told) in told.trails.iter().enumerate() {
                let place = || format!("seed {seed}: {record:?}\n{told:#?}\n{account}");
                let logged = model.records(trail, &record);
                best = best.or(logged);
                assert_eq!(told.answer, answer(logged), "{}", place());
                let selectors = &told.records[0].selectors;
                let takes = model.selectors(trail, &record);
                assert_eq!(selectors.len(), takes.len(), "{}", place());
                for (told, bounds) in selectors.iter().zip(takes) {
                    assert_eq!(told.answer, answer(bounds), "{}", place());
                    assert!(supports(told.answer, &told.decided_by), "{}", place());
                }
                // What the selectors would log the trail itself must account for.
                let selected = selectors.iter().map(|selector| selector.answer).max();
                let selected = selected.unwrap_or(Answer::NotLogged);
                let is_explained = told.answer == selected || !told.reasons.is_empty();
                assert!(is_explained, "{}", place());
            }
            let answer = answer(model.listed(best));
            assert_eq!(told.answer, Some(answer), "seed {seed}: {account}");
            counts[answer as usize] += 1;
        }
    }
    println!("{counts:?} not logged, not known, logged");
    assert!(counts.iter().all(|count| *count > crate::accounts() / 50), "one-sided: {counts:?}");
}
