//! The answer in one sentence: what AWS Config shows as the annotation.

use alloc::string::String;

use crate::report::{AccountResult, Gap, TrailResult, Verdict};

/// The most characters that AWS Config takes.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_Evaluation.html>
pub(super) const LONGEST: usize = 256;

/// One sentence, the verdict, the trail and the lost record first; printable ASCII alone.
pub(super) fn of(result: &AccountResult) -> String {
    let sentence = match result.verdict {
        Verdict::Compliant => compliant(result),
        Verdict::NonCompliant => non_compliant(result),
        Verdict::Indeterminate => indeterminate(result),
    };
    cut(&alloc::format!("{}: {sentence}", result.verdict))
}

fn compliant(result: &AccountResult) -> String {
    let kind = result.kind;
    let proving = result.trails.iter().find(|trail| trail.verdict == Verdict::Compliant);
    match (result.mode, proving) {
        (crate::question::Mode::Every, _) => {
            alloc::format!("every trail is proved to log every S3 object-level {kind} event")
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

fn non_compliant(result: &AccountResult) -> String {
    if let Some(gap) = result.gaps.first() {
        let who = match result.trails.as_slice() {
            [] => "there is no trail".into(),
            [only] => alloc::format!("trail {} loses", name(only)),
            _ => "no trail logs".into(),
        };
        let who: String = who;
        let verb = if result.trails.is_empty() { "; lost: " } else { " " };
        return alloc::format!("{who}{verb}{}, for example {}", gap.description, example(gap));
    }
    let losing = result.trails.iter().find_map(|trail| Some((trail, trail.gaps.first()?)));
    losing.map_or_else(
        || alloc::format!("no trail logs every S3 object-level {} event", result.kind),
        |(trail, gap)| {
            alloc::format!(
                "trail {} alone loses {}, for example {}",
                name(trail),
                gap.description,
                example(gap)
            )
        },
    )
}

fn indeterminate(result: &AccountResult) -> String {
    let reason = result
        .unknowns
        .first()
        .map_or("what is known does not settle it", |unknown| unknown.reason.as_str());
    alloc::format!(
        "whether every S3 object-level {} event is logged is not known: {reason}",
        result.kind
    )
}

fn example(gap: &Gap) -> String {
    alloc::format!("{} on {}", gap.witness.event_name, gap.witness.resources_arn)
}

fn name(trail: &TrailResult) -> &str {
    trail.arn.rsplit('/').next().unwrap_or(&trail.arn)
}

/// The text in printable ASCII, cut to the longest annotation.
fn cut(text: &str) -> String {
    let mut ascii = String::new();
    for character in text.chars() {
        match character {
            ' '..='~' => ascii.push(character),
            other => ascii.extend(other.escape_default()),
        }
    }
    if ascii.len() > LONGEST {
        ascii.truncate(LONGEST - 3);
        ascii.push_str("...");
    }
    ascii
}
