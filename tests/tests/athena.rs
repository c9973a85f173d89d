//! The statements for Amazon Athena, run on DuckDB: they answer as the scan does.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use cis_corpus::{Corpus, Settings};
use cis_logs::athena::Table;
use cis_logs::delivered::{Counts, Delivered};
use cis_logs::{Options, Selection, discover, scan};
use e2e::Result;
use e2e::process::python;
use serde_json::{Value, json};

/// What the queries answer, each a list of rows.
fn answers(table: &Table, selection: &Selection, folder: &Path) -> Result<Vec<Vec<Value>>> {
    let statements = table.statements(selection)?;
    let statements: Vec<String> = statements.into_iter().map(|it| it.sql).collect();
    let mut child = python(&[])?
        .arg("drivers/athena_on_duckdb.py")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let asked = json!({"folder": folder, "statements": statements});
    child.stdin.take().ok_or("no standard input")?.write_all(asked.to_string().as_bytes())?;
    let output = child.wait_with_output()?;
    serde_json::from_slice(&output.stdout)
        .map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned().into())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_string()
}

fn number(value: &Value) -> u64 {
    value.as_u64().or_else(|| value.as_str()?.parse().ok()).unwrap_or(u64::MAX)
}

/// Bucket, event, kind, caller.
type Sorts = BTreeMap<[String; 4], Counts>;

/// Bucket and day.
type Days = BTreeMap<[String; 2], (u64, u64)>;

fn of_athena(answers: &[Vec<Value>]) -> (Sorts, Days) {
    let sorts = answers[0].iter().map(|row| {
        let counts = Counts {
            events: number(&row["events"]),
            errors: number(&row["errors"]),
            foreign: number(&row["foreigners"]),
            bytes_in: number(&row["bytesin"]),
            bytes_out: number(&row["bytesout"]),
        };
        (["bucket", "event", "kind", "caller"].map(|name| text(&row[name])), counts)
    });
    let days = answers[1].iter().map(|row| {
        let counts = (number(&row["events"]), number(&row["errors"]));
        ([text(&row["bucket"]), text(&row["day"])], counts)
    });
    (sorts.collect(), days.collect())
}

fn of_the_scan(folder: &Path, selection: &Selection) -> Result<(Sorts, Days)> {
    let files = discover(&[folder.to_path_buf()], selection)?;
    let options = Options { selection: selection.clone(), ..Options::default() };
    let scanned = scan(files, &options, Delivered::default);
    assert_eq!(scanned.faults.count(), 0);
    let (mut sorts, mut days) = (Sorts::new(), Days::new());
    for (name, bucket) in scanned.accumulated.buckets() {
        let name = name.unwrap_or_default();
        for (sort, counts) in bucket.by_sort {
            let kind = sort.kind.map(|kind| kind.to_string()).unwrap_or_default();
            let caller = sort.caller_type.name().to_string();
            sorts.insert([name.clone(), sort.event_name, kind, caller], counts);
        }
        for (day, counts) in bucket.by_day {
            let day = day.map(|day| day.to_string()[..10].to_string()).unwrap_or_default();
            days.insert([name.clone(), day], (counts.events, counts.errors));
        }
    }
    Ok((sorts, days))
}

#[test]
fn athena_answers_as_the_scan_does() -> Result {
    let first = Settings::default().start;
    for organization in [None, Some("o-ab12cd34ef".to_string())] {
        let settings = Settings {
            files: 150,
            files_per_day: 60,
            accounts: vec!["111122223333".to_string(), "444455556666".to_string()],
            organization: organization.clone(),
            twice: 30,
            ..Settings::default()
        };
        let folder = tempfile::tempdir()?;
        let (accounts, regions) = (settings.accounts.clone(), settings.regions.clone());
        Corpus::new(settings).write_to(folder.path())?;
        let table = Table {
            name: "cloudtrail_logs".to_string(),
            bucket: "logs".to_string(),
            prefix: String::new(),
            organization,
            accounts,
            regions,
            first,
        };
        let some = Selection {
            from: Some(first.plus(20 * 3_600)),
            to: Some(first.plus(40 * 3_600)),
            regions: ["eu-west-1".to_string()].into(),
            ..Selection::default()
        };
        for selection in [Selection::default(), some] {
            let (sorts, days) = of_athena(&answers(&table, &selection, folder.path())?);
            let (scan_sorts, scan_days) = of_the_scan(folder.path(), &selection)?;
            assert!(scan_sorts.len() > 100 && scan_days.len() > 30);
            assert_eq!(sorts, scan_sorts);
            assert_eq!(days, scan_days);
        }
    }
    Ok(())
}
