//! From the answers of one invocation to what is put.

use cis_rules::report::{AccountResult, Report, Verdict};

use crate::evaluation::{Compliance, Evaluation};
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
            several => several
                .iter()
                .map(|result| format!("{}: {}", result.kind, result.summary))
                .collect(),
        };
        let text = reasons.join(" | ");
        Self { verdict, annotation: annotation(&text, verdict) }
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

const fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::NonCompliant => 0,
        Verdict::Indeterminate => 1,
        Verdict::Compliant => 2,
    }
}

/// A text as an annotation: printable ASCII, so that every way of counting characters agrees, and
/// 1 to 256 of them. AWS Config refuses an empty one.
fn annotation(text: &str, verdict: Verdict) -> String {
    const CUT: &str = "...";
    let mut text: String = text
        .chars()
        .map(|character| match character {
            ' '..='~' => character,
            '\n' | '\r' | '\t' => ' ',
            _ => '?',
        })
        .collect();
    if text.trim().is_empty() {
        return verdict.name().to_owned();
    }
    if text.len() > Evaluation::ANNOTATION_LENGTH {
        text.truncate(Evaluation::ANNOTATION_LENGTH - CUT.len());
        text.push_str(CUT);
    }
    text
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
        for (write, read, expected, annotation) in [
            (Compliant, Compliant, Compliant, "write: w | read: r"),
            (Compliant, NonCompliant, NonCompliant, "read: r | write: w"),
            (NonCompliant, Compliant, NonCompliant, "write: w | read: r"),
            (Indeterminate, NonCompliant, NonCompliant, "read: r | write: w"),
            (NonCompliant, Indeterminate, NonCompliant, "write: w | read: r"),
            (Compliant, Indeterminate, Indeterminate, "read: r | write: w"),
        ] {
            let decision = decide(&[(Write, write, "w"), (Read, read, "r")]);
            assert_eq!(decision.verdict, expected, "{write} {read}");
            assert_eq!(decision.annotation, annotation);
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

    #[test]
    fn an_annotation_is_1_to_256_printable_ascii_characters() {
        let long = "ü".repeat(300);
        for (summary, expected) in [
            ("", "COMPLIANT".to_owned()),
            (" \n", "COMPLIANT".to_owned()),
            ("a\nb\u{1f600}c", "a b?c".to_owned()),
            (long.as_str(), format!("{}...", "?".repeat(253))),
            (&long[..512], "?".repeat(256)),
        ] {
            let decision = decide(&[(Kind::Write, Verdict::Compliant, summary)]);
            assert_eq!(decision.annotation, expected);
        }
    }
}
