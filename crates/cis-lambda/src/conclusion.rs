//! From the answers of one invocation to what is put.

use std::cmp::Ordering;

use cis_findings::evidence::without_verdict;
use cis_rules::report::{AccountMembers, AccountResult, Report, Verdict};
use cis_rules::snapshot::Snapshot;

use crate::annotation::annotation;
use crate::evaluation::Compliance;
use crate::parameters::{OnUndecided, UndecidedPolicy};
use crate::undecided::Cause;

/// The answers of one invocation, as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclusion {
    /// NON_COMPLIANT where any answer is, or else INDETERMINATE where any is.
    pub verdict: Verdict,
    /// What AWS Config is told; `None` where that is to be an error.
    pub compliance: Option<Compliance>,
    /// Why, as an annotation: the answers that decide first.
    pub annotation: String,
}

impl Conclusion {
    /// The conclusion that a report's answers about an account make together: the worst of what each
    /// would put by itself. No answer decides nothing.
    ///
    /// Only what is put follows the policy. The verdict, with which the annotation begins, stays.
    #[must_use]
    pub fn new(snapshot: &Snapshot, report: &Report, policy: UndecidedPolicy) -> Self {
        let mut answers: Vec<(Option<Compliance>, &AccountResult)> = report
            .results
            .iter()
            .map(|result| (compliance(snapshot, result, policy), result))
            .collect();
        answers.sort_by(|(one, result), (other, other_result)| {
            by_weight(*one, *other)
                .then_with(|| rank(result.verdict).cmp(&rank(other_result.verdict)))
        });
        let verdicts = answers.iter().map(|(_, result)| result.verdict);
        let verdict =
            verdicts.min_by_key(|verdict| rank(*verdict)).unwrap_or(Verdict::Indeterminate);
        let reasons: Vec<String> = match answers.as_slice() {
            [(_, only)] => vec![only.summary.clone()],
            several => several.iter().map(|(_, result)| of_kind(result)).collect(),
        };
        Self {
            verdict,
            compliance: answers.first().and_then(|(compliance, _)| *compliance),
            annotation: annotation(&reasons.join(" | "), verdict.name()),
        }
    }
}

/// What AWS Config would be told of one answer; `None` where that is to be an error.
fn compliance(
    snapshot: &Snapshot,
    result: &AccountResult,
    policy: UndecidedPolicy,
) -> Option<Compliance> {
    let Some(cause) = Cause::of_account(snapshot, result) else {
        return Some(match result.verdict {
            Verdict::Compliant => Compliance::Compliant,
            Verdict::NonCompliant | Verdict::Indeterminate => Compliance::NonCompliant,
        });
    };
    match policy.on(cause) {
        OnUndecided::Error => None,
        OnUndecided::NonCompliant => Some(Compliance::NonCompliant),
        OnUndecided::NotApplicable => Some(Compliance::NotApplicable),
    }
}

/// The order of what answers would put, the one that decides first. An account that does not comply
/// for one kind of event does not comply, whether the other kind could be read or not.
fn by_weight(one: Option<Compliance>, other: Option<Compliance>) -> Ordering {
    let weight = |compliance| match compliance {
        Some(Compliance::NonCompliant) => 0,
        None => 1,
        Some(Compliance::NotApplicable) => 2,
        Some(Compliance::Compliant) => 3,
    };
    weight(one).cmp(&weight(other))
}

/// A summary that says of which kind it is, less its fix, for several have to fit: the verdict stays its
/// first word.
fn of_kind(result: &AccountResult) -> String {
    let AccountMembers { verdict, kind, .. } = &**result;
    format!("{verdict} for {kind} events: {}", without_verdict(result))
}

const fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::NonCompliant => 0,
        Verdict::Indeterminate => 1,
        Verdict::Compliant => 2,
    }
}

#[cfg(test)]
mod tests {
    use cis_rules::evaluate;
    use cis_rules::question::{Kind, Mode, Question};
    use serde_json::{Value, json};

    use super::*;

    const DEFAULT: UndecidedPolicy = UndecidedPolicy {
        indeterminate: OnUndecided::NonCompliant,
        unreadable: OnUndecided::Error,
    };

    /// An account with a trail for each status and its selector's field selectors.
    fn account(trails: &[(&Value, &[Value])]) -> Snapshot {
        let trail = |(number, (status, fields)): (usize, &(&Value, &[Value]))| {
            let mut all = vec![
                json!({"Field": "eventCategory", "Equals": ["Data"]}),
                json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
            ];
            all.extend_from_slice(fields);
            json!({
                "trail": {
                    "TrailARN": format!("arn:aws:cloudtrail:us-east-1:111122223333:trail/t{number}"),
                    "IsMultiRegionTrail": true,
                },
                "status": status,
                "eventSelectors": {"AdvancedEventSelectors": [{"FieldSelectors": all}]},
            })
        };
        let trails: Vec<Value> = trails.iter().enumerate().map(trail).collect();
        let account = json!({"schemaVersion": 1, "accountId": "111122223333", "trails": trails});
        Snapshot::from_json(&account.to_string()).unwrap()
    }

    fn logging(fields: &[Value]) -> Snapshot {
        account(&[(&json!({"IsLogging": true}), fields)])
    }

    fn unread(fields: &[Value]) -> Snapshot {
        account(&[(&Value::Null, fields)])
    }

    fn of_kind(kind: Kind) -> Value {
        json!({"Field": "readOnly", "Equals": [kind.read_only()]})
    }

    fn ambiguous() -> Value {
        json!({"Field": "newField", "Equals": ["x"]})
    }

