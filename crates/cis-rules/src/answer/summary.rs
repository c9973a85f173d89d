//! The answer in one sentence: what AWS Config shows as the annotation.

use alloc::string::String;

use crate::answer::report::{AccountMembers, Gap, TrailResult, Verdict};
use crate::spec::question::{Excepted, Exception, Mode};
use crate::spec::trail::{SINGLE_REGION, STOPPED};

/// The most characters that AWS Config takes.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_Evaluation.html>
pub(super) const LONGEST: usize = 256;

/// One sentence, the verdict, the trail and the lost record first; only printable ASCII.
pub(super) fn of(result: &AccountMembers) -> String {
    let reason = match result.verdict {
        Verdict::Compliant => compliant(result),
        Verdict::NonCompliant => non_compliant(result),
        Verdict::Indeterminate => indeterminate(result),
    };
    cut(ascii(sentence(result.verdict, &reason)))
}

fn sentence(verdict: Verdict, reason: &str) -> String {
    [verdict.name(), ": ", reason].concat()
}

fn compliant(result: &AccountMembers) -> String {
    let kind = result.kind;
    if let count @ 2.. = result.completions.len() {
        return alloc::format!(
            "each of {count} ways to complete the plan is proved to log every S3 object-level \
             {kind} event"
        );
    }
    let proving = result.trails.iter().find(|trail| trail.verdict == Verdict::Compliant);
    match (result.mode, proving) {
        (Mode::Every, _) => {
            let is_excepted = |one: &Exception| one.counts() && one.of == Excepted::Trail;
            let but = if result.exceptions.iter().any(is_excepted) {
                " that is not excepted"
            } else {
                ""
            };
            alloc::format!("every trail{but} is proved to log every S3 object-level {kind} event")
        }
        (_, Some(trail)) => alloc::format!(
            "trail {} is proved to log every S3 object-level {kind} event",
            name(trail)
        ),
        (_, None) => alloc::format!(
            "the trails together are proved to log every S3 object-level {kind} event"
        ),
    }
}

/// The cause, the effect, the fix.
fn non_compliant(result: &AccountMembers) -> String {
    let lost = if let Some(gap) = result.gaps.first() {
        let who: String = match result.trails.as_slice() {
            [] => "there is no trail; lost: ".into(),
            [only] => match cause(only) {
                Some(cause) => {
                    ["trail ", name(only), " does not count, ", cause, "; lost: "].concat()
                }
                None => ["trail ", name(only), " loses "].concat(),
            },
            _ => "no trail logs ".into(),
        };
        losing(&who, gap)
    } else {
        let first = result.trails.iter().find_map(|trail| Some((trail, trail.gaps.first()?)));
        first.map_or_else(
            || alloc::format!("no trail logs every S3 object-level {} event", result.kind),
            |(trail, gap)| losing(&["trail ", name(trail), " alone loses "].concat(), gap),
        )
    };
    let with_fix = [&lost, "; fix: ", &fix(result)].concat();
    if fits(Verdict::NonCompliant, &with_fix) { with_fix } else { lost }
}

/// Why a trail counts for nothing, whatever it selects.
fn cause(trail: &TrailResult) -> Option<&str> {
    let reason = trail.reasons.first().filter(|_| !trail.counts)?;
    Some(reason.as_str())
}

/// What makes the account log everything, in few words.
fn fix(result: &AccountMembers) -> String {
    let failing = result.trails.iter().find(|trail| trail.verdict == Verdict::NonCompliant);
    match (failing, failing.and_then(cause)) {
        (None, _) => "create a multi-Region trail with S3 data events".into(),
        (Some(_), Some(STOPPED)) => "start it".into(),
        (Some(_), Some(SINGLE_REGION)) => "make it multi-Region".into(),
        (Some(trail), _) => {
            alloc::format!("have trail {} select every S3 {} event", name(trail), result.kind)
        }
    }
}

