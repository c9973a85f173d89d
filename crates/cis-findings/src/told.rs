//! An answer in the few words that tables and pull requests have room for.

use std::fmt;

use cis_rules::question::Question;
use cis_rules::report::{AccountResult, Gap, Place, TrailResult, Verdict};
use cis_rules::snapshot::{ObservedTrail, Snapshot};

use crate::evidence::without_verdict;
use crate::exception;
use crate::identity::{self, Lost};
use crate::mistake::{self, At, Line, Mistake};

/// An answer in few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What kind of mistake it is, as [`mistake::Slip::id`] names it; `undecided` of an INDETERMINATE,
    /// and `compliant` of a COMPLIANT.
    pub rule: &'static str,
    /// The trail that is to be changed, by its ARN.
    pub trail: Option<String>,
    /// The cause, a sentence.
    pub cause: String,
    /// The condition that is the cause.
    pub why: Option<String>,
    /// A lost event: `DeleteObject on arn:aws:s3:::payroll/2026/11.csv`.
    pub lost: Option<String>,
    /// What to do, in lines; those to copy begin with `aws `.
    pub fix: Vec<String>,
    /// Where it is written.
    pub place: Option<Written>,
    /// The selectors that come nearest to the event, in order, with what keeps it out: where each is
    /// written, and what it says.
    pub steps: Vec<(Option<Written>, String)>,
    /// What the item that is told is called in every run.
    pub identity: String,
    /// The exceptions that concern the answer, a sentence each.
    pub exceptions: Vec<String>,
    /// Whether the account is excepted: then nothing is to fail because of the answer.
    pub is_excepted: bool,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file's path.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column, from 1.
    pub column: Option<u64>,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

impl Told {
    /// An answer in few words.
    #[must_use]
    pub fn of(snapshot: &Snapshot, question: &Question, result: &AccountResult) -> Self {
        match Mistake::of(snapshot, question, result) {
            Some(mistake) => {
                let first = identity::lost(result).into_iter().next();
                let item = first.unwrap_or(Lost { trail: None, gap: None });
                Self::of_mistake(&mistake, item, snapshot, question, result)
            }
            None => Self::of_others(result),
        }
    }

    /// An answer item by item: each region that a trail loses; of another verdict, the answer.
    #[must_use]
    pub fn each(snapshot: &Snapshot, question: &Question, result: &AccountResult) -> Vec<Self> {
        let all = Mistake::all(snapshot, question, result);
        if all.is_empty() {
            return vec![Self::of_others(result)];
        }
        let told = |(mistake, item): &(Mistake<'_>, Lost<'_>)| {
            Self::of_mistake(mistake, *item, snapshot, question, result)
        };
        all.iter().map(told).collect()
    }

    fn of_mistake(
        mistake: &Mistake<'_>,
        item: Lost<'_>,
        snapshot: &Snapshot,
        question: &Question,
        result: &AccountResult,
    ) -> Self {
        let failing = |trail: &&TrailResult| trail.verdict == Verdict::NonCompliant;
        let is_one_of_several = result.trails.iter().filter(failing).count() > 1;
        let lines = mistake::remedy(mistake, snapshot, question, is_one_of_several);
        let hint = mistake::hint(mistake).map_or_else(String::new, |hint| format!(". {hint}"));
        Self {
            rule: mistake.slip.id(),
            trail: mistake.trail.map(|(_, trail)| trail.arn.clone()),
            cause: mistake::sentence(mistake, snapshot, question),
            why: mistake.at.as_ref().map(|at| mistake::place(at, mistake) + &hint),
            lost: mistake.lost.map(lost),
            fix: lines
                .into_iter()
                .map(|line| match line {
                    Line::Text(text) => text,
                    Line::Copy(text) => text.replace(" \\\n  ", " "),
                })
                .collect(),
            place: mistake
                .trail
                .and_then(|(observed, trail)| written(observed, trail, mistake.at.as_ref())),
            steps: mistake
                .path(snapshot, question)
                .iter()
                .map(|at| {
                    let place = mistake.trail.and_then(|(trail, of)| written(trail, of, Some(at)));
                    (place, mistake::place(at, mistake))
                })
                .collect(),
            identity: identity::name(result, item),
            exceptions: exception::sentences(result),
            is_excepted: result.excepted().is_some(),
        }
    }

