//! The ways to fill in what a plan leaves open, for which an answer holds.

use std::io::{self, Write};

use cis_rules::report::{Completion, Filled};

use super::page::Page;

/// Ways that are shown; more are for machines.
const WAYS: usize = 8;

/// Writes what is filled in, each way on a line; nothing where nothing that is open matters.
pub(super) fn write<W: Write>(page: &mut Page<W>, completions: &[Completion]) -> io::Result<()> {
    if completions.is_empty() {
        return Ok(());
    }
    page.section("Open in the plan, and the answer is the same")?;
    for Completion { values, .. } in completions.iter().take(WAYS) {
        let filled = |Filled { value_of, value }: &Filled| format!("{value_of}: {value}");
        let values: Vec<String> = values.iter().map(filled).collect();
        page.item(4, "-", &values.join("; "))?;
    }
    if let more @ 1.. = completions.len().saturating_sub(WAYS) {
        page.text(4, &format!("and {more} more ways: `--format json` has them all"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_has_a_line_and_many_are_cut() {
        let way = |value: usize| Completion {
            values: vec![Filled { value_of: "parameter `P`".into(), value: format!("`{value}`") }],
            proof: None,
            gaps: Vec::new(),
        };
        let written = |count| {
            let mut page = Page::new(Vec::new(), false);
            write(&mut page, &(0..count).map(way).collect::<Vec<_>>()).unwrap();
            String::from_utf8(page.into_inner()).unwrap()
        };
        assert_eq!(written(0), "");
        assert!(written(2).contains("\n    - parameter `P`: `0`\n    - parameter `P`: `1`\n"));
        assert!(written(9).contains("and 1 more ways: `--format json`"), "{}", written(9));
        assert!(!written(8).contains("more ways"));
    }
}
