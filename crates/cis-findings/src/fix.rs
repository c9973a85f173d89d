//! What to do, in a few sentences: the text of a finding's remediation.

use cis_rules::question::Mode;
use cis_rules::report::{AccountResult, Verdict};
use cis_rules::snapshot::Snapshot;

use crate::repair::{Repair, SelectorRepair, TrailRepair};

/// What to do about an answer; nothing where it is COMPLIANT.
pub(crate) fn fix(snapshot: &Snapshot, result: &AccountResult) -> Option<String> {
    match Repair::of(snapshot, result) {
        Some(Repair::Plan) => Some(plan(result)),
        Some(Repair::Trails(trails)) => {
            let sentences: Vec<_> =
                trails.iter().map(|trail| change(trail, snapshot, result)).collect();
            Some(sentences.join(" "))
        }
        Some(Repair::Create) => Some(create(result)),
        None if result.verdict == Verdict::Indeterminate => settle(result),
        None => None,
    }
}

/// The advanced selector that logs every event of the answer's kind, in words.
fn advanced(result: &AccountResult) -> String {
    format!(
        "an advanced selector with eventCategory Equals Data, resources.type Equals \
         AWS::S3::Object and readOnly Equals {}",
        result.kind.read_only()
    )
}

fn change(trail: &TrailRepair<'_>, snapshot: &Snapshot, result: &AccountResult) -> String {
    let mut steps = Vec::new();
    if trail.extend {
        steps.push("make it multi-Region".to_owned());
    }
    if trail.start {
        steps.push("start it".to_owned());
    }
    if trail.log_deliveries {
        steps.push("set RecursiveLogging to true".to_owned());
    }
    match trail.selectors {
        Some(SelectorRepair::Advanced) => steps.push(format!(
            "remove the condition that drops the event, or add {}",
            advanced(result)
        )),
        Some(SelectorRepair::Basic { is_full }) => steps.push(format!(
            "{} of AWS::S3::Object with the value arn:{}:s3 for {} events",
            if is_full {
                "widen one of its basic selectors to data resources"
            } else {
                "add a basic selector of data resources"
            },
            snapshot.partition,
            result.kind
        )),
        None => {}
    }
    let arn = trail.observed.trail.arn.as_deref().unwrap_or("that loses it");
    let mut text = format!("Trail {arn}: {}.", steps.join("; "));
    if trail.selectors.is_some() {
        text += " PutEventSelectors replaces the whole set, so put the other selectors with it.";
    }
    if !trail.is_own {
        text += " The trail is another account's: the organization's management account or its \
                 delegated administrator changes it.";
    }
    text
}

fn create(result: &AccountResult) -> String {
    format!(
        "Create a multi-Region trail, start it, and give it two selectors: one of all management \
         events, and {}.",
        advanced(result)
    )
}

fn plan(result: &AccountResult) -> String {
    let which = match result.mode {
        Mode::Every => "each planned trail",
        Mode::Any | Mode::Union => "a planned trail",
    };
    format!(
        "Give {which} IsLogging and IsMultiRegionTrail (in Terraform enable_logging and \
         is_multi_region_trail) true and {}, then audit the plan again.",
        advanced(result)
    )
}

/// What would settle an answer that is not known, each thing once.
fn settle(result: &AccountResult) -> Option<String> {
    let mut steps: Vec<&str> = Vec::new();
    for unknown in &result.unknowns {
        if !steps.contains(&unknown.settled_by.as_str()) {
            steps.push(&unknown.settled_by);
        }
    }
    (!steps.is_empty()).then(|| format!("What settles it: {}.", steps.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sample;

    fn fixed(change: impl Fn(&mut Sample)) -> String {
        let mut sample = Sample::non_compliant();
        change(&mut sample);
        fix(&sample.snapshot, &sample.result).unwrap()
    }

    #[test]
    fn a_trail_that_only_selects_too_little_gets_a_selector() {
        assert_eq!(
            fixed(|_| {}),
            "Trail arn:aws:cloudtrail:us-east-1:111122223333:trail/main: remove the condition that \
             drops the event, or add an advanced selector with eventCategory Equals Data, \
             resources.type Equals AWS::S3::Object and readOnly Equals false. PutEventSelectors \
             replaces the whole set, so put the other selectors with it."
        );
    }

    #[test]
    fn everything_that_stands_in_the_way_is_named() {
        let text = fixed(|sample| {
            let trail = &mut sample.snapshot.trails.as_mut().unwrap()[0];
            trail.trail.is_multi_region_trail = Some(false);
            trail.trail.recursive_logging = Some(false);
            trail.trail.arn = trail.trail.arn.as_ref().map(|arn| arn.replace("1111", "9999"));
            trail.status.as_mut().unwrap().is_logging = Some(false);
            trail.event_selectors = Some(Vec::new());
        });
        for step in [
            "make it multi-Region; start it; set RecursiveLogging to true; add a basic selector",
            "with the value arn:aws:s3 for write events",
            "management account",
        ] {
            assert!(text.contains(step), "{text}");
        }
    }

    #[test]
    fn each_failing_trail_is_changed_where_every_one_must_log() {
        let text = fixed(|sample| {
            sample.result.mode = Mode::Every;
            let trails = sample.snapshot.trails.as_mut().unwrap();
            let mut other = trails[0].clone();
            other.trail.arn = Some("arn:aws:cloudtrail:us-east-1:111122223333:trail/two".into());
            trails.push(other);
            sample.result.trails.push(sample.result.trails[0].clone());
        });
        assert!(text.contains("trail/main: ") && text.contains("trail/two: "), "{text}");
    }

    #[test]
    fn what_is_not_there_is_created_or_planned() {
        let without = |sample: &mut Sample| {
            sample.snapshot.trails = Some(Vec::new());
            sample.result.trails.clear();
        };
        assert!(fixed(without).starts_with("Create a multi-Region trail"));
        let planned = |sample: &mut Sample| sample.snapshot.planned = true;
        assert!(fixed(planned).starts_with("Give a planned trail IsLogging"));
    }

    #[test]
    fn what_is_not_known_is_settled_and_what_is_proved_needs_nothing() {
        let mut sample = Sample::indeterminate();
        sample.result.unknowns.push(sample.result.unknowns[0].clone());
        let text = fix(&sample.snapshot, &sample.result).unwrap();
        assert_eq!(text, format!("What settles it: {}.", sample.result.unknowns[0].settled_by));
        let sample = Sample::compliant();
        assert_eq!(fix(&sample.snapshot, &sample.result), None);
    }
}
