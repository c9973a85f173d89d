//! Reads snapshots and writes the page of `trailproof audit --format html`.

use std::io::{self, Read as _, Write as _};

use cis_findings::sheet::Sheet;
use cis_pages::audit::{Entry, Page};
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::snapshot::Snapshot;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut json = String::new();
    io::stdin().read_to_string(&mut json)?;
    let question = Question::new(Kind::Write, Mode::Any);
    let (mut page, mut answers) = (Page::default(), String::new());
    for snapshot in &Snapshot::all_from_json(&json)? {
        let result = cis_rules::evaluate(snapshot, &question);
        answers += &page.add(Entry::of(Sheet::of(snapshot, &question, &result))?);
    }
    let whole = [page.before(&[question], 0), answers, page.after()?].concat();
    io::stdout().write_all(whole.as_bytes())?;
    Ok(())
}
