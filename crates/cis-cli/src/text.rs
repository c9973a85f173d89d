//! A result as a person reads it: the verdict first, then the trails, one lost event, what to do.
//!
//! Everything is written through [`Page`], which escapes it: no text of an account reaches a
//! terminal as a control sequence.

mod advice;
mod blame;
pub(crate) mod brief;
mod completions;
mod controls;
mod decision;
mod diff;
pub(crate) mod escape;
mod explain;
mod fix;
mod logs;
mod page;
mod proof;
mod recorded;
#[cfg(test)]
pub(crate) mod samples;
mod trails;
pub(crate) mod verify;

use std::io::{self, Write};

use cis_findings::assumption::assumed;
use cis_findings::event;
use cis_findings::evidence::{example, trails_with_results, without_verdict};
use cis_rules::question::{Deliveries, Kind, Question};
use cis_rules::report::{AccountResult, Assumption, Gap, Unknown, Verdict};
use cis_rules::snapshot::Snapshot;
use cis_sweep::account::Listed;

pub(crate) use self::diff::{Worse, difference, sweep_totals, vanished_and_new};
pub(crate) use self::explain::{event, evidence, total as total_events};
pub(crate) use self::fix::{Commands, account_in_words, fix};
pub(crate) use self::logs::logs;
use self::page::Tone;
pub(crate) use self::page::{COLUMNS_OF_FILES, Page, columns};
pub(crate) use self::recorded::recorded;
use crate::outcome::Tally;

/// Writes one result, with what the snapshot it was decided on adds to it.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn account<W: Write>(
    page: &mut Page<W>,
    snapshot: &Snapshot,
    question: &Question,
    result: &AccountResult,
) -> io::Result<()> {
    page.headline(tone(result.verdict), result.verdict.name(), &subject(question, result))?;
    page.text(2, without_verdict(result))?;
    left_out(page, question)?;
    exceptions(page, result)?;
    read_by(page, result)?;
    trails::write(page, snapshot, result)?;
    if result.verdict == Verdict::NonCompliant {
        lost(page, snapshot, result)?;
    }
    completions::write(page, &result.completions)?;
    unknowns(page, &result.unknowns)?;
    advice::write(page, snapshot, question, result)?;
    if let Some(proof) = &result.proof {
        proof::write(page, proof)?;
    }
    assumptions(page, &result.assumptions, "proof")?;
    controls::write(page, &result.controls)
}

/// Writes how many results there are of each verdict, where there are several.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn total<W: Write>(page: &mut Page<W>, tally: &Tally) -> io::Result<()> {
    if tally.total() < 2 && tally.known == 0 {
        return Ok(());
    }
    let excepted = match tally.excepted {
        0 => String::new(),
        count => format!(", {count} excepted"),
    };
    let known = match tally.known {
        0 => String::new(),
        count => format!(", {count} as in the baseline"),
    };
    page.blank()?;
    page.text(
        0,
        &format!(
            "{} results: {} NON_COMPLIANT, {} INDETERMINATE, {} COMPLIANT{excepted}{known}",
            tally.total(),
            tally.non_compliant,
            tally.indeterminate,
            tally.compliant
        ),
    )
}

/// Writes which accounts were not read because of their states, a line each.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn skipped<W: Write>(page: &mut Page<W>, accounts: &[Listed]) -> io::Result<()> {
    page.blank()?;
    page.text(
        0,
        &match accounts.len() {
            1 => "1 account is skipped, for it is not in use:".to_string(),
            many => format!("{many} accounts are skipped, for they are not in use:"),
        },
    )?;
    accounts.iter().try_for_each(|account| page.text(2, &format!("{account}, {}", account.state)))
}

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Compliant => Tone::Good,
        Verdict::NonCompliant => Tone::Bad,
        Verdict::Indeterminate => Tone::Doubtful,
    }
}

