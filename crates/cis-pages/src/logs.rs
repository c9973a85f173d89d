//! The page about logs: what was not recorded and because of whom, first; then what was delivered.

mod delivered;
mod evidence;
mod history;
mod silence;
mod timeline;

use cis_evidence::answer::{LogsAnswer, Read};
use cis_rules::explain::Answer;

use crate::STYLE;
use crate::html::{Attribute, Html, Setting};
use crate::table::{count, fact, table};

const SETTING: Setting =
    Setting { title: "What CloudTrail recorded of S3", styles: &[STYLE], script: None };

/// The sections, by the number in their ids: title, and what writes it.
const SECTIONS: [(&str, Section); 7] = [
    ("Timeline", timeline::write),
    ("Not recorded", history::unrecorded),
    ("History", history::entries),
    ("Delivered", delivered::write),
    ("Records against selectors", evidence::write),
    ("Silence", silence::write),
    ("What was read", read),
];

type Section = fn(&mut Html, &LogsAnswer);

/// The kinds of things that have ids.
pub(crate) const SECTION: &str = "section";
pub(crate) const FOUND: &str = "found";
pub(crate) const CALL: &str = "call";

/// The answer about logs as a page.
///
/// # Errors
/// Where the answer cannot be written as JSON.
pub fn logs(answer: &LogsAnswer) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string(answer)?;
    Ok(Html::page(&SETTING, |html| {
        let skip = [Attribute::Own("class", "skip"), Attribute::Own("href", "#main")];
        html.leaf("a", &skip, "To the content");
        html.element("header", &[], |html| head(html, answer));
        html.element("nav", &[Attribute::Own("aria-label", "Sections")], |html| {
            html.element("ul", &[], |html| {
                for (number, (title, _)) in SECTIONS.iter().enumerate() {
                    html.element("li", &[], |html| {
                        html.leaf("a", &[Attribute::To(SECTION, number)], title);
                    });
                }
            });
        });
        html.element("main", &[Attribute::Own("id", "main")], |html| {
            for (number, (title, write)) in SECTIONS.iter().enumerate() {
                html.element("section", &[Attribute::LabelledBy(SECTION, number)], |html| {
                    html.leaf("h2", &[Attribute::Id(SECTION, number)], title);
                    write(html, answer);
                });
            }
        });
        html.data("answer", &json);
    }))
}

fn head(html: &mut Html, answer: &LogsAnswer) {
    html.leaf("h1", &[], SETTING.title);
    let surely = |found: &&cis_evidence::answer::Unrecorded| found.answer == Answer::NotLogged;
    let blind = answer.unrecorded.iter().filter(surely).count();
    let (class, lead, text) = if !answer.contradictions.is_empty() {
        let text = format!("{} that surely no trail logs", records(answer.contradictions.len()));
        ("bad", "Contradicted", text)
    } else if blind > 0 {
        let things = if blind == 1 { "thing was" } else { "things were" };
        ("bad", "Blinded", format!("{blind} {things} not recorded for a time"))
    } else {
        ("calm", "Read", "no time was found at which something was not recorded".to_string())
    };
    html.element("p", &[Attribute::Own("class", "verdict")], |html| {
        html.leaf("strong", &[Attribute::Own("class", class)], lead);
        html.text(" ");
        html.text(&text);
    });
    let read = &answer.read;
    html.element("dl", &[Attribute::Own("class", "facts")], |html| {
        let period = match (read.first, read.last) {
            (Some(first), Some(last)) => format!("{first} to {last}"),
            _ => "no event".to_string(),
        };
        fact(html, "Events from", &period);
        fact(html, "Events", &count(read.events));
        fact(html, "Of S3", &count(read.of_s3));
        fact(html, "Data events of S3", &count(answer.delivered.all.events));
        fact(html, "Log files", &count(read.files));
    });
}

fn records(number: usize) -> String {
    if number == 1 {
        "1 delivered record".to_string()
    } else {
        format!("{number} delivered records")
    }
}

fn read(html: &mut Html, answer: &LogsAnswer) {
    let Read { records, duplicates, bytes, skipped, more_skipped, left_out, .. } = &answer.read;
    html.element("dl", &[Attribute::Own("class", "facts")], |html| {
        fact(html, "Records", &count(*records));
        fact(html, "Copies among them", &count(*duplicates));
        fact(html, "Bytes of text", &count(*bytes));
    });
    if *duplicates > 0 {
        html.leaf("p", &[], "Copies are the mark of several trails that deliver to one bucket. Each event is counted once.");
    }
    if !left_out.is_empty() {
        let rows = left_out.iter().map(|(kind, files)| vec![kind.clone(), count(*files)]);
        table(html, "Files beside the log files", &[("Kind", false), ("Files", true)], rows);
    }
    if !skipped.is_empty() {
        let rows = skipped.iter().map(|skipped| vec![skipped.file.clone(), skipped.reason.clone()]);
        let caption = if *more_skipped {
            "The first files that were not read to their ends"
        } else {
            "Files that were not read to their ends"
        };
        table(html, caption, &[("File", false), ("Why", false)], rows);
    }
    if !answer.trails.is_empty() {
        let known = |fact: Option<bool>| match fact {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not known",
        };
        let rows = answer.trails.iter().map(|trail| {
            vec![
                trail.arn.clone(),
                known(trail.exists).to_string(),
                known(trail.is_logging.filter(|_| trail.exists != Some(false))).to_string(),
                trail.s3_bucket_name.clone().unwrap_or_else(|| "not known".to_string()),
                count(trail.changes as u64),
            ]
        });
        let titles = [
            ("Trail", false),
            ("Exists", false),
            ("Logs", false),
            ("Bucket", false),
            ("Changes", true),
        ];
        table(html, "Trails when the logs end", &titles, rows);
    }
}
