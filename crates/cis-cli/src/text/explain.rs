//! How events fare, and what verdicts rest on.

use std::io::{self, Write};

use cis_rules::explain::{Answer, Explanation, explain_record};
use cis_rules::question::{Mode, Question};
use cis_rules::record::Record;
use cis_rules::record::caller::Caller;
use cis_rules::record::event::{Event, Subject};
use cis_rules::report::{AccountResult, Gap, Verdict};
use cis_rules::snapshot::Snapshot;

use super::decision::Which;
use super::page::{Page, Tone};
use super::{
    assumptions, decision, event as events, left_out, proof, subject, tone, trails_with_results,
    unknowns, without_verdict,
};

/// Writes how one event fares.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn event<W: Write>(
    page: &mut Page<W>,
    snapshot: &Snapshot,
    event: &Event,
    explanation: &Explanation,
) -> io::Result<()> {
    let name = event.name.as_deref().unwrap_or("a record without a name");
    let Some(answer) = explanation.answer else {
        let reason = explanation.no_object_event.as_deref().unwrap_or_default();
        page.headline(Tone::Neutral, "NO_OBJECT_EVENT", &format!("{name}: {reason}"))?;
        return page.text(2, &context(snapshot, event));
    };
    let said = first_record(event)
        .map_or_else(|| name.to_string(), |record| events::of_record(&record, caller(event)));
    page.headline(answer_tone(answer), answer.name(), &said)?;
    page.text(2, &context(snapshot, event))?;
    for note in &explanation.notes {
        page.item(2, "-", note)?;
    }
    page.section("Trails")?;
    if explanation.trails.is_empty() && explanation.unknowns.is_empty() {
        page.text(4, "none: the account has no trail")?;
    }
    for trail in &explanation.trails {
        decision::trail(page, 4, trail, Which::All)?;
    }
    unknowns(page, &explanation.unknowns)?;
    assumptions(page, &explanation.assumptions, "answer")
}

/// Writes how many events there are of each answer, where there are several.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn total<W: Write>(page: &mut Page<W>, answers: &[Option<Answer>]) -> io::Result<()> {
    if answers.len() < 2 {
        return Ok(());
    }
    let count = |wanted: Option<Answer>| answers.iter().filter(|answer| **answer == wanted).count();
    page.blank()?;
    page.text(
        0,
        &format!(
            "{} records: {} NOT_LOGGED, {} NOT_KNOWN, {} LOGGED, {} NO_OBJECT_EVENT",
            answers.len(),
            count(Some(Answer::NotLogged)),
            count(Some(Answer::NotKnown)),
            count(Some(Answer::Logged)),
            count(None)
        ),
    )
}

/// Writes what a verdict rests on: the whole proof, or what is lost and what keeps it out.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn evidence<W: Write>(
    page: &mut Page<W>,
    snapshot: &Snapshot,
    question: &Question,
    result: &AccountResult,
) -> io::Result<()> {
    page.headline(tone(result.verdict), result.verdict.name(), &subject(question, result))?;
    page.text(2, without_verdict(result))?;
    left_out(page, question)?;
    super::exceptions(page, result)?;
    if let Some(proof) = &result.proof {
        proof::write_whole(page, proof)?;
    }
    if result.verdict == Verdict::NonCompliant {
        lost(page, snapshot, result)?;
    }
    unknowns(page, &result.unknowns)?;
    assumptions(page, &result.assumptions, "proof")
}

/// Writes what is lost: by all trails together in mode `union`, else by each one.
fn lost<W: Write>(
    page: &mut Page<W>,
    snapshot: &Snapshot,
    result: &AccountResult,
) -> io::Result<()> {
    if result.mode == Mode::Union || result.trails.is_empty() {
        page.section("Logged by no trail")?;
        return gaps(page, snapshot, &result.gaps, result.more_gaps, None);
    }
    for (_, trail) in
        trails_with_results(snapshot, result).filter(|(_, trail)| !trail.gaps.is_empty())
    {
        page.section(&format!("Lost by {}", trail.arn))?;
        gaps(page, snapshot, &trail.gaps, trail.more_gaps, Some(&trail.arn))?;
    }
    Ok(())
}

fn gaps<W: Write>(
    page: &mut Page<W>,
    snapshot: &Snapshot,
    gaps: &[Gap],
    more: bool,
    only: Option<&str>,
) -> io::Result<()> {
    for gap in gaps {
        page.item(4, "-", &gap.description)?;
        page.text(6, &format!("for example {}", events::sentence(&gap.witness)))?;
        let explained = explain_record(snapshot, &gap.witness.record);
        let is_meant = |arn: &str| only.is_none_or(|only| only == arn);
        for trail in explained.trails.iter().filter(|trail| is_meant(&trail.arn)) {
            decision::trail(page, 8, trail, Which::OfObjects)?;
        }
    }
    if more {
        page.item(4, "-", "and more")?;
    }
    Ok(())
}

fn answer_tone(answer: Answer) -> Tone {
    match answer {
        Answer::Logged => Tone::Good,
        Answer::NotLogged => Tone::Bad,
        Answer::NotKnown => Tone::Doubtful,
    }
}

fn context(snapshot: &Snapshot, event: &Event) -> String {
    let mut context = format!("account {}", snapshot.account_id);
    if let Some(name) = &snapshot.name {
        context += &format!(" ({name})");
    }
    if let Some(id) = &event.id {
        context += &format!(", event {id}");
    }
    if let Some(time) = &event.time {
        context += &format!(", {time}");
    }
    context
}

fn first_record(event: &Event) -> Option<Record> {
    match &event.subject {
        Subject::Object(object) => object.records.first().cloned(),
        Subject::Other(_) => None,
    }
}

fn caller(event: &Event) -> Option<&Caller> {
    match &event.subject {
        Subject::Object(object) => object.caller.as_ref(),
        Subject::Other(_) => None,
    }
}