fn subject(question: &Question, result: &AccountResult) -> String {
    let mut subject = format!("account {}", result.account_id);
    if let Some(name) = &result.name {
        subject += &format!(" ({name})");
    }
    subject += &format!(": S3 {} events, trails: {}", question.kind, question.mode);
    for (what, buckets) in [
        ("allowed to stay unlogged", &question.allow_unlogged),
        ("trusted log buckets", &question.trusted_log_buckets),
    ] {
        if !buckets.is_empty() {
            let names: Vec<_> = buckets.iter().map(|name| name.as_str()).collect();
            subject += &format!(", {what}: {}", names.join(", "));
        }
    }
    if question.deliveries == Deliveries::Require {
        subject += ", CloudTrail's own log deliveries too";
    }
    if question.require_delivery {
        subject += ", delivery required";
    }
    subject
}

/// Writes what the question leaves out: CloudTrail's own log deliveries, which are write events.
fn left_out<W: Write>(page: &mut Page<W>, question: &Question) -> io::Result<()> {
    match (question.kind, question.deliveries) {
        (Kind::Write, Deliveries::Ignore) => page.text(
            2,
            "CloudTrail's own log deliveries are left out (`--cloudtrail-deliveries require` asks \
             for them).",
        ),
        (Kind::Read, _) | (Kind::Write, Deliveries::Require) => Ok(()),
    }
}

/// Writes the exceptions that concern the answer.
fn exceptions<W: Write>(page: &mut Page<W>, result: &AccountResult) -> io::Result<()> {
    cis_findings::exception::sentences(result).iter().try_for_each(|text| page.text(2, text))
}

/// Writes who read the account, so that whose account this is can be seen.
fn read_by<W: Write>(page: &mut Page<W>, result: &AccountResult) -> io::Result<()> {
    let Some(reader) = &result.read_by else {
        return Ok(());
    };
    let region = reader.region.as_ref().map_or_else(String::new, |region| format!(" in {region}"));
    let profile = reader.profile.as_ref();
    let profile = profile.map_or_else(String::new, |name| format!(", profile `{name}`"));
    page.text(2, &format!("Read{region} by {}{profile}.", reader.arn))
}

fn lost<W: Write>(
    page: &mut Page<W>,
    snapshot: &Snapshot,
    result: &AccountResult,
) -> io::Result<()> {
    let Some((trail, Gap { witness, .. })) = example(result) else {
        return Ok(());
    };
    page.section("Lost, for example")?;
    let event = event::sentence(witness);
    let by = trail.map_or_else(String::new, |trail| format!(" by {}", trail.arn));
    page.strong(4, &format!("{event} would not be logged{by}."))?;
    blame::write(page, snapshot, result, witness, trail)
}

fn unknowns<W: Write>(page: &mut Page<W>, unknowns: &[Unknown]) -> io::Result<()> {
    if unknowns.is_empty() {
        return Ok(());
    }
    page.section("Not known, and what settles it")?;
    for unknown in unknowns {
        page.item(4, "-", &unknown.reason)?;
        page.text(6, &format!("settled by: {}", unknown.settled_by))?;
    }
    Ok(())
}

