//! An answer in at most sixteen lines: the verdict, the cause, the effect, the fix.
//!
//! `--details` writes everything that is known. Whatever is written goes through [`Page`].

mod header;

use std::io::{self, Write};

use cis_findings::evidence::{trails_with_results, without_verdict};
use cis_findings::exception;
use cis_findings::mistake::{self as cause, Line, Mistake, Slip, lost_by, not_equals_bucket};
use cis_findings::told::capital;
use cis_rules::RecordField;
use cis_rules::question::{Deliveries, Excepted, Exception, Kind, Question};
use cis_rules::report::{AccountResult, Assumption, TrailResult, Verdict};
use cis_rules::snapshot::Snapshot;

use super::{Page, event};

/// Columns before what a label is of.
const LABEL: usize = 10;

/// Reasons of an INDETERMINATE that are shown.
const UNKNOWNS: usize = 2;

/// Buckets that may stay unlogged that are shown.
const BUCKETS: usize = 5;

/// Exceptions that are shown.
const EXCEPTIONS: usize = 2;

/// Writes one result.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn account<W: Write>(
    page: &mut Page<W>,
    snapshot: &Snapshot,
    question: &Question,
    result: &AccountResult,
) -> io::Result<()> {
    header::write(page, question, result)?;
    match result.verdict {
        Verdict::Compliant => compliant(page, snapshot, result)?,
        Verdict::NonCompliant => non_compliant(page, snapshot, question, result)?,
        Verdict::Indeterminate => indeterminate(page, snapshot, result)?,
    }
    if let Some(reader) = &result.read_by {
        let profile = reader.profile.as_ref();
        let profile = profile.map_or_else(String::new, |name| format!(", profile {name}"));
        let region = reader.region.as_ref();
        let region = region.map_or_else(String::new, |region| format!(", in {region}"));
        page.labelled("Read by", LABEL, &format!("{}{profile}{region}", reader.arn))?;
    }
    exceptions(page, result)?;
    left_out(page, question)
}

/// Writes the exceptions that concern the answer, the account's own first.
fn exceptions<W: Write>(page: &mut Page<W>, result: &AccountResult) -> io::Result<()> {
    let mut exceptions: Vec<&Exception> = result.exceptions.iter().collect();
    exceptions.sort_by_key(|one| (one.of != Excepted::Account, one.counts()));
    for one in exceptions.iter().take(EXCEPTIONS) {
        let label = if one.counts() { "Excepted" } else { "Expired" };
        let what = match one.of {
            Excepted::Account => "this account".to_string(),
            Excepted::Bucket | Excepted::Trail => exception::subject(one),
        };
        page.labelled(label, LABEL, &format!("{what} {}", exception::rest(one)))?;
    }
    match exceptions.len().saturating_sub(EXCEPTIONS) {
        0 => Ok(()),
        more => page.labelled("", LABEL, &format!("and {more} more: `--details` lists them")),
    }
}

/// Writes one result in one line: the verdict, the account, the kind, the cause.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn line<W: Write>(
    page: &mut Page<W>,
    snapshot: &Snapshot,
    question: &Question,
    result: &AccountResult,
) -> io::Result<()> {
    let said = match Mistake::of(snapshot, question, result) {
        Some(mistake) => cause::sentence(&mistake, snapshot, question),
        None => match result.unknowns.first() {
            Some(unknown) => format!("{}.", capital(&unknown.reason)),
            None => format!("{}.", capital(without_verdict(result))),
        },
    };
    let said = match result.excepted() {
        Some(_) if result.verdict != Verdict::Compliant => format!("(excepted) {said}"),
        _ => said,
    };
    // The longest verdict has thirteen characters.
    let verdict = format!("{:13}", result.verdict.name());
    let account = header::account(result);
    let left = format!("  {account}  {:5}  {said}", question.kind.name());
    page.line(super::tone(result.verdict), &verdict, &left)
}

fn compliant<W: Write>(
    page: &mut Page<W>,
    snapshot: &Snapshot,
    result: &AccountResult,
) -> io::Result<()> {
    let sentence = without_verdict(result);
    page.text(0, &format!("{}.", capital(sentence)))?;
    page.blank()?;
    for (observed, trail) in trails_with_results(snapshot, result) {
        let error =
            observed.status.as_ref().and_then(|status| status.latest_delivery_error.as_deref());
        if let Some(error) = error.filter(|error| !error.is_empty() && trail.counts) {
            page.labelled(
                "Warning",
                LABEL,
                &format!(
                    "the latest log file of {} was not delivered: {error}. Look at the policies of its \
                     bucket and of its key; `--require-delivery` makes this a fault.",
                    cause::name(trail)
                ),
            )?;
        }
    }
    let (of_plans, of_aws): (Vec<&Assumption>, Vec<_>) =
        result.assumptions.iter().partition(|one| **one == Assumption::AssumedPartition);
    if !of_aws.is_empty() {
        let names: Vec<_> = of_aws.iter().map(|one| one.name()).collect();
        page.labelled(
            "Assumes",
            LABEL,
            &format!("{}, which AWS does not document: `--details` says what", names.join(", ")),
        )?;
    }
    if !of_plans.is_empty() {
        page.labelled(
            "Assumes",
            LABEL,
            &format!(
                "partition {}, for the plan names none: give it with `--partition` or `--region`",
                snapshot.partition
            ),
        )?;
    }
    Ok(())
}

