//! From the answers of one invocation to what is put.

use cis_rules::report::{AccountResult, Report, Verdict};

use crate::annotation::annotation;
use crate::evaluation::Compliance;
use crate::parameters::OnIndeterminate;

/// The answers of one invocation, as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// NON_COMPLIANT where any answer is, or else INDETERMINATE where any is.
    pub verdict: Verdict,
    /// Why, as an annotation: the answers that decide first.
    pub annotation: String,
}

impl Decision {
    /// The decision that a report's answers make together. No answer decides nothing.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let mut results: Vec<&AccountResult> = report.results.iter().collect();
        results.sort_by_key(|result| rank(result.verdict));
        let verdict = results.first().map_or(Verdict::Indeterminate, |first| first.verdict);
        let reasons: Vec<String> = match results.as_slice() {
            [only] => vec![only.summary.clone()],
            several => several.iter().map(|result| of_kind(result)).collect(),
        };
        Self { verdict, annotation: annotation(&reasons.join(" | "), verdict.name()) }
    }

    /// What AWS Config is told; nothing where that is to be an error.
    #[must_use]
    pub const fn compliance(&self, on_indeterminate: OnIndeterminate) -> Option<Compliance> {
        match (self.verdict, on_indeterminate) {
            (Verdict::Compliant, _) => Some(Compliance::Compliant),
            (Verdict::NonCompliant, _) => Some(Compliance::NonCompliant),
            (Verdict::Indeterminate, OnIndeterminate::Error) => None,
            (Verdict::Indeterminate, OnIndeterminate::NonCompliant) => {
                Some(Compliance::NonCompliant)
            }
            (Verdict::Indeterminate, OnIndeterminate::NotApplicable) => {
                Some(Compliance::NotApplicable)
            }
        }
    }
}

/// A summary that says of which kind it is: the verdict stays its first word.
fn of_kind(result: &AccountResult) -> String {
    let AccountResult { verdict, kind, summary, .. } = result;
    let reason = summary.strip_prefix(&format!("{verdict}: ")).unwrap_or(summary);
    format!("{verdict} for {kind} events: {reason}")
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
    use cis_rules::question::{Kind, Mode};

    use super::*;

    fn result(kind: Kind, verdict: Verdict, summary: &str) -> AccountResult {
        AccountResult {
            name: None,
            account_id: "111122223333".to_owned(),
            kind,
            mode: Mode::Any,
            allow_unlogged: Vec::new(),
            verdict,
            summary: summary.to_owned(),
            controls: Vec::new(),
            assumptions: Vec::new(),
            trails: Vec::new(),
            gaps: Vec::new(),
            more_gaps: false,
            unknowns: Vec::new(),
            proof: None,
        }
    }

    fn decide(answers: &[(Kind, Verdict, &str)]) -> Decision {
        let results =
            answers.iter().map(|&(kind, verdict, summary)| result(kind, verdict, summary));
        Decision::of(&Report::new(results.collect()))
    }

    #[test]
    fn the_worst_answer_decides_and_is_said_first() {
        use Kind::{Read, Write};
        use Verdict::{Compliant, Indeterminate, NonCompliant};
        for (write, read, expected, first) in [
            (Compliant, Compliant, Compliant, Write),
            (Compliant, NonCompliant, NonCompliant, Read),
            (NonCompliant, Compliant, NonCompliant, Write),
            (Indeterminate, NonCompliant, NonCompliant, Read),
            (NonCompliant, Indeterminate, NonCompliant, Write),
            (Compliant, Indeterminate, Indeterminate, Read),
        ] {
            let summary = |verdict: Verdict| format!("{verdict}: why");
            let decision = decide(&[(Write, write, &summary(write)), (Read, read, &summary(read))]);
            assert_eq!(decision.verdict, expected, "{write} {read}");
            let mut said =
                [format!("{write} for write events: why"), format!("{read} for read events: why")];
            if first == Read {
                said.reverse();
            }
            assert_eq!(decision.annotation, said.join(" | "));
        }
    }

    #[test]
    fn one_answer_is_its_summary() {
        let decision = decide(&[(Kind::Write, Verdict::Compliant, "trail `main` logs all")]);
        assert_eq!(decision.annotation, "trail `main` logs all");
    }

    #[test]
    fn no_answer_decides_nothing() {
        assert_eq!(decide(&[]).verdict, Verdict::Indeterminate);
    }

    #[test]
    fn indeterminate_is_reported_as_asked_and_nothing_else_is() {
        use OnIndeterminate as On;
        let compliance = |verdict, on| decide(&[(Kind::Write, verdict, "w")]).compliance(on);
        for on in [On::Error, On::NonCompliant, On::NotApplicable] {
            assert_eq!(compliance(Verdict::Compliant, on), Some(Compliance::Compliant));
            assert_eq!(compliance(Verdict::NonCompliant, on), Some(Compliance::NonCompliant));
        }
        let undecided = |on| compliance(Verdict::Indeterminate, on);
        assert_eq!(undecided(On::Error), None);
        assert_eq!(undecided(On::NonCompliant), Some(Compliance::NonCompliant));
        assert_eq!(undecided(On::NotApplicable), Some(Compliance::NotApplicable));
    }
}