/// What is lost. The example must survive, so it comes first where the whole will be cut.
fn losing(who: &str, gap: &Gap) -> String {
    let (lost, example) = (&gap.description, example(gap));
    let whole = [who, lost, ", for example ", &example].concat();
    if fits(Verdict::NonCompliant, &whole) {
        whole
    } else {
        [who, &example, ", one of: ", lost].concat()
    }
}

/// What is not known. The call that failed must survive, so where the whole would be cut the question
/// is left out and trails are named without the rest of their ARNs.
fn indeterminate(result: &AccountMembers) -> String {
    let reason = result
        .unknowns
        .first()
        .map_or("what is known does not settle it", |unknown| unknown.reason.as_str());
    let whole = alloc::format!(
        "whether every S3 object-level {} event is logged is not known: {reason}",
        result.kind
    );
    if fits(Verdict::Indeterminate, &whole) {
        return whole;
    }
    let by_name = |reason: String, trail: &TrailResult| reason.replace(&trail.arn, name(trail));
    result.trails.iter().fold(reason.into(), by_name)
}

/// Whether nothing of the reason will be cut.
fn fits(verdict: Verdict, reason: &str) -> bool {
    let length =
        if is_printable(reason) { reason.len() } else { reason.chars().flat_map(shown).count() };
    verdict.name().len() + ": ".len() + length <= LONGEST
}

fn example(gap: &Gap) -> String {
    [gap.witness.event_name(), " on ", gap.witness.arn()].concat()
}

fn name(trail: &TrailResult) -> &str {
    trail.arn.rsplit('/').next().unwrap_or(&trail.arn)
}

/// The text in printable ASCII.
fn ascii(text: String) -> String {
    if is_printable(&text) { text } else { text.chars().flat_map(shown).collect() }
}

fn is_printable(text: &str) -> bool {
    // Without a way out, so that many bytes are looked at together.
    text.bytes().fold(true, |all, byte| all & matches!(byte, b' '..=b'~'))
}

/// A character in printable ASCII.
fn shown(character: char) -> impl Iterator<Item = char> {
    let escaped = (!matches!(character, ' '..='~')).then(|| character.escape_default());
    let itself = escaped.is_none().then_some(character);
    itself.into_iter().chain(escaped.into_iter().flatten())
}

/// The text, cut to the longest annotation.
fn cut(mut ascii: String) -> String {
    if ascii.len() > LONGEST {
        ascii.truncate(LONGEST - 3);
        ascii.push_str("...");
    }
    ascii
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::answer::report::Witness;
    use crate::aws::field::RecordField;
    use crate::aws::record::Record;

    fn gap(description: &str) -> Gap {
        Gap {
            description: description.to_string(),
            witness: Witness::new(
                Record::of_object("arn:aws:s3:::payroll/a.csv")
                    .with(RecordField::EventName, "DeleteObject"),
            ),
        }
    }

    #[test]
    fn the_example_survives_a_region_that_takes_many_words() {
        let who = "trail main loses ";
        assert_eq!(
            losing(who, &gap("every write event on objects in bucket `payroll`")),
            "trail main loses every write event on objects in bucket `payroll`, for example \
             DeleteObject on arn:aws:s3:::payroll/a.csv"
        );
        let long = losing(who, &gap(&"every write event on a bucket, ".repeat(9)));
        let annotation = cut(ascii(sentence(Verdict::NonCompliant, &long)));
        assert_eq!(annotation.len(), LONGEST);
        assert!(
            annotation.starts_with(
                "NON_COMPLIANT: trail main loses DeleteObject on arn:aws:s3:::payroll/a.csv, one \
                 of: every write event"
            ),
            "{annotation}"
        );
        // Each of these takes eight characters of ASCII.
        let escaped = losing(who, &gap(&"\u{fc}".repeat(60)));
        assert!(escaped.starts_with("trail main loses DeleteObject"), "{escaped}");
    }
}
