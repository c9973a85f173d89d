//! What to do: steps that make a trail log what it loses, with the commands to type.

mod repair;

use std::io::{self, Write};

use cis_findings::repair::Repair;
use cis_findings::selectors::Advanced;
use cis_rules::question::{Mode, Question};
use cis_rules::report::AccountResult;
use cis_rules::snapshot::Snapshot;

use super::page::Page;

/// One thing to do or to know.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// Something to do, numbered.
    Do(String),
    /// Lines of a command or of JSON to copy, of the step before.
    Copy(String),
    /// Something to know.
    Note(String),
}

/// Writes what to do about a verdict that is not COMPLIANT.
pub(super) fn write<W: Write>(
    page: &mut Page<W>,
    snapshot: &Snapshot,
    question: &Question,
    result: &AccountResult,
) -> io::Result<()> {
    let Some(repair) = Repair::of(snapshot, question, result) else {
        return Ok(());
    };
    page.section("What to do")?;
    let mut number = 0;
    for step in steps(&repair, snapshot, question) {
        match step {
            Step::Do(text) => {
                number += 1;
                page.item(4, &format!("{number}."), &text)?;
            }
            Step::Copy(text) => {
                for line in text.lines() {
                    page.verbatim(7, line)?;
                }
            }
            Step::Note(text) => page.text(4, &text)?,
        }
    }
    Ok(())
}

fn steps(repair: &Repair<'_>, snapshot: &Snapshot, question: &Question) -> Vec<Step> {
    match repair {
        Repair::Plan { own_log_bucket: true } => drop_the_filter(),
        Repair::Plan { own_log_bucket: false } => change_the_plan(question),
        Repair::Trails(trails) => trails
            .iter()
            .flat_map(|trail| repair::steps(trail, question, &snapshot.partition))
            .collect(),
        Repair::Create => create(question),
    }
}

/// What is planned is changed where it is written.
fn change_the_plan(question: &Question) -> Vec<Step> {
    let which = match question.mode {
        Mode::Every => "each planned trail",
        Mode::Any | Mode::Union => "a planned trail",
    };
    vec![
        Step::Do(
            "Write into the file what `trailproof fix` gives for it: the whole of it, with the \
             selectors that are there, and a proof. Or by hand:"
                .to_string(),
        ),
        Step::Do(format!(
            "Give {which} `IsLogging` and `IsMultiRegionTrail` (in Terraform `enable_logging` and \
             `is_multi_region_trail`) true, and this selector of every S3 object-level {} event \
             among its advanced event selectors (beside basic ones AWS takes none):",
            question.kind
        )),
        Step::Copy(Advanced::every_object_event(question.kind).json()),
        Step::Do("Audit the plan again.".to_string()),
    ]
}

/// What is planned leaves out nothing but the planned trail's own log bucket.
fn drop_the_filter() -> Vec<Step> {
    vec![
        Step::Do(
            "Remove the condition that leaves out the planned trail's own log bucket. Nothing \
             else is missing."
                .to_string(),
        ),
        Step::Do(
            "Set RecursiveLogging to false on the trail. It keeps CloudTrail's own deliveries into \
             the log bucket from being logged, which is what the filter is for. Where what is \
             planned has no property for it, set it once the trail is there:"
                .to_string(),
        ),
        Step::Copy(
            "aws cloudtrail update-trail --region REGION --no-recursive-logging \\\n  --name TRAIL"
                .to_string(),
        ),
        Step::Do("Audit the plan again.".to_string()),
    ]
}

/// Where there is no trail to change.
fn create(question: &Question) -> Vec<Step> {
    vec![
        Step::Do(
            "Create a multi-Region trail that delivers to a bucket which CloudTrail may write to, \
             and start it:"
                .to_string(),
        ),
        Step::Copy(
            "aws cloudtrail create-trail --name TRAIL --s3-bucket-name BUCKET \\\n  \
             --is-multi-region-trail --enable-log-file-validation"
                .to_string(),
        ),
        Step::Copy("aws cloudtrail start-logging --name TRAIL".to_string()),
        Step::Do(format!(
            "Give it selectors: one for management events, and one for every S3 object-level {} \
             event:",
            question.kind
        )),
        Step::Copy(format!(
            "aws cloudtrail put-event-selectors --trail-name TRAIL \\\n  \
             --advanced-event-selectors '[\n{},\n{}]'",
            Advanced::management().json(),
            Advanced::every_object_event(question.kind).json()
        )),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::samples;

    fn commands(steps: &[Step]) -> Vec<&str> {
        steps
            .iter()
            .filter_map(|step| match step {
                Step::Copy(text) => text.strip_prefix("aws cloudtrail "),
                Step::Do(_) | Step::Note(_) => None,
            })
            .filter_map(|command| command.split(' ').next())
            .collect()
    }

    #[test]
    fn an_account_without_a_trail_gets_one() {
        let mut snapshot = samples::snapshot();
        snapshot.trails = Some(Vec::new());
        let result = samples::non_compliant().with(|members| members.trails.clear()).unwrap();
        let question = samples::question();
        let repair = Repair::of(&snapshot, &question, &result).unwrap();
        assert_eq!(
            commands(&steps(&repair, &snapshot, &question)),
            ["create-trail", "start-logging", "put-event-selectors"]
        );
    }

    #[test]
    fn a_plan_is_changed_where_it_is_written() {
        let mut snapshot = samples::snapshot();
        snapshot.planned = true;
        let mut page = Page::new(Vec::new(), false);
        write(&mut page, &snapshot, &samples::question(), &samples::non_compliant()).unwrap();
        let text = String::from_utf8(page.into_inner()).unwrap();
        assert!(text.contains("a planned trail") && !text.contains("aws cloudtrail"), "{text}");
    }

    #[test]
    fn a_plan_that_leaves_out_only_its_log_bucket_needs_no_selector() {
        let repair = Repair::Plan { own_log_bucket: true };
        let steps = steps(&repair, &samples::snapshot(), &samples::question());
        assert_eq!(commands(&steps), ["update-trail"]);
        let is_selector = |step: &Step| matches!(step, Step::Copy(text) if text.contains("Field"));
        assert!(!steps.iter().any(is_selector), "{steps:?}");
    }

    #[test]
    fn only_a_refuted_account_gets_advice() {
        for (result, has_advice) in [
            (samples::compliant(), false),
            (samples::indeterminate(), false),
            (samples::non_compliant(), true),
        ] {
            let mut page = Page::new(Vec::new(), false);
            write(&mut page, &samples::snapshot(), &samples::question(), &result).unwrap();
            assert_eq!(!page.into_inner().is_empty(), has_advice);
        }
    }
}
