//! The proof: which selector of which trail logs which piece of the scope.

use std::io::{self, Write};

use cis_findings::outline::Outline;
use cis_rules::report::Proof;

use super::page::Page;

/// Lines that are shown; a longer proof is for machines.
const LINES: usize = 24;

/// Writes the proof, or the beginning of a long one.
pub(super) fn write<W: Write>(page: &mut Page<W>, proof: &Proof) -> io::Result<()> {
    outline(page, proof, LINES)
}

/// Writes the proof, however long it is.
pub(super) fn write_whole<W: Write>(page: &mut Page<W>, proof: &Proof) -> io::Result<()> {
    outline(page, proof, usize::MAX)
}

fn outline<W: Write>(page: &mut Page<W>, proof: &Proof, most: usize) -> io::Result<()> {
    page.section("Proof")?;
    let outline = Outline::of(proof, most);
    for line in &outline.lines {
        page.item(4 + 2 * line.depth, "-", &line.text)?;
    }
    if outline.is_cut {
        page.text(4, "and more: `--format json` has the whole proof")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::samples;
    use cis_rules::RecordField;
    use cis_rules::report::{LeftOut, ProofPart, ProofStep, Split};

    fn rendered(steps: Vec<ProofStep>) -> String {
        let mut page = Page::new(Vec::new(), false);
        write(&mut page, &Proof { steps }).unwrap();
        let text = String::from_utf8(page.into_inner()).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn split(parts: &[(&str, usize)]) -> ProofStep {
        ProofStep::Split(Split {
            field: RecordField::EventName,
            parts: parts
                .iter()
                .map(|&(values, step)| ProofPart { values: values.to_string(), step })
                .collect(),
        })
    }

    #[test]
    fn one_selector_is_one_line() {
        assert_eq!(
            rendered(vec![samples::logged(0, Some("S3 writes"))]),
            "Proof - every event in scope: logged by selector 0 (`S3 writes`) of \
             arn:aws:cloudtrail:us-east-1:111122223333:trail/main"
        );
    }

    #[test]
    fn a_step_that_is_referred_to_twice_is_shown_once() {
        assert_eq!(
            rendered(vec![
                ProofStep::Each(vec![1, 1]),
                split(&[("`DeleteObject`", 2), ("anything else", 3)]),
                samples::logged(1, None),
                ProofStep::OutOfScope(LeftOut::NoSuchRecord),
            ]),
            "Proof - [1] every event in scope, by eventName: - `DeleteObject`: logged by selector 1 \
             of arn:aws:cloudtrail:us-east-1:111122223333:trail/main - anything else: \
             CloudTrail's own requests have no caller's ARN and no session - every event in scope: by eventName as in [1]"
        );
    }

    #[test]
    fn a_long_proof_is_cut() {
        let text = rendered(vec![split(&[("`x`", 1); 100]), samples::logged(0, None)]);
        assert!(text.ends_with("and more: `--format json` has the whole proof"));
    }
}