    fn decide(snapshot: &Snapshot, kinds: &[Kind], policy: UndecidedPolicy) -> Conclusion {
        let answer = |&kind: &Kind| evaluate(snapshot, &Question::new(kind, Mode::Any));
        Conclusion::new(snapshot, &Report::new(kinds.iter().map(answer).collect()), policy)
    }

    #[test]
    fn the_worst_answer_decides_and_comes_first() {
        let only_writes = logging(&[of_kind(Kind::Write)]);
        let conclusion = decide(&only_writes, &Kind::ALL, DEFAULT);
        assert_eq!(conclusion.verdict, Verdict::NonCompliant);
        assert_eq!(conclusion.compliance, Some(Compliance::NonCompliant));
        let annotation = &conclusion.annotation;
        assert!(annotation.starts_with("NON_COMPLIANT for read events: "), "{annotation}");

        let conclusion = decide(&logging(&[]), &Kind::ALL, DEFAULT);
        assert_eq!(conclusion.compliance, Some(Compliance::Compliant));
        let annotation = &conclusion.annotation;
        assert!(annotation.starts_with("COMPLIANT for write events: "), "{annotation}");
        assert!(annotation.contains(" | COMPLIANT for read events: "), "{annotation}");
    }

    #[test]
    fn one_answer_is_its_summary() {
        let snapshot = logging(&[]);
        let conclusion = decide(&snapshot, &[Kind::Write], DEFAULT);
        let result = evaluate(&snapshot, &Question::new(Kind::Write, Mode::Any));
        assert_eq!(conclusion.annotation, result.summary);
    }

    #[test]
    fn no_answer_decides_nothing() {
        let conclusion = decide(&logging(&[]), &[], DEFAULT);
        assert_eq!((conclusion.verdict, conclusion.compliance), (Verdict::Indeterminate, None));
    }

    #[test]
    fn whoever_writes_an_ambiguous_selector_does_not_keep_the_last_compliant() {
        let conclusion = decide(&logging(&[ambiguous()]), &[Kind::Write], DEFAULT);
        assert_eq!(conclusion.verdict, Verdict::Indeterminate);
        assert_eq!(conclusion.compliance, Some(Compliance::NonCompliant));
        let annotation = &conclusion.annotation;
        assert!(annotation.starts_with("INDETERMINATE: "), "{annotation}");
    }

    #[test]
    fn each_cause_follows_its_own_policy_and_the_verdict_stays() {
        use OnUndecided::{Error, NonCompliant, NotApplicable};
        let put = |on| match on {
            Error => None,
            NonCompliant => Some(Compliance::NonCompliant),
            NotApplicable => Some(Compliance::NotApplicable),
        };
        for indeterminate in [Error, NonCompliant, NotApplicable] {
            for unreadable in [Error, NonCompliant, NotApplicable] {
                let policy = UndecidedPolicy { indeterminate, unreadable };
                for (snapshot, on) in
                    [(logging(&[ambiguous()]), indeterminate), (unread(&[]), unreadable)]
                {
                    let conclusion = decide(&snapshot, &[Kind::Write], policy);
                    assert_eq!(conclusion.verdict, Verdict::Indeterminate);
                    assert_eq!(conclusion.compliance, put(on), "{policy:?}");
                    assert!(conclusion.annotation.starts_with("INDETERMINATE: "));
                }
                for (fields, expected) in [
                    (vec![], Compliance::Compliant),
                    (vec![of_kind(Kind::Read)], Compliance::NonCompliant),
                ] {
                    let conclusion = decide(&logging(&fields), &[Kind::Write], policy);
                    assert_eq!(conclusion.compliance, Some(expected), "{policy:?}");
                }
            }
        }
    }

    #[test]
    fn what_does_not_comply_is_put_although_the_other_kind_is_an_error() {
        // Writes could be logged, which depends on the status; reads surely are not.
        let snapshot = unread(&[of_kind(Kind::Write)]);
        let conclusion = decide(&snapshot, &Kind::ALL, DEFAULT);
        assert_eq!(conclusion.compliance, Some(Compliance::NonCompliant));
        let annotation = &conclusion.annotation;
        assert!(annotation.starts_with("NON_COMPLIANT for read events: "), "{annotation}");
        assert!(annotation.contains("INDETERMINATE for write events: "), "{annotation}");
    }

    #[test]
    fn what_is_proved_lost_comes_before_what_does_not_comply_by_policy() {
        let snapshot = logging(&[of_kind(Kind::Write), ambiguous()]);
        let conclusion = decide(&snapshot, &Kind::ALL, DEFAULT);
        assert_eq!(conclusion.verdict, Verdict::NonCompliant);
        let annotation = &conclusion.annotation;
        assert!(annotation.starts_with("NON_COMPLIANT for read events: "), "{annotation}");
        assert!(annotation.contains("INDETERMINATE for write events: "), "{annotation}");
    }

    #[test]
    fn each_kind_follows_the_policy_of_its_own_cause() {
        // Writes depend on an ambiguous selector, and reads on a status that was not read.
        let writes = [of_kind(Kind::Write), ambiguous()];
        let reads = [of_kind(Kind::Read)];
        let snapshot = account(&[(&json!({"IsLogging": true}), &writes), (&Value::Null, &reads)]);
        let conclusion = decide(&snapshot, &Kind::ALL, DEFAULT);
        assert_eq!(conclusion.compliance, Some(Compliance::NonCompliant));
        let annotation = &conclusion.annotation;
        assert!(annotation.starts_with("INDETERMINATE for write events: "), "{annotation}");

        let indeterminate = OnUndecided::NotApplicable;
        let conclusion =
            decide(&snapshot, &Kind::ALL, UndecidedPolicy { indeterminate, ..DEFAULT });
        assert_eq!(conclusion.compliance, None, "an error is not hidden by NOT_APPLICABLE");
    }
}
