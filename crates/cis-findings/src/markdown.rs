//! A table in Markdown, for comments and job summaries.
//!
//! Source: <https://github.github.com/gfm/#tables-extension->

use cis_rules::question::Question;
use cis_rules::report::AccountResult;
use cis_rules::snapshot::Snapshot;

use crate::told::Told;

/// The titles of the table.
pub const HEAD: &str = "| Verdict | Account | Events | Cause | Lost, for example | Fix |\n\
                        |---|---|---|---|---|---|\n";

/// A row of the table.
#[must_use]
pub fn row(snapshot: &Snapshot, question: &Question, result: &AccountResult) -> String {
    let told = Told::of(snapshot, question, result);
    let name = result.name.as_ref().map_or_else(String::new, |name| format!(" {name}"));
    let place = told.place.as_ref().map_or_else(String::new, |place| {
        let line = place.line.map_or_else(String::new, |line| format!(":{line}"));
        format!(" ({}{line})", place.file)
    });
    let cells = [
        result.verdict.name().to_string(),
        format!("{}{name}", result.account_id),
        result.kind.name().to_string(),
        [&[format!("{}{place}", told.cause)], &told.exceptions[..]].concat().join(" "),
        told.lost.unwrap_or_default(),
        told.fix.join("; "),
    ];
    let cells: Vec<_> = cells.iter().map(|text| cell(text)).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// A text in which nothing is markup: no link, no mention, no HTML, no end of the cell.
fn cell(text: &str) -> String {
    let mut safe = String::new();
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '|' | '~' | '!' => {
                safe.push('\\');
                safe.push(character);
            }
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '&' => safe += "&amp;",
            '@' => safe += "&#64;",
            character if character.is_control() => safe.push(' '),
            character => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_an_account_is_markup() {
        assert_eq!(
            cell("a|b <img src=x> @team [x](y) `c`\n& \u{1b}"),
            "a\\|b &lt;img src=x&gt; &#64;team \\[x\\]\\(y\\) \\`c\\` &amp;  "
        );
    }
}
