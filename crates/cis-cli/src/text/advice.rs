//! What to do: steps that make a trail log what it loses, with the commands to type.

mod repair;

use std::io::{self, Write};

use cis_rules::question::Mode;
use cis_rules::report::{AccountResult, TrailResult, Verdict};
use cis_rules::snapshot::{ObservedTrail, Snapshot};

use self::repair::repair;
use super::page::Page;
use super::pairs;

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
    result: &AccountResult,
) -> io::Result<()> {
    let steps = match result.verdict {
        Verdict::NonCompliant if snapshot.planned => change_the_plan(result),
        Verdict::NonCompliant => steps(snapshot, result),
        Verdict::Compliant | Verdict::Indeterminate => return Ok(()),
    };
    page.section("What to do")?;
    let mut number = 0;
    for step in steps {
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

fn steps(snapshot: &Snapshot, result: &AccountResult) -> Vec<Step> {
    let mut steps: Vec<_> = to_repair(snapshot, result)
        .into_iter()
        .flat_map(|trail| repair(snapshot, result, trail))
        .collect();
    if steps.is_empty() {
        steps = create(result);
    }
    steps
}

/// The trails to change: each that fails where every trail must log everything, else the one that
/// needs the least.
fn to_repair<'a>(snapshot: &'a Snapshot, result: &'a AccountResult) -> Vec<&'a ObservedTrail> {
    let failing =
        pairs(snapshot, result).filter(|(_, trail)| trail.verdict == Verdict::NonCompliant);
    match result.mode {
        Mode::Every => failing.map(|(observed, _)| observed).collect(),
        Mode::Any | Mode::Union => failing
            .min_by_key(|(observed, trail)| effort(snapshot, observed, trail))
            .map(|(observed, _)| observed)
            .into_iter()
            .collect(),
    }
}

/// Another account's trail takes another account's hands; a trail that does not count takes more
/// than selectors.
fn effort(
    snapshot: &Snapshot,
    observed: &ObservedTrail,
    trail: &TrailResult,
) -> (bool, bool, bool, usize) {
    (!repair::is_own(snapshot, observed), !trail.counts, trail.more_gaps, trail.gaps.len())
}

/// What is planned is changed where it is written.
fn change_the_plan(result: &AccountResult) -> Vec<Step> {
    let which = match result.mode {
        Mode::Every => "each planned trail",
        Mode::Any | Mode::Union => "a planned trail",
    };
    vec![
        Step::Do(format!(
            "Give {which} `IsLogging` and `IsMultiRegionTrail` (in Terraform `enable_logging` and \
             `is_multi_region_trail`) true, and this selector of every S3 object-level {} event \
             among its advanced event selectors:",
            result.kind
        )),
        Step::Copy(repair::advanced(result.kind)),
        Step::Do("Audit the plan again.".to_string()),
    ]
}

/// Where there is no trail to change.
fn create(result: &AccountResult) -> Vec<Step> {
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
            result.kind
        )),
        Step::Copy(format!(
            "aws cloudtrail put-event-selectors --trail-name TRAIL \\\n  \
             --advanced-event-selectors '[\n{},\n{}]'",
            repair::MANAGEMENT,
            repair::advanced(result.kind)
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
        let mut result = samples::non_compliant();
        result.trails.clear();
        assert_eq!(
            commands(&steps(&snapshot, &result)),
            ["create-trail", "start-logging", "put-event-selectors"]
        );
    }

    #[test]
    fn a_plan_is_changed_where_it_is_written() {
        let mut snapshot = samples::snapshot();
        snapshot.planned = true;
        let mut page = Page::new(Vec::new(), false);
        write(&mut page, &snapshot, &samples::non_compliant()).unwrap();
        let text = String::from_utf8(page.into_inner()).unwrap();
        assert!(text.contains("a planned trail") && !text.contains("aws cloudtrail"), "{text}");
    }

    #[test]
    fn a_trail_that_counts_is_changed_before_one_that_does_not() {
        let mut snapshot = samples::snapshot();
        let mut result = samples::non_compliant();
        let mut stopped = snapshot.trails.clone().unwrap().remove(0);
        stopped.trail.arn = Some(samples::TRAIL.replace("main", "stopped"));
        snapshot.trails.as_mut().unwrap().insert(0, stopped);
        let mut of_stopped = result.trails.clone().remove(0);
        of_stopped.counts = false;
        result.trails.insert(0, of_stopped);
        let arns = |result: &AccountResult| -> Vec<_> {
            to_repair(&snapshot, result)
                .iter()
                .filter_map(|trail| trail.trail.arn.as_deref()?.rsplit('/').next())
                .map(str::to_string)
                .collect()
        };
        assert_eq!(arns(&result), ["main"]);
        result.mode = Mode::Every;
        assert_eq!(arns(&result), ["stopped", "main"]);
    }

    #[test]
    fn only_a_refuted_account_gets_advice() {
        for (result, has_advice) in [
            (samples::compliant(), false),
            (samples::indeterminate(), false),
            (samples::non_compliant(), true),
        ] {
            let mut page = Page::new(Vec::new(), false);
            write(&mut page, &samples::snapshot(), &result).unwrap();
            assert_eq!(!page.into_inner().is_empty(), has_advice);
        }
    }
}
