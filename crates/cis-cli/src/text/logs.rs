//! What logs say, as a person reads it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use cis_evidence::answer::{
    Delivered, Effect, HistoryEntry, LogsAnswer, OfEvent, Proof, Silence, Unrecorded,
};
use cis_rules::explain::Answer;
use cis_rules::question::Kind;

use super::decision::{self, Which};
use super::page::{Page, Tone};
use super::unknowns;

/// How many of a list are written.
const SHOWN: usize = 10;

/// Writes the answer about logs.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn logs<W: Write>(page: &mut Page<W>, answer: &LogsAnswer) -> io::Result<()> {
    head(page, answer)?;
    delivered(page, &answer.delivered)?;
    history(page, &answer.history)?;
    unrecorded(page, &answer.unrecorded)?;
    contradictions(page, answer)?;
    assumptions(page, answer)?;
    silence(page, &answer.silence)?;
    unknowns(page, &answer.judged.unknowns)
}

fn head<W: Write>(page: &mut Page<W>, answer: &LogsAnswer) -> io::Result<()> {
    let read = &answer.read;
    let blind = answer.unrecorded.iter().filter(|found| found.answer == Answer::NotLogged).count();
    let (tone, lead, text) = if !answer.contradictions.is_empty() {
        let text = match answer.contradictions.len() {
            1 => "1 delivered record that surely no trail logs".to_string(),
            count => format!("{count} delivered records that surely no trail logs"),
        };
        (Tone::Bad, "CONTRADICTED", text)
    } else if blind > 0 {
        let things = if blind == 1 { "thing was" } else { "things were" };
        (Tone::Bad, "BLINDED", format!("{blind} {things} not recorded for a time"))
    } else {
        (Tone::Neutral, "READ", "no time was found at which something was not recorded".to_string())
    };
    page.headline(tone, lead, &text)?;
    let period = match (read.first, read.last) {
        (Some(first), Some(last)) => format!(", from {first} to {last}"),
        _ => String::new(),
    };
    page.text(
        2,
        &format!(
            "{}, {} of {}{period}; of S3 {} of {}, {} of them data events",
            counted(read.files, "file"),
            counted(read.records, "record"),
            counted(read.events, "event"),
            counted(read.records_of_s3, "record"),
            counted(read.of_s3, "event"),
            answer.delivered.all.events
        ),
    )?;
    if read.duplicates > 0 {
        let are = if read.duplicates == 1 { "record is a copy" } else { "records are copies" };
        page.text(2, &format!("{} {are}: several trails deliver here", read.duplicates))?;
    }
    for (kind, count) in &read.left_out {
        page.text(2, &format!("not read: {count} of the kind: {kind}"))?;
    }
    Ok(())
}

/// `1 file`, `2 files`.
fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Sums by a name, largest first.
fn sums(named: impl Iterator<Item = (String, u64)>) -> Vec<(String, u64)> {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for (name, events) in named {
        *sums.entry(name).or_default() += events;
    }
    let mut sums: Vec<(String, u64)> = sums.into_iter().collect();
    sums.sort_by(|one, other| (other.1, &one.0).cmp(&(one.1, &other.0)));
    sums
}

/// The callers that are told, with their events.
fn callers(delivered: &Delivered) -> Vec<(String, u64)> {
    let callers = delivered.callers.iter();
    callers.map(|of| (of.caller.to_string(), of.counts.events)).collect()
}

fn delivered<W: Write>(page: &mut Page<W>, delivered: &Delivered) -> io::Result<()> {
    page.section("Delivered: data events of S3")?;
    if delivered.all.events == 0 {
        return page.text(4, "none");
    }
    let buckets = delivered.buckets.iter();
    let by_event = |of: fn(&OfEvent) -> String| {
        let events = delivered.buckets.iter().flat_map(|bucket| &bucket.by_event);
        sums(events.map(move |event| (of(event), event.counts.events)))
    };
    let by_day = delivered.buckets.iter().flat_map(|bucket| &bucket.by_day);
    let unnamed = |name: &Option<String>| name.clone().unwrap_or_else(|| "(none)".to_string());
    for (title, sums) in [
        ("bucket", sums(buckets.map(|bucket| (unnamed(&bucket.bucket), bucket.all.events)))),
        ("kind", by_event(|event| event.kind.map_or("not known", Kind::name).to_string())),
        ("event", by_event(|event| event.event_name.clone())),
        ("type of caller", by_event(|event| event.caller_type.name().to_string())),
        ("caller", callers(delivered)),
        ("day", sums(by_day.map(|day| (unnamed(&day.day), day.counts.events)))),
    ] {
        let shown = sums.iter().take(SHOWN).map(|(name, events)| format!("{name} {events}"));
        let mut shown: Vec<String> = shown.collect();
        let unlisted = if title == "caller" { delivered.more_callers } else { 0 };
        let more = sums.len().saturating_sub(SHOWN) as u64 + unlisted;
        if more > 0 {
            shown.push(format!("and {more} more"));
        }
        page.item(4, "-", &format!("by {title}: {}", shown.join(", ")))?;
    }
    let all = &delivered.all;
    page.item(
        4,
        "-",
        &format!(
            "{} failed; {} bytes were sent and {} received; {} events were made by other accounts or \
             anonymous callers",
            all.errors, all.bytes_in, all.bytes_out, all.from_outside
        ),
    )
}

