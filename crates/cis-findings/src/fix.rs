//! What to do, in a few sentences: the text of a finding's remediation.

use cis_rules::question::{Mode, Question};
use cis_rules::report::{AccountResult, Verdict};

use crate::finding_input::FindingInput;
use crate::repair::{Repair, SelectorRepair, TrailRepair};
use crate::selectors::{Advanced, Basic};

/// What to do about an answer; `None` where it is COMPLIANT.
pub(crate) fn fix(input: &FindingInput<'_>) -> Option<String> {
    let FindingInput { snapshot, question, result, .. } = *input;
    match Repair::of(snapshot, question, result) {
        Some(Repair::Plan { own_log_bucket }) => Some(plan(question, own_log_bucket)),
        Some(Repair::Trails(trails)) => {
            let sentences: Vec<_> =
                trails.iter().map(|trail| change(trail, &snapshot.partition, question)).collect();
            Some(sentences.join(" "))
        }
        Some(Repair::Create) => Some(create(question)),
        None if result.verdict == Verdict::Indeterminate => settle(result),
        None => None,
    }
}

fn change(trail: &TrailRepair<'_>, partition: &str, question: &Question) -> String {
    let mut steps = Vec::new();
    if !trail.missing.is_empty() {
        steps.push(format!("allow {} and read the account again", trail.missing.join(" and ")));
    }
    if trail.extend {
        steps.push("make it multi-Region".to_owned());
    }
    if trail.start {
        steps.push("start it".to_owned());
    }
    if trail.untrusted_bucket {
        steps.push("have it deliver to one of TrustedLogBuckets".to_owned());
    }
    if let Some(error) = trail.delivery_error {
        steps.push(format!("make its deliveries succeed (LatestDeliveryError {error})"));
    }
    if trail.log_deliveries {
        steps.push("set RecursiveLogging to true".to_owned());
    }
    match trail.selectors {
        Some(SelectorRepair::OwnLogBucket { stop_recursion }) => {
            if stop_recursion {
                steps.push(
                    "set RecursiveLogging to false, which keeps CloudTrail's own deliveries out"
                        .to_owned(),
                );
            }
            steps.push("remove the condition that leaves out its own log bucket".to_owned());
        }
        Some(SelectorRepair::Advanced) => steps.push(format!(
            "remove the condition that drops the event, or add {}",
            Advanced::every_object_event(question.kind).words()
        )),
        Some(SelectorRepair::Basic { is_full }) => steps.push(format!(
            "{} {}",
            if is_full { "widen one of its basic selectors to" } else { "add a basic selector of" },
            Basic::every_object_event(question.kind, partition).words()
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

fn create(question: &Question) -> String {
    format!(
        "Create a multi-Region trail, start it, and give it two selectors: one of all management \
         events, and {}.",
        Advanced::every_object_event(question.kind).words()
    )
}

fn plan(question: &Question, own_log_bucket: bool) -> String {
    if own_log_bucket {
        return "Remove the condition that leaves out the planned trail's own log bucket, and set \
                RecursiveLogging to false on the trail, with UpdateTrail where what is planned has \
                no property for it. Then audit the plan again."
            .to_owned();
    }
    let which = match question.mode {
        Mode::Every => "each planned trail",
        Mode::Any | Mode::Union => "a planned trail",
    };
    format!(
        "Give {which} IsLogging and IsMultiRegionTrail (in Terraform enable_logging and \
         is_multi_region_trail) true and {}, then audit the plan again.",
        Advanced::every_object_event(question.kind).words()
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
    use cis_rules::snapshot::RecursiveLogging;

    use cis_rules::question::Deliveries;
    use cis_rules::selector::Selector;

    use super::*;
    use crate::samples::Sample;

    fn fixed(change: impl Fn(&mut Sample)) -> String {
        let mut sample = Sample::non_compliant();
        change(&mut sample);
        fix(&sample.input()).unwrap()
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
            trail.trail.recursive_logging = RecursiveLogging::Off;
            sample.question.deliveries = Deliveries::Require;
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
    fn a_missing_permission_comes_first_and_nothing_is_guessed() {
        let text = fixed(|sample| {
            let trail = &mut sample.snapshot.trails.as_mut().unwrap()[0];
            trail.event_selectors = None;
            trail.status.as_mut().unwrap().is_logging = Some(false);
        });
        assert!(
            text.ends_with(
                "trail/main: allow cloudtrail:GetEventSelectors and read the account again; start \
                 it."
            ),
            "{text}"
        );
    }

    #[test]
    fn what_is_demanded_of_deliveries_is_told() {
        let text = fixed(|sample| {
            sample.question.require_delivery = true;
            sample.question.trusted_log_buckets = vec!["central-logs".parse().unwrap()];
            let trail = &mut sample.snapshot.trails.as_mut().unwrap()[0];
            trail.status.as_mut().unwrap().latest_delivery_error = Some("AccessDenied".into());
        });
        assert!(
            text.contains(
                "have it deliver to one of TrustedLogBuckets; make its deliveries succeed \
                 (LatestDeliveryError AccessDenied); remove"
            ),
            "{text}"
        );
    }

    #[test]
    fn the_own_log_bucket_needs_no_filter() {
        let text = fixed(|sample| {
            let trail = &mut sample.snapshot.trails.as_mut().unwrap()[0];
            trail.trail.s3_bucket_name = Some("payroll".into());
            sample.question.allow_unlogged = vec!["payroll-2".parse().unwrap()];
            let Some(Selector::Advanced(selector)) =
                trail.event_selectors.as_mut().and_then(|all| all.first_mut())
            else {
                panic!("the sample has an advanced selector");
            };
            selector.field_selectors[2].conditions[0].values = vec!["arn:aws:s3:::payroll/".into()];
        });
        assert!(
            text.contains(
                "trail/main: set RecursiveLogging to false, which keeps CloudTrail's own \
                 deliveries out; remove the condition that leaves out its own log bucket."
            ),
            "{text}"
        );
    }

    #[test]
    fn each_failing_trail_is_changed_where_every_one_must_log() {
        let text = fixed(|sample| {
            sample.change(|members| members.mode = Mode::Every);
            sample.question.mode = Mode::Every;
            let trails = sample.snapshot.trails.as_mut().unwrap();
            let mut other = trails[0].clone();
            other.trail.arn = Some("arn:aws:cloudtrail:us-east-1:111122223333:trail/two".into());
            trails.push(other);
            sample.change(|members| members.trails = vec![members.trails[0].clone(); 2]);
        });
        assert!(text.contains("trail/main: ") && text.contains("trail/two: "), "{text}");
    }

    #[test]
    fn what_is_not_there_is_created_or_planned() {
        let without = |sample: &mut Sample| {
            sample.snapshot.trails = Some(Vec::new());
            sample.change(|members| members.trails.clear());
        };
        assert!(fixed(without).starts_with("Create a multi-Region trail"));
        let planned = |sample: &mut Sample| sample.snapshot.planned = true;
        assert!(fixed(planned).starts_with("Give a planned trail IsLogging"));
        let text = plan(&Sample::non_compliant().question, true);
        assert!(text.contains("RecursiveLogging to false"), "{text}");
    }

    #[test]
    fn what_is_not_known_is_settled_and_what_is_proved_needs_nothing() {
        let mut sample = Sample::indeterminate();
        sample.change(|members| members.unknowns = vec![members.unknowns[0].clone(); 2]);
        let text = fix(&sample.input()).unwrap();
        assert_eq!(text, format!("What settles it: {}.", sample.result.unknowns[0].settled_by));
        let sample = Sample::compliant();
        assert_eq!(fix(&sample.input()), None);
    }
}
