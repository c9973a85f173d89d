//! What was not recorded, and the calls that changed what is recorded.

use cis_evidence::answer::{Effect, HistoryEntry, LogsAnswer};
use cis_rules::explain::Answer;

use super::{CALL, FOUND};
use crate::html::{Attribute, Html};

pub(super) fn unrecorded(html: &mut Html, answer: &LogsAnswer) {
    if answer.unrecorded.is_empty() {
        html.leaf("p", &[], "Nothing was found that was recorded at one time and not at another.");
        return;
    }
    html.element("ol", &[Attribute::Own("class", "cards")], |html| {
        for (number, found) in answer.unrecorded.iter().enumerate() {
            let (class, lead) = match found.answer {
                Answer::NotLogged => ("bad", "Not recorded"),
                _ => ("doubtful", "Not known"),
            };
            html.element("li", &[Attribute::Id(FOUND, number)], |html| {
                html.leaf("strong", &[Attribute::Own("class", class)], lead);
                html.text(" ");
                html.text(&found.sentence);
                let calls = [("begun by", &found.caused_by), ("ended by", &found.ended_by)];
                for (words, call) in calls {
                    let Some(call) = call else { continue };
                    html.text("; ");
                    let entry = answer.history.iter().position(|entry| entry.call == *call);
                    let words = format!("{words} {}", call.event_name);
                    match entry {
                        Some(entry) => html.leaf("a", &[Attribute::To(CALL, entry)], &words),
                        None => html.text(&words),
                    }
                }
                html.text(".");
            });
        }
    });
}

pub(super) fn entries(html: &mut Html, answer: &LogsAnswer) {
    if answer.history.is_empty() {
        html.leaf("p", &[], "No call in these logs changed what is recorded, or tried to.");
        return;
    }
    html.element("ol", &[Attribute::Own("class", "cards")], |html| {
        for (number, entry) in answer.history.iter().enumerate() {
            html.element("li", &[Attribute::Id(CALL, number)], |html| self::entry(html, entry));
        }
    });
}

fn entry(html: &mut Html, entry: &HistoryEntry) {
    let (class, lead) = match entry.effect {
        Effect::Loses => ("bad", "Loses"),
        Effect::Gains => ("good", "Gains"),
        Effect::Same => ("calm", "Same"),
        Effect::Unknown => ("doubtful", "Not known"),
        Effect::Endangers => ("doubtful", "Endangers"),
        Effect::Failed => ("calm", "Failed"),
    };
    let call = &entry.call;
    html.leaf("strong", &[Attribute::Own("class", class)], lead);
    html.text(" ");
    let time = call.event_time.to_string();
    html.leaf("time", &[Attribute::Time(&time)], &time);
    html.text(" ");
    html.text(&entry.sentence);
    html.text(".");
    html.element("p", &[Attribute::Own("class", "note")], |html| {
        let from = call.source_ip_address.as_deref().unwrap_or("an address that is not known");
        html.text(&format!(
            "{} from {from}, in {} {}",
            call.caller, call.account_id, call.aws_region
        ));
        if let Some(agent) = &call.user_agent {
            html.text(&format!(", by {agent}"));
        }
        if let Some(message) = &entry.error_message {
            html.text(&format!(": {message}"));
        }
    });
}