fn history<W: Write>(page: &mut Page<W>, entries: &[HistoryEntry]) -> io::Result<()> {
    page.section("History: calls that changed what is recorded, or tried to")?;
    if entries.is_empty() {
        return page.text(4, "none in these logs");
    }
    for entry in entries {
        let mark = match entry.effect {
            Effect::Loses => "!",
            Effect::Gains => "+",
            Effect::Endangers | Effect::Unknown => "?",
            Effect::Same | Effect::Failed => "-",
        };
        let call = &entry.call;
        page.item(4, mark, &format!("{} {}", call.event_time, entry.sentence))?;
        let from = call.source_ip_address.as_deref().unwrap_or("an address that is not known");
        page.text(
            6,
            &format!("{} from {from}, in {} {}", call.caller, call.account_id, call.aws_region),
        )?;
    }
    Ok(())
}

fn unrecorded<W: Write>(page: &mut Page<W>, found: &[Unrecorded]) -> io::Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    page.section("Not recorded")?;
    for found in found {
        let mark = if found.answer == Answer::NotLogged { "!" } else { "?" };
        page.item(4, mark, &found.sentence)?;
    }
    Ok(())
}

fn contradictions<W: Write>(page: &mut Page<W>, answer: &LogsAnswer) -> io::Result<()> {
    let judged = &answer.judged;
    page.section("Delivered records held against the selectors of their time")?;
    page.text(
        4,
        &format!(
            "{} as they say, {} of which it is not known, {} although no trail that is known logs \
             them; {} are of times at which the selectors are not known, or close to a change",
            judged.logged, judged.not_known, judged.not_logged, judged.left_out
        ),
    )?;
    if judged.unexplained > 0 {
        page.text(
            4,
            &format!(
                "{} of those may be delivered by a trail that neither these logs nor a snapshot \
                 name, so they refute nothing",
                judged.unexplained
            ),
        )?;
    }
    for contradiction in answer.contradictions.iter().take(SHOWN) {
        page.item(4, "!", &contradiction.file)?;
        page.verbatim(6, &contradiction.record.to_string())?;
        for trail in &contradiction.explanation.trails {
            decision::trail(page, 8, trail, Which::OfObjects)?;
        }
    }
    let hidden = answer.contradictions.len().saturating_sub(SHOWN);
    if hidden > 0 || answer.more_contradictions {
        page.text(4, "and more: `--format json` has them")?;
    }
    Ok(())
}

fn assumptions<W: Write>(page: &mut Page<W>, answer: &LogsAnswer) -> io::Result<()> {
    if answer.assumptions.is_empty() {
        return Ok(());
    }
    page.section("What the delivered records say about assumptions")?;
    for (name, evidence) in &answer.assumptions {
        let by: Vec<String> = [&evidence.confirmed_by, &evidence.refuted_by]
            .into_iter()
            .flatten()
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        page.item(
            4,
            "-",
            &format!(
                "{name}: confirmed by {}, refuted by {} ({})",
                evidence.confirmed,
                evidence.refuted,
                by.join(", ")
            ),
        )?;
    }
    Ok(())
}

fn silence<W: Write>(page: &mut Page<W>, silence: &Silence) -> io::Result<()> {
    page.section("Silence")?;
    if silence.hours.is_empty() && silence.buckets.is_empty() {
        return page.text(4, "none");
    }
    for run in silence.hours.iter().take(SHOWN) {
        let proof = match run.proof {
            Proof::FilesMissing => match run.files_missing {
                1 => "a file that digests name is missing".to_string(),
                count => format!("{count} files that digests name are missing"),
            },
            Proof::NothingDelivered => "digests say that nothing was delivered".to_string(),
            Proof::None => "no proof: without activity there is no file, either".to_string(),
        };
        page.item(
            4,
            if run.proof == Proof::FilesMissing { "!" } else { "-" },
            &format!(
                "account {}, {}: {} without files, from {} to {} ({proof})",
                run.account_id,
                run.aws_region,
                counted(run.hours, "hour"),
                run.from,
                run.to
            ),
        )?;
    }
    let hidden = silence.hours.len().saturating_sub(SHOWN);
    if hidden > 0 || silence.more_hours {
        let more = if silence.more_hours { "at least " } else { "" };
        page.text(4, &format!("and {more}{hidden} shorter ones: `--format json` lists them"))?;
    }
    for bucket in silence.buckets.iter().take(SHOWN) {
        page.item(
            4,
            "?",
            &format!(
                "bucket `{}`: its last data event is of {}, and management events name it until {} \
                 ({} of the days since)",
                bucket.bucket,
                bucket.last_data_event,
                bucket.last_management_event,
                bucket.management_events_since
            ),
        )?;
        for sentence in &bucket.may_be_because {
            page.text(6, &format!("it may be because {sentence}"))?;
        }
    }
    if silence.buckets.len() > SHOWN {
        page.text(4, &format!("and {} more buckets", silence.buckets.len() - SHOWN))?;
    }
    Ok(())
}
