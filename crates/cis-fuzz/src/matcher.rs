//! The verdicts against the naive model: no record speaks against them.

use arbitrary::Unstructured;
use cis_rules::evaluate;
use cis_rules::explain::{Answer, explain_record};
use cis_rules::question::{Mode, Question};
use cis_rules::report::Verdict;
use testkit::model::{self, Bounds};
use testkit::question::to_json;
use testkit::records::{Texts, to_model};

use crate::account::{Asked, Bytes};
use crate::evidence;

/// How many records are tried on each account.
const RECORDS: usize = 24;

/// Every verdict and every explanation agrees with the model on every record that is tried, and
/// carries the evidence that it must.
pub(crate) fn search_and_matcher(data: &[u8]) {
    let mut bytes = Unstructured::new(data);
    let mut chance = Bytes::new(&mut bytes);
    let asked = Asked::new(&mut chance);
    let [any, (union, alone), every] = Mode::ALL.map(|mode| {
        let question = Question { mode, ..asked.question.clone() };
        let result = evaluate(&asked.snapshot, &question);
        evidence::check(&asked.snapshot, &question, &result);
        let alone: Vec<Verdict> = result.trails.iter().map(|trail| trail.verdict).collect();
        (result.verdict, alone)
    });
    let model = model::Account::new(&asked.json, &to_json(&asked.question));
    assert_eq!(alone.len(), model.trails(), "{}", asked.json);
    assert!(any.1 == alone && every.1 == alone, "{}", asked.json);
    let texts = Texts::of(&[&asked.json]);
    for _ in 0..RECORDS {
        let drawn = texts.record(&mut chance, asked.question.kind);
        let record = to_model(&drawn);
        let told = explain_record(&asked.snapshot, &drawn);
        let mut together = Bounds::LOST;
        for (trail, verdict) in alone.iter().enumerate() {
            let records = model.records(trail, &record);
            let told = told.trails.get(trail).map(|trail| trail.answer);
            if asked.question.trusted_log_buckets.is_empty() && !asked.question.require_delivery {
                assert_eq!(told, Some(answer(records)), "{record:?}\n{}", asked.json);
            }
            let counts = model.counts(trail, &record);
            together = together.or(counts);
            if model.in_scope(&record) {
                agree(counts, *verdict, &record, &asked);
            }
        }
        if model.in_scope(&record) {
            agree(model.listed(together), union, &record, &asked);
        }
    }
}

/// The answer that bounds stand for.
const fn answer(bounds: Bounds) -> Answer {
    match (bounds.must, bounds.may) {
        (true, _) => Answer::Logged,
        (false, true) => Answer::NotKnown,
        (false, false) => Answer::NotLogged,
    }
}

/// A verdict about everything against the answer for one record.
fn agree(logged: Bounds, verdict: Verdict, record: &model::Record, asked: &Asked) {
    let fits = match verdict {
        Verdict::Compliant => logged.must,
        Verdict::NonCompliant => true,
        Verdict::Indeterminate => logged.may,
    };
    assert!(fits, "{verdict}, but {logged:?}: {record:?}\n{:?}\n{}", asked.question, asked.json);
}
