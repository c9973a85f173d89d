//! Makes the catalogue from the table of S3's events that the core has, so that there is one table.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const DATA: &str = "../cis-rules/data/s3_events.csv";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DATA}");
    let mut rows = csv::Reader::from_path(DATA)?;
    let mut table = String::from("&[\n");
    for row in rows.records() {
        let row = row?;
        let [name, level, operation, read_only, types, sources] =
            row.iter().collect::<Vec<_>>()[..]
        else {
            return Err(format!("{DATA}: a row has not six columns: {row:?}").into());
        };
        let wrong = |what: &str| format!("{DATA}: {name}: {what}");
        let (level, is_bucket_operation) = match level {
            "account" => ("Account", false),
            "bucket" => ("Bucket", false),
            "object" => ("Object", false),
            "conditional-object" => ("Object", true),
            other => return Err(wrong(&format!("the level is `{other}`")).into()),
        };
        let (listed_by, rest) = sources
            .strip_prefix("list=")
            .and_then(|sources| sources.split_once("; ro="))
            .ok_or_else(|| wrong("the source is not `list=…; ro=…`"))?;
        let (kind_by, note) = match rest.split_once("; note=") {
            Some((kind_by, note)) => (kind_by, Some(note)),
            None => (rest, None),
        };
        let kind = match read_only {
            "true" => "Some(Kind::Read)",
            "false" => "Some(Kind::Write)",
            "unknown" => "None",
            other => return Err(wrong(&format!("read_only is `{other}`")).into()),
        };
        let presumed = kind_by.strip_prefix("FALLBACK(").and_then(|by| by.strip_suffix(')'));
        let (certainty, kind_by) = match (read_only, presumed) {
            ("unknown", _) => ("Unknown", None),
            (_, Some(presumed)) => ("Presumed", Some(presumed)),
            (_, None) => ("Confirmed", Some(kind_by)),
        };
        let (category, types) = match types.strip_prefix("management:") {
            Some(types) => ("Some(Category::Management)", types),
            None if types.starts_with('(') => ("None", ""),
            None => ("Some(Category::Data)", types),
        };
        writeln!(
            table,
            "Event {{ name: {name:?}, level: Level::{level}, is_bucket_operation: \
             {is_bucket_operation}, operation: {operation:?}, kind: {kind}, certainty: \
             Certainty::{certainty}, kind_by: {kind_by:?}, category: {category}, resource_types: \
             &{:?}, listed_by: {listed_by:?}, note: {note:?} }},",
            types_of(types)
        )?;
    }
    table.push(']');
    fs::write(Path::new(&env::var("OUT_DIR")?).join("events.rs"), table)?;
    Ok(())
}

/// The types in a list; of `AWS::S3Tables::TableBucket/Table` each is spelled out.
fn types_of(types: &str) -> Vec<String> {
    let mut all = Vec::new();
    for entry in types.split(';').filter(|entry| !entry.is_empty()) {
        let service = entry.rfind("::").map_or("", |end| entry.get(..end + 2).unwrap_or_default());
        let names = entry.strip_prefix(service).unwrap_or(entry);
        all.extend(names.split('/').map(|name| format!("{service}{name}")));
    }
    all
}