fn non_compliant<W: Write>(
    page: &mut Page<W>,
    snapshot: &Snapshot,
    question: &Question,
    result: &AccountResult,
) -> io::Result<()> {
    let Some(mistake) = Mistake::of(snapshot, question, result) else {
        return page.text(0, &format!("{}.", capital(without_verdict(result))));
    };
    page.text(0, &cause::sentence(&mistake, snapshot, question))?;
    if let Some(others) = cause::other_trails(&mistake, result) {
        page.text(0, &others)?;
    }
    page.blank()?;
    if let Some(at) = &mistake.at {
        page.labelled("Why", LABEL, &cause::place(at, &mistake))?;
        if let Some(hint) = cause::hint(&mistake) {
            page.labelled("", LABEL, &hint)?;
        }
    }
    let place = mistake.trail.and_then(|(_, trail)| trail.place.as_ref());
    if let (None, Some(place)) = (mistake.at, place) {
        page.labelled("Where", LABEL, &place.to_string())?;
    }
    let gap = match mistake.trail {
        Some((_, trail)) => lost_by(result, trail),
        None => result.gaps.first(),
    };
    if let Some(gap) = gap
        && !matches!(mistake.slip, Slip::NoTrail | Slip::Stopped | Slip::NoDataEvents)
    {
        let region = gap.witness.record.get(RecordField::AwsRegion);
        let region = region.filter(|_| mistake.slip == Slip::SingleRegion);
        let region = region.map_or_else(String::new, |region| format!(" in {region}"));
        let event = event::sentence(&gap.witness);
        page.labelled("Lost", LABEL, &format!("for example {event}{region}"))?;
    }
    let is_failing = |trail: &&TrailResult| trail.verdict == Verdict::NonCompliant;
    let failing = result.trails.iter().filter(is_failing).count();
    let lines = cause::remedy(&mistake, snapshot, question, failing > 1);
    let mut label = "Fix";
    for line in lines {
        match line {
            Line::Text(text) => page.labelled(label, LABEL, &text)?,
            Line::Copy(text) => page.labelled_verbatim(label, LABEL, &text)?,
        }
        label = "";
    }
    Ok(())
}

fn indeterminate<W: Write>(
    page: &mut Page<W>,
    snapshot: &Snapshot,
    result: &AccountResult,
) -> io::Result<()> {
    page.text(0, &format!("Whether every S3 {} event is recorded is not known.", result.kind))?;
    page.blank()?;
    for unknown in result.unknowns.iter().take(UNKNOWNS) {
        page.labelled("Open", LABEL, &with_names(&unknown.reason, result))?;
        page.labelled("Settle", LABEL, &unknown.settled_by)?;
    }
    if let Some(value) = not_equals_bucket(snapshot) {
        page.labelled("Note", LABEL, &cause::not_equals(value))?;
    }
    match result.unknowns.len().saturating_sub(UNKNOWNS) {
        0 => Ok(()),
        more => page.labelled("", LABEL, &format!("and {more} more: `--details` lists them")),
    }
}

/// A text in which trails are called by their names, where each has its own, and not by their ARNs: those
/// of a plan have parts that nobody knows yet.
fn with_names(text: &str, result: &AccountResult) -> String {
    let trails = &result.trails;
    let is_its_own =
        |name: &str| trails.iter().filter(|trail| cause::name(trail) == name).count() == 1;
    trails.iter().filter(|trail| is_its_own(cause::name(trail))).fold(
        text.to_string(),
        |text, trail| match text.strip_prefix(&format!("trail {}: ", trail.arn)) {
            Some(rest) => format!("trail {}: {rest}", cause::name(trail)),
            None => text,
        },
    )
}

/// What need not be recorded.
fn left_out<W: Write>(page: &mut Page<W>, question: &Question) -> io::Result<()> {
    let mut left_out = Vec::new();
    // Those of exceptions are written as such.
    let is_plain =
        |name: &&str| !question.exceptions.iter().any(|one| one.excepts(Excepted::Bucket, name));
    let allowed: Vec<&str> =
        question.allow_unlogged.iter().map(|bucket| bucket.as_str()).filter(is_plain).collect();
    if !allowed.is_empty() {
        let names: Vec<&str> = allowed.iter().take(BUCKETS).copied().collect();
        let more = match allowed.len().saturating_sub(BUCKETS) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        left_out.push(format!("{}{more} (allowed)", names.join(", ")));
    }
    if question.kind == Kind::Write && question.deliveries == Deliveries::Ignore {
        left_out.push("CloudTrail's own log deliveries (--cloudtrail-deliveries)".to_string());
    }
    if left_out.is_empty() {
        return Ok(());
    }
    page.labelled("Left out", LABEL, &left_out.join("; "))
}

#[cfg(test)]
mod tests;
