//! The page about logs: what was not recorded and because of whom, first; then what was delivered.

mod delivered;
mod evidence;
mod history;
mod silence;
mod timeline;

use cis_evidence::answer::{LogsAnswer, Read};
use cis_rules::explain::Answer;

use crate::html::{Attribute, Html};

/// The style sheet of all pages.
const STYLE: &str = include_str!("style.css");

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
    Ok(Html::page("What CloudTrail recorded of S3", STYLE, |html| {
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
    html.leaf("h1", &[], "What CloudTrail recorded of S3");
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

fn fact(html: &mut Html, name: &str, value: &str) {
    html.element("div", &[], |html| {
        html.leaf("dt", &[], name);
        html.leaf("dd", &[], value);
    });
}

/// A number with its thousands apart.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut apart = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart
}

/// A box that scrolls by itself where the window is narrow; the keyboard reaches it.
pub(crate) fn scrolling(html: &mut Html, label: &str, content: impl FnOnce(&mut Html)) {
    let attributes = [
        Attribute::Own("class", "scroll"),
        Attribute::Own("tabindex", "0"),
        Attribute::Own("role", "region"),
        Attribute::Label(label),
    ];
    html.element("div", &attributes, content);
}

/// A table: its titles, those of numbers on the right.
pub(crate) fn table(
    html: &mut Html,
    caption: &str,
    titles: &[(&str, bool)],
    rows: impl IntoIterator<Item = Vec<String>>,
) {
    scrolling(html, caption, |html| {
        html.element("table", &[], |html| {
            html.leaf("caption", &[], caption);
            html.element("thead", &[], |html| {
                html.element("tr", &[], |html| {
                    for (title, is_number) in titles {
                        let attributes = [Attribute::Own("scope", "col"), number_class(*is_number)];
                        html.leaf("th", &attributes, title);
                    }
                });
            });
            html.element("tbody", &[], |html| {
                for row in rows {
                    html.element("tr", &[], |html| {
                        for (index, (cell, (_, is_number))) in row.iter().zip(titles).enumerate() {
                            if index == 0 {
                                html.leaf("th", &[Attribute::Own("scope", "row")], cell);
                            } else {
                                html.leaf("td", &[number_class(*is_number)], cell);
                            }
                        }
                    });
                }
            });
        });
    });
}

const fn number_class(is_number: bool) -> Attribute<'static> {
    Attribute::Own("class", if is_number { "number" } else { "words" })
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
