//! Makes the table of S3's events from `data/s3_events.csv`, so that there is one table.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const DATA: &str = "data/s3_events.csv";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DATA}");
    let mut rows = csv::Reader::from_path(DATA)?;
    let mut table = String::from("&[\n");
    let (mut reads, mut writes) = (BTreeSet::new(), BTreeSet::new());
    for row in rows.records() {
        let row = row?;
        let [name, level, _operation, read_only, types, source] =
            row.iter().collect::<Vec<_>>()[..]
        else {
            return Err(format!("{DATA}: a row has not six columns: {row:?}").into());
        };
        let kind = match read_only {
            "true" => "Some(Kind::Read)",
            "false" => "Some(Kind::Write)",
            "unknown" => "None",
            other => return Err(format!("{DATA}: {name}: read_only is `{other}`").into()),
        };
        let is_object = matches!(level, "object" | "conditional-object")
            && types.split(';').any(|name| name == "AWS::S3::Object");
        let of_read_only = source.split("; ").find_map(|part| part.strip_prefix("ro="));
        let is_confirmed = of_read_only.is_some_and(|source| !source.starts_with("FALLBACK"));
        // A row that stands for events whose names AWS does not document is none.
        if name.contains('*') {
            continue;
        }
        match read_only {
            "true" if is_confirmed => reads.insert(name.to_owned()),
            "false" if is_confirmed => writes.insert(name.to_owned()),
            _ => false,
        };
        writeln!(
            table,
            "Event {{ name: {name:?}, kind: {kind}, is_confirmed: {is_confirmed}, is_object_level: \
             {is_object} }},"
        )?;
    }
    table.push(']');
    let out = env::var("OUT_DIR")?;
    let write = |name: &str, text: String| fs::write(Path::new(&out).join(name), text);
    write("s3_events.rs", table)?;
    write("confirmed_reads.rs", list(&reads))?;
    write("confirmed_writes.rs", list(&writes))?;
    Ok(())
}

/// The names as a slice, in order.
fn list(names: &BTreeSet<String>) -> String {
    format!("&{:?}", names.iter().collect::<Vec<_>>())
}
