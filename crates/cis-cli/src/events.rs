//! `trailproof events`: the events that S3 makes, at which level, read or write and how sure that is.

use std::io::{self, Write};
use std::str::FromStr;

use cis_records::Level;
use cis_records::catalogue::{Category, Certainty, EVENTS, Event};
use cis_rules::question::Kind;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use crate::format::TableFormat;
use crate::json;
use crate::outcome::Failure;
use crate::output::to_stdout;
use crate::spreadsheet::Spreadsheet;
use crate::table::Table;

/// List the events that S3 makes: level, read or write and how sure that is, and by which source
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only events of this level; may be repeated. Operations on buckets that CloudTrail records as
    /// object-level events are of the level `object`
    #[arg(
        long = "level",
        value_name = "LEVEL",
        value_delimiter = ',',
        value_parser = PossibleValuesParser::new(["account", "bucket", "object"])
            .try_map(|name| Level::from_str(&name))
    )]
    levels: Vec<Level>,

    /// Only events of this kind
    #[arg(
        long,
        value_name = "KIND",
        value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::name))
            .try_map(|name| Kind::from_str(&name))
    )]
    kind: Option<Kind>,

    /// Only events of this name, in which `*` stands for any characters; may be repeated
    #[arg(long = "name", value_name = "NAME")]
    names: Vec<String>,

    /// How the events are written
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    format: TableFormat,
}

/// Writes the events that are asked for.
///
/// # Errors
/// Where there is none, or they cannot be written.
pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let chosen: Vec<&Event> = EVENTS.iter().filter(|event| args.asks_for(event)).collect();
    if chosen.is_empty() {
        return Err(Failure::Refused(
            "no event of S3 is known that has this name, level and kind: `trailproof events` lists \
             them all"
                .to_string(),
        ));
    }
    to_stdout(|out| match args.format {
        TableFormat::Text => text(out, &chosen),
        TableFormat::Json => json::list(out, "events", chosen.iter().map(json::text)),
        TableFormat::Csv => csv(out, &chosen),
    })
}

impl Args {
    fn asks_for(&self, event: &Event) -> bool {
        (self.levels.is_empty() || self.levels.contains(&event.level))
            && self.kind.is_none_or(|kind| event.kind == Some(kind))
            && (self.names.is_empty() || self.names.iter().any(|name| matches(name, event.name)))
    }
}

/// Whether a name is of a pattern.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// What the kind rests on, in a few words.
fn kind(event: &Event) -> String {
    match (event.kind, event.certainty) {
        (Some(kind), Certainty::Presumed) => format!("{kind}, presumed"),
        (Some(kind), _) => kind.to_string(),
        (None, _) => "not known".to_string(),
    }
}

/// Rows for people, with the sources by number below.
fn text<W: Write>(out: &mut W, events: &[&Event]) -> io::Result<()> {
    let mut sources = Sources::default();
    let kinds: Vec<String> = events.iter().map(|event| kind(event)).collect();
    let marks: Vec<String> = events.iter().map(|event| sources.marks(event)).collect();
    let types: Vec<String> = events.iter().map(|event| types(event)).collect();
    let mut rows = vec![["EVENT", "LEVEL", "KIND", "SOURCES", "API OPERATION", "RESOURCE TYPES"]];
    for (((event, kind), marks), types) in events.iter().zip(&kinds).zip(&marks).zip(&types) {
        rows.push([event.name, event.level.name(), kind, marks, event.operation, types]);
    }
    let mut table = Table::fitting(out, rows.iter().copied());
    let notes = std::iter::once(Vec::new()).chain(events.iter().map(|event| notes(event)));
    for (row, notes) in rows.iter().zip(notes) {
        table.row(*row)?;
        for note in notes {
            table.line(&format!("    {note}"))?;
        }
    }
    table.line("")?;
    table.line(
        "Sources: the first lists the event, the second says its kind. What a presumed kind",
    )?;
    table.line("follows from is in `--format json`.")?;
    for (index, source) in sources.all.iter().enumerate() {
        table.line(&format!("  [{}] {source}", index + 1))?;
    }
    Ok(())
}

/// The sources so far, each once.
#[derive(Debug, Default)]
struct Sources {
    all: Vec<&'static str>,
}

impl Sources {
    fn marks(&mut self, event: &Event) -> String {
        let listed = self.number(event.listed_by);
        match (event.certainty, event.kind_by) {
            (Certainty::Confirmed, Some(source)) => format!("[{listed}] [{}]", self.number(source)),
            _ => format!("[{listed}]"),
        }
    }

    fn number(&mut self, source: &'static str) -> usize {
        match self.all.iter().position(|known| *known == source) {
            Some(index) => index + 1,
            None => {
                self.all.push(source);
                self.all.len()
            }
        }
    }
}

fn types(event: &Event) -> String {
    let types = event.resource_types.join(", ");
    match event.category {
        Some(Category::Management) if !types.is_empty() => format!("{types} (management)"),
        _ => types,
    }
}

fn notes(event: &Event) -> Vec<&'static str> {
    let on_a_bucket = "an operation on a bucket that is recorded as an object-level event";
    event.is_bucket_operation.then_some(on_a_bucket).into_iter().chain(event.note).collect()
}

const TITLES: [&str; 11] = [
    "name",
    "level",
    "isBucketOperation",
    "operation",
    "kind",
    "certainty",
    "kindBy",
    "category",
    "resourceTypes",
    "listedBy",
    "note",
];

fn csv<W: Write>(out: &mut W, events: &[&Event]) -> io::Result<()> {
    let mut sheet = Spreadsheet::new(out, &TITLES)?;
    for event in events {
        sheet.row([
            event.name,
            event.level.name(),
            if event.is_bucket_operation { "true" } else { "false" },
            event.operation,
            event.kind.map_or("", Kind::name),
            event.certainty.name(),
            event.kind_by.unwrap_or_default(),
            event.category.map_or("", Category::name),
            &event.resource_types.join(" "),
            event.listed_by,
            event.note.unwrap_or_default(),
        ])?;
    }
    sheet.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, name, is_match) in [
            ("GetObject", "GetObject", true),
            ("GetObject", "GetObjectAcl", false),
            ("Get*", "GetObject", true),
            ("*Acl", "GetObjectAcl", true),
            ("Get*Acl", "GetObjectAcl", true),
            ("Get*t*t*", "GetObject", false),
            ("Get*GetObject", "GetObject", false),
            ("*", "", true),
            ("", "GetObject", false),
            ("get*", "GetObject", false),
            ("Aut*", "PutObject", false),
        ] {
            assert_eq!(matches(pattern, name), is_match, "{pattern} {name}");
        }
    }

    #[test]
    fn a_spreadsheet_has_the_members_of_the_json() {
        let event = serde_json::to_value(EVENTS[0]).unwrap();
        let mut members: Vec<&String> = event.as_object().unwrap().keys().collect();
        members.sort_unstable();
        let mut titles = TITLES.to_vec();
        titles.sort_unstable();
        assert_eq!(members, titles);
    }
}
