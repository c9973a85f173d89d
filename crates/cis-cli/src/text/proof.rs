//! The proof: which selector of which trail logs which piece of the scope.

use std::io::{self, Write};

use cis_rules::report::{LeftOut, LoggedBy, Proof, ProofStep};

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
    let mut outline = Outline::of(proof, most);
    outline.step(0, "every event in scope", 0);
    for line in &outline.lines {
        page.item(4 + 2 * line.depth, "-", &line.text)?;
    }
    if outline.is_cut {
        page.text(4, "and more: `--format json` has the whole proof")?;
    }
    Ok(())
}

struct Line {
    depth: usize,
    text: String,
}

struct Outline<'a> {
    proof: &'a Proof,
    most: usize,
    /// How often each step is referred to.
    references: Vec<usize>,
    /// The number of each step that was shown and is referred to again: it is shown once.
    numbers: Vec<Option<usize>>,
    lines: Vec<Line>,
    is_cut: bool,
}

impl<'a> Outline<'a> {
    fn of(proof: &'a Proof, most: usize) -> Self {
        let mut references = vec![0; proof.steps.len()];
        let referred = proof.steps.iter().flat_map(|step| match step {
            ProofStep::Split(split) => split.parts.iter().map(|part| part.step).collect(),
            ProofStep::Each(each) => each.clone(),
            ProofStep::Logged(_) | ProofStep::OutOfScope(_) => Vec::new(),
        });
        for step in referred {
            if let Some(count) = references.get_mut(step) {
                *count += 1;
            }
        }
        let numbers = vec![None; proof.steps.len()];
        Self { proof, most, references, numbers, lines: Vec::new(), is_cut: false }
    }

    fn line(&mut self, depth: usize, text: String) {
        self.lines.push(Line { depth, text });
    }

    fn step(&mut self, depth: usize, piece: &str, index: usize) {
        let Some(step) = self.proof.steps.get(index) else { return };
        if self.lines.len() == self.most {
            self.is_cut = true;
            return;
        }
        match step {
            ProofStep::Logged(by) => self.line(depth, logged(piece, by)),
            ProofStep::OutOfScope(LeftOut::CloudtrailDeliveries) => self.line(
                depth,
                format!("{piece}: CloudTrail's own log deliveries, which are not asked for"),
            ),
            ProofStep::OutOfScope(LeftOut::NoSuchRecord) => self.line(
                depth,
                format!("{piece}: CloudTrail's own requests have no caller's ARN and no session"),
            ),
            ProofStep::Split(split) => {
                if let Some(Some(number)) = self.numbers.get(index) {
                    let text = format!("{piece}: by {} as in [{number}]", split.field);
                    return self.line(depth, text);
                }
                let mark = self.mark(index);
                self.line(depth, format!("{mark}{piece}, by {}:", split.field));
                for part in &split.parts {
                    self.step(depth + 1, &part.values, part.step);
                }
            }
            ProofStep::Each(each) => {
                for &step in each {
                    self.step(depth, piece, step);
                }
            }
        }
    }

    /// A number for a step that is referred to again, as a mark.
    fn mark(&mut self, index: usize) -> String {
        if self.references.get(index).is_none_or(|count| *count < 2) {
            return String::new();
        }
        let next = 1 + self.numbers.iter().flatten().count();
        if let Some(number) = self.numbers.get_mut(index) {
            *number = Some(next);
        }
        format!("[{next}] ")
    }
}

fn logged(piece: &str, by: &LoggedBy) -> String {
    let name = by.selector_name.as_ref().map_or_else(String::new, |name| format!(" (`{name}`)"));
    format!("{piece}: logged by selector {}{name} of {}", by.selector, by.trail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::samples;
    use cis_rules::RecordField;
    use cis_rules::report::{ProofPart, Split};

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
