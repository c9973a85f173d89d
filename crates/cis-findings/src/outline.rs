//! A proof in words: which selector of which trail logs which piece of the scope.

use cis_rules::report::{LeftOut, LoggedBy, Proof, ProofStep};

/// A proof in lines, or the beginning of a long one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The lines.
    pub lines: Vec<Line>,
    /// Whether there are more.
    pub is_cut: bool,
}

/// A line of an outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How many lines it stands under.
    pub depth: usize,
    /// What it says.
    pub text: String,
}

impl Outline {
    /// The outline of a proof, of so many lines at most.
    #[must_use]
    pub fn of(proof: &Proof, most: usize) -> Self {
        let mut writing = Writing::of(proof, most);
        writing.step(0, "every event in scope", 0);
        Self { lines: writing.lines, is_cut: writing.is_cut }
    }
}

struct Writing<'a> {
    proof: &'a Proof,
    most: usize,
    /// How often each step is referred to.
    references: Vec<usize>,
    /// The number of each step that was shown and is referred to again: it is shown once.
    numbers: Vec<Option<usize>>,
    lines: Vec<Line>,
    is_cut: bool,
}

impl<'a> Writing<'a> {
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
