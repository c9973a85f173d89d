//! The verdicts against the plain matcher: no record speaks against them.

use arbitrary::{Result, Unstructured};
use cis_rules::evaluate;
use cis_rules::field::{Absence, RecordField, Values};
use cis_rules::internals::matching::Match;
use cis_rules::internals::scope::in_scope;
use cis_rules::question::{Mode, Question};
use cis_rules::record::Record;
use cis_rules::report::Verdict;

use crate::account::Asked;
use crate::evidence;
use crate::text::{near, object_arn};

/// How many records are tried on each account.
const RECORDS: usize = 24;

/// Every verdict agrees with every record that is tried, and carries the evidence that it must.
pub(crate) fn search_and_matcher(data: &[u8]) {
    // Too few bytes are no input.
    let _ = checked(&mut Unstructured::new(data));
}

fn checked(u: &mut Unstructured<'_>) -> Result<()> {
    let asked = Asked::new(u)?;
    let [any, union, every] = Mode::ALL.map(|mode| {
        let question = Question { mode, ..asked.question.clone() };
        let result = evaluate(&asked.snapshot, &question);
        evidence::check(&asked.snapshot, &question, &result);
        result
    });
    let alone: Vec<Verdict> = union.trails.iter().map(|trail| trail.verdict).collect();
    let of = |verdict| alone.iter().filter(|each| **each == verdict).count();
    let (compliant, lost) = (of(Verdict::Compliant), of(Verdict::NonCompliant));
    assert_eq!(any.verdict == Verdict::Compliant, compliant > 0);
    assert_eq!(any.verdict == Verdict::NonCompliant, lost == alone.len());
    assert_eq!(every.verdict == Verdict::NonCompliant, alone.is_empty() || lost > 0);
    assert_eq!(every.verdict == Verdict::Compliant, !alone.is_empty() && compliant == alone.len());
    assert!(union.verdict == Verdict::Compliant || any.verdict != Verdict::Compliant);
    let trails = evidence::trails(&asked.snapshot);
    assert_eq!(trails.len(), alone.len());
    for _ in 0..RECORDS {
        let record = record(u, &asked)?;
        if !in_scope(&record, &asked.question, "aws") {
            continue;
        }
        let mut best = Match::No;
        for (trail, verdict) in trails.iter().zip(&alone) {
            let answer = trail.logs(&record);
            best = best.max(answer);
            agree(answer, *verdict, &record, &asked);
        }
        agree(best, union.verdict, &record, &asked);
    }
    Ok(())
}

/// A verdict about everything against the answer for one record.
fn agree(answer: Match, verdict: Verdict, record: &Record, asked: &Asked) {
    let fits = match answer {
        Match::Surely => true,
        Match::Maybe => verdict != Verdict::Compliant,
        Match::No => verdict == Verdict::NonCompliant,
    };
    assert!(fits, "{verdict}, but {answer:?}: {record:?}\n{}", asked.json);
}

fn record(u: &mut Unstructured<'_>, asked: &Asked) -> Result<Record> {
    let mut record = Record::of_object(object_arn(u, asked.texts("resources.ARN"))?)
        .with(RecordField::ReadOnly, asked.question.kind.read_only());
    for field in
        RecordField::VARYING.into_iter().filter(|field| *field != RecordField::ResourcesArn)
    {
        let facts = field.facts();
        let is_absent = facts.absence != Absence::Never && u.arbitrary::<bool>()?;
        let value = match facts.values {
            Values::Only(only) => only.to_string(),
            _ if u.ratio(1, 3)? && !facts.samples.is_empty() => {
                (*u.choose(facts.samples)?).to_string()
            }
            _ => near(u, facts.name, asked.texts(facts.name))?,
        };
        record.set(field, (!is_absent).then_some(value));
    }
    Ok(record)
}