/// Writes the readings of undocumented behaviour that a `proof`, an `answer` or a `comparison` rests
/// on.
fn assumptions<W: Write>(
    page: &mut Page<W>,
    assumptions: &[Assumption],
    what: &str,
) -> io::Result<()> {
    if assumptions.is_empty() {
        return Ok(());
    }
    page.section("Assumed")?;
    for assumption in assumptions {
        page.item(4, "-", assumption.name())?;
        page.text(6, &assumed(*assumption, what))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use cis_rules::report::{AccountMembers, TrailMembers};

    use super::*;

    fn rendered(result: &AccountResult) -> String {
        rendered_for(&samples::question(), result)
    }

    fn rendered_for(question: &Question, result: &AccountResult) -> String {
        let mut page = Page::new(Vec::new(), false);
        account(&mut page, &samples::snapshot(), question, result).unwrap();
        String::from_utf8(page.into_inner()).unwrap()
    }

    #[test]
    fn what_is_left_out_and_what_is_demanded_is_told() {
        let left_out = "CloudTrail's own log deliveries are left out";
        let question = samples::question();
        assert!(rendered_for(&question, &samples::compliant()).contains(left_out));
        let read = Question { kind: Kind::Read, ..question.clone() };
        assert!(!rendered_for(&read, &samples::compliant()).contains(left_out));
        let demanding = Question {
            deliveries: Deliveries::Require,
            trusted_log_buckets: vec!["central-logs".parse().unwrap()],
            require_delivery: true,
            ..question
        };
        let text = rendered_for(&demanding, &samples::compliant());
        assert!(!text.contains(left_out), "{text}");
        let words: Vec<_> = text.split_whitespace().collect();
        assert!(
            words.join(" ").contains(
                "trusted log buckets: central-logs, CloudTrail's own log deliveries too, delivery \
                 required"
            ),
            "{text}"
        );
    }

    #[test]
    fn the_verdict_comes_first() {
        for result in samples::all() {
            let text = rendered(&result);
            assert!(text.starts_with(result.verdict.name()), "{text}");
            assert!(text.contains(&result.account_id), "{text}");
        }
    }

    #[test]
    fn sections_come_in_the_order_a_reader_needs() {
        let text = rendered(&samples::non_compliant());
        let places: Vec<_> = ["Trails", "Lost, for example", "What to do", "Controls"]
            .map(|title| text.find(&format!("\n  {title}\n")).expect(title))
            .into();
        assert!(places.is_sorted(), "{text}");
    }

    #[test]
    fn the_lost_event_is_a_sentence() {
        let text = rendered(&samples::non_compliant());
        let words: Vec<_> = text.split_whitespace().collect();
        assert!(
            words.join(" ").contains(
                "DeleteObject on arn:aws:s3:::payroll/2026/11.csv by a caller without an ARN, \
                 such as an anonymous one would not be logged."
            ),
            "{text}"
        );
    }

    #[test]
    fn what_only_one_trail_misses_is_said_of_that_trail() {
        let result = samples::non_compliant().with(|members| members.gaps.clear()).unwrap();
        let text = rendered(&result);
        let words: Vec<_> = text.split_whitespace().collect();
        assert!(
            words.join(" ").contains(
                "would not be logged by arn:aws:cloudtrail:us-east-1:111122223333:trail/main."
            ),
            "{text}"
        );
    }

    #[test]
    fn the_proof_and_its_assumption_are_shown() {
        let text = rendered(&samples::compliant());
        assert!(text.contains("Proof"), "{text}");
        assert!(text.contains("ARNPrefix"), "{text}");
        assert!(!text.contains("What to do"), "{text}");
    }

    #[test]
    fn unknowns_say_what_settles_them() {
        let text = rendered(&samples::indeterminate());
        assert!(text.contains("settled by: "), "{text}");
    }

    #[test]
    fn no_control_character_of_the_account_survives() {
        let hostile = "\u{1b}]0;owned\u{7}\u{202e}\r\u{9b}31m";
        let hostile_trail = |trail: &mut TrailMembers| {
            trail.arn = hostile.into();
            trail.reasons.push(hostile.into());
        };
        let hostile_result = |members: &mut AccountMembers| {
            members.name = Some(hostile.into());
            members.summary = hostile.into();
            members.trails = vec![members.trails[0].clone().with(hostile_trail).unwrap()];
            for gap in &mut members.gaps {
                gap.description = hostile.into();
                gap.witness.record.set(cis_rules::RecordField::EventName, hostile);
            }
        };
        let result = samples::non_compliant().with(hostile_result).unwrap();
        let text = rendered(&result);
        assert!(
            !text.chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}')),
            "{text:?}"
        );
    }

    #[test]
    fn lines_are_at_most_100_columns_but_for_what_must_not_break() {
        for result in samples::all() {
            for line in rendered(&result).lines() {
                assert!(
                    line.len() <= 100 || line.contains("aws cloudtrail") || line.contains('{'),
                    "{line}"
                );
            }
        }
    }
}
