//! The proof, shortly: which selector of which trail logs which piece of the scope.

use std::io::{self, Write};

use cis_rules::report::{LoggedBy, Proof, ProofStep};

use super::page::Page;

/// Lines that are shown; a longer proof is for machines.
const LINES: usize = 24;

/// Writes the proof.
pub(super) fn write<W: Write>(page: &mut Page<W>, proof: &Proof) -> io::Result<()> {
    page.section("Proof")?;
    let mut outline = Outline::of(proof);
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
    /// Whether each step was shown: a step that several others refer to is shown once.
    is_shown: Vec<bool>,
    lines: Vec<Line>,
    is_cut: bool,
}

impl<'a> Outline<'a> {
    fn of(proof: &'a Proof) -> Self {
        Self { proof, is_shown: vec![false; proof.steps.len()], lines: Vec::new(), is_cut: false }
    }

    fn line(&mut self, depth: usize, text: String) {
        self.lines.push(Line { depth, text });
    }

    fn step(&mut self, depth: usize, piece: &str, index: usize) {
        let (Some(step), Some(is_shown)) =
            (self.proof.steps.get(index), self.is_shown.get_mut(index))
        else {
            return;
        };
        if self.lines.len() == LINES {
            self.is_cut = true;
            return;
        }
        let was_shown = std::mem::replace(is_shown, true);
        match step {
            ProofStep::Logged(by) => self.line(depth, logged(piece, by)),
            ProofStep::Empty => self.line(depth, format!("{piece}: no such event exists")),
            ProofStep::Split(split) if was_shown => {
                self.line(depth, format!("{piece}: by {} as above", split.field));
            }
            ProofStep::Split(split) => {
                self.line(depth, format!("{piece}, by {}:", split.field));
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
}

fn logged(piece: &str, by: &LoggedBy) -> String {
    let name = by.selector_name.as_ref().map_or_else(String::new, |name| format!(" (`{name}`)"));
    format!("{piece}: logged by selector {}{name} of {}", by.selector, by.trail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::samples;
    use cis_rules::report::{ProofPart, Split};

    fn rendered(steps: Vec<ProofStep>) -> String {
        let mut page = Page::new(Vec::new(), false);
        write(&mut page, &Proof { steps }).unwrap();
        let text = String::from_utf8(page.into_inner()).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn split(parts: &[(&str, usize)]) -> ProofStep {
        ProofStep::Split(Split {
            field: "eventName",
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
                ProofStep::Empty,
            ]),
            "Proof - every event in scope, by eventName: - `DeleteObject`: logged by selector 1 \
             of arn:aws:cloudtrail:us-east-1:111122223333:trail/main - anything else: no such \
             event exists - every event in scope: by eventName as above"
        );
    }

    #[test]
    fn a_long_proof_is_cut() {
        let text = rendered(vec![split(&[("`x`", 1); 100]), samples::logged(0, None)]);
        assert!(text.ends_with("and more: `--format json` has the whole proof"));
    }
}