    /// What is not known, or that it is proved.
    fn of_others(result: &AccountResult) -> Self {
        let unknown = result.unknowns.first();
        let place = result.trails.iter().find_map(|trail| trail.place.as_ref());
        Self {
            rule: match result.verdict {
                Verdict::Compliant => "compliant",
                Verdict::NonCompliant | Verdict::Indeterminate => "undecided",
            },
            trail: None,
            cause: match unknown {
                Some(unknown) => format!(
                    "Whether every S3 {} event is recorded is not known: {}.",
                    result.kind, unknown.reason
                ),
                None => format!("{}.", capital(without_verdict(result))),
            },
            why: None,
            lost: result.gaps.first().map(lost),
            fix: unknown.map(|unknown| unknown.settled_by.clone()).into_iter().collect(),
            place: place.map(of_trail),
            steps: Vec::new(),
            identity: identity::open(result),
            exceptions: exception::sentences(result),
            is_excepted: result.excepted().is_some(),
        }
    }
}

/// The line of the condition, of its selector, or of the trail: the nearest that is known.
pub(crate) fn written(
    observed: &ObservedTrail,
    trail: &TrailResult,
    at: Option<&At<'_>>,
) -> Option<Written> {
    let near = at.and_then(|at| {
        let condition = at.condition.map(|(index, _)| index);
        let of_selector =
            observed.selector_places.iter().filter(|place| place.selector == at.selector);
        let exact = of_selector.clone().find(|place| place.field_selector == condition);
        exact.or_else(|| of_selector.clone().find(|place| place.field_selector.is_none()))
    });
    match near {
        Some(near) => {
            Some(Written { file: near.file.clone(), line: Some(near.line), column: near.column })
        }
        None => trail.place.as_ref().map(of_trail),
    }
}

fn of_trail(place: &Place) -> Written {
    Written { file: place.file.clone(), line: place.line, column: None }
}

fn lost(gap: &Gap) -> String {
    format!("{} on {}", gap.witness.event_name(), gap.witness.arn())
}

