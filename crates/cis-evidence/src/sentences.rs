//! The history in sentences.

use cis_rules::explain::Answer;
use cis_rules::record::caller::Caller;

use crate::Moment;
use crate::answer::{CallSummary, Effect, HistoryEntry, Unrecorded, What};

/// Who made a call, briefly: `user/mallory`.
pub(crate) fn who(caller: &Caller) -> String {
    let arn = caller.arn.as_deref().and_then(|arn| arn.splitn(6, ':').nth(5));
    match (arn, &caller.service) {
        (Some("root"), _) => "the root user".to_string(),
        (Some(short), Some(service)) => format!("{short} through {service}"),
        (Some(short), None) => short.to_string(),
        (None, _) => caller.to_string(),
    }
}

/// A trail, briefly: `trail/main`.
fn short(arn: &str) -> String {
    arn.rsplit_once(':').map_or(arn, |(_, short)| short).to_string()
}

/// A period: `from 2026-03-01 10:04 to 13:20`, all of it in UTC.
fn period(from: Moment, to: Option<Moment>) -> String {
    let begin = format!("from {} {}", from.day(), from.clock());
    match to {
        None => format!("{begin} on"),
        Some(to) if to.day() == from.day() => format!("{begin} to {}", to.clock()),
        Some(to) => format!("{begin} to {} {}", to.day(), to.clock()),
    }
}

/// `every write event …` as `no write event …`.
fn none_of(description: &str) -> String {
    match description.strip_prefix("every ") {
        Some(rest) => format!("no {rest} was recorded"),
        None => format!("this was not recorded: {description}"),
    }
}

/// What was not recorded, from when to when, and because of whom.
pub(crate) fn unrecorded(found: &Unrecorded) -> String {
    let period = period(found.from, found.to);
    let trail = short(&found.trail);
    let what = match (found.answer, found.what) {
        (Answer::NotLogged, What::Everything) => format!("nothing was recorded by {trail}"),
        (Answer::NotLogged, _) => format!("{} by {trail}", none_of(&found.description)),
        _ => format!("it is not known whether {trail} recorded {}", found.description),
    };
    let because = found.caused_by.as_ref().map_or_else(
        || ", because of a change that these logs do not have".to_string(),
        |call| format!(", because {}", done(call, found)),
    );
    let others = match found.by_others {
        Some(Answer::Logged) => "; other trails recorded it",
        Some(Answer::NotLogged) => "; no other trail recorded it, either",
        _ => "",
    };
    format!("{period} {what}{because}{others}")
}

/// What the caller did to bring it about.
fn done(call: &CallSummary, found: &Unrecorded) -> String {
    let who = who(&call.caller);
    match (call.event_name.as_str(), found.answer) {
        ("StopLogging", _) => format!("{who} stopped it"),
        ("DeleteTrail", _) => format!("{who} deleted it"),
        ("PutEventSelectors", Answer::NotLogged) => {
            format!("{who} excluded it (PutEventSelectors)")
        }
        (name, _) => format!("{who} changed it ({name})"),
    }
}

/// What a call did.
pub(crate) fn entry(entry: &HistoryEntry) -> String {
    let who = who(&entry.call.caller);
    let name = &entry.call.event_name;
    let about = entry.about.as_deref().map_or_else(String::new, |about| {
        format!(
            " on {}",
            if about.starts_with("arn:") { short(about) } else { format!("`{about}`") }
        )
    });
    if let Some(code) = &entry.error_code {
        return format!("{who} tried {name}{about}: {code}, so it changed nothing");
    }
    let mut sentence = format!("{who} called {name}{about}");
    let lost = entry.changes.iter().flat_map(|change| &change.lost);
    let gained = entry.changes.iter().flat_map(|change| &change.gained);
    let words = |moved: &cis_rules::diff::Moved| moved.description.clone();
    let (mut lost, mut gained): (Vec<String>, Vec<String>) =
        (lost.map(words).collect(), gained.map(words).collect());
    if let (Some(before), Some(after)) = (entry.management_before, entry.management_after) {
        for (kind, before, after) in
            [("write", before.write, after.write), ("read", before.read, after.read)]
        {
            match before.cmp(&after) {
                core::cmp::Ordering::Greater => lost.push(format!("{kind} management events")),
                core::cmp::Ordering::Less => gained.push(format!("{kind} management events")),
                core::cmp::Ordering::Equal => {}
            }
        }
    }
    match (entry.effect, name.as_str()) {
        (_, "StopLogging") => sentence += ": it records nothing any more",
        (_, "DeleteTrail") => sentence += ": the trail is gone, and records nothing any more",
        (_, "CreateTrail") => sentence += ": a new trail",
        (_, "StartLogging") => sentence += ": it logs from now on",
        (Effect::Endangers, _) => {
            sentence += ": that can stop or erase what trails deliver there";
        }
        (Effect::Unknown, _) => sentence += ": what was recorded before is not known",
        (Effect::Same, _) => sentence += ": what is recorded stays the same",
        _ => {}
    }
    for (word, list) in [("it no longer records", lost), ("it records now", gained)] {
        if !list.is_empty() && !matches!(name.as_str(), "StopLogging" | "DeleteTrail") {
            sentence += &format!("; {word}: {}", list.join("; "));
        }
    }
    sentence
}