/// A sentence with a capital letter.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What each rule is about, for the catalogues of formats that want one: its name, a title, and what to
/// do about it.
pub const RULES: [(&str, &str, &str); 27] = [
    (
        "no-trail",
        "There is no trail",
        "Create a multi-Region trail that selects every S3 object-level event, and start it.",
    ),
    (
        "trail-of-another-account",
        "The trail is another account's",
        "Create a trail of this account, or make the other one an organization trail.",
    ),
    ("trail-stopped", "The trail is stopped", "Start it, and find out who stopped it."),
    ("single-region-trail", "The trail records one Region", "Make it multi-Region."),
    (
        "untrusted-log-bucket",
        "The trail delivers to a bucket that is not trusted",
        "Deliver to a trusted bucket, or trust this one.",
    ),
    (
        "delivery-error",
        "The trail's log files are not delivered",
        "Correct the policy of its bucket or of its KMS key.",
    ),
    (
        "deliveries-left-out",
        "The trail leaves out CloudTrail's own deliveries",
        "Set RecursiveLogging to true, or do not ask for them.",
    ),
    ("no-s3-data-events", "No selector is about S3 objects", "Add a selector of S3 data events."),
    (
        "other-kind-only",
        "The selectors take the other kind of events only",
        "Add a selector of the kind that is asked for.",
    ),
    (
        "prefix-without-slash",
        "A condition on a bucket has no slash at the end",
        "End the value with a slash: without it every bucket is left out whose name starts so.",
    ),
    (
        "own-log-bucket-left-out",
        "A condition leaves out the trail's own log bucket",
        "Remove it, and set RecursiveLogging to false.",
    ),
    (
        "buckets-left-out",
        "A condition leaves out buckets",
        "Remove it, or allow the buckets to stay unlogged.",
    ),
    (
        "not-equals-bucket",
        "NotEquals stands with the ARN of a bucket",
        "Remove it: it leaves out no object of the bucket.",
    ),
    (
        "some-buckets-only",
        "Only some buckets are recorded",
        "Add a selector without a condition on resources.ARN: future buckets are not recorded.",
    ),
    ("other-partition", "A value is of another partition", "Write the trail's own partition."),
    ("star-in-value", "A value has a *", "End the value with `:::`: a * is an ordinary character."),
    (
        "event-names-one-by-one",
        "Event names stand one by one",
        "Use readOnly in place of eventName: events that AWS adds are lost.",
    ),
    (
        "event-names-of-other-kind",
        "Event names of the other kind stand in a condition",
        "Use readOnly in place of eventName.",
    ),
    (
        "some-event-names-only",
        "Only some event names are recorded",
        "Use readOnly in place of eventName.",
    ),
    ("event-names-left-out", "A condition leaves out event names", "Remove it."),
    (
        "console-only",
        "Only console sessions are recorded",
        "Remove the condition on sessionCredentialFromConsole.",
    ),
    (
        "console-left-out",
        "Console sessions are left out",
        "Remove the condition on sessionCredentialFromConsole.",
    ),
    (
        "callers-left-out",
        "Not every caller is recorded",
        "Remove the condition on userIdentity.arn.",
    ),
    ("narrowed", "A condition narrows a selector", "Remove it, or add a selector without it."),
    (
        "not-selected",
        "Several conditions keep events out",
        "Add a selector that takes every S3 object-level event.",
    ),
    (
        "undecided",
        "Whether every event is recorded is not known",
        "Settle what is open: the answer says how.",
    ),
    ("compliant", "Every event is recorded", "Nothing is to be done."),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::samples::Sample;

    fn told(sample: &Sample) -> Told {
        Told::of(&sample.snapshot, &sample.question, &sample.result)
    }

    #[test]
    fn each_verdict_is_told_by_a_rule_of_the_catalogue() {
        for (sample, rule) in [
            (Sample::compliant(), "compliant"),
            (Sample::non_compliant(), "prefix-without-slash"),
            (Sample::indeterminate(), "undecided"),
        ] {
            let told = told(&sample);
            assert_eq!(told.rule, rule);
            assert!(RULES.iter().any(|(name, ..)| *name == rule), "{rule}");
            assert!(told.cause.ends_with('.'), "{}", told.cause);
        }
        let names: BTreeSet<_> = RULES.iter().map(|(name, ..)| name).collect();
        assert_eq!(names.len(), RULES.len());
    }

    #[test]
    fn the_nearest_place_is_told() {
        let mut sample = Sample::non_compliant();
        let place = |field_selector, line| cis_rules::snapshot::SelectorPlace {
            selector: 0,
            field_selector,
            file: "main.tf".to_string(),
            line,
            column: Some(5),
        };
        let file = || Place { file: "main.tf".to_string(), line: Some(3) };
        sample.change(|members| {
            let trail = members.trails[0].clone();
            members.trails = vec![trail.with(|trail| trail.place = Some(file())).unwrap()];
        });
        assert_eq!(told(&sample).place.unwrap().line, Some(3));
        let places = &mut sample.snapshot.trails.as_mut().unwrap()[0].selector_places;
        places.push(place(None, 8));
        places.push(place(Some(1), 9));
        assert_eq!(told(&sample).place.unwrap().line, Some(8));
        let places = &mut sample.snapshot.trails.as_mut().unwrap()[0].selector_places;
        places.push(place(Some(2), 17));
        let written = told(&sample).place.unwrap();
        assert_eq!((written.line, written.column), (Some(17), Some(5)));
    }
}
