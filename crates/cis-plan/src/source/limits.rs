//! How much of a source is read: whoever writes it may mean to hurt.

use std::cell::Cell;

use super::fault::{Answer, Fault};

/// Bytes of one file.
pub(super) const FILE_BYTES: usize = 1 << 20;
/// Bytes of all files.
pub(super) const ALL_BYTES: usize = 256 << 20;
/// Files.
pub(super) const FILES: usize = 20_000;
/// Bytes of all files that are read again, since what is read is mended.
pub(super) const MENDS: usize = 32 << 20;
/// Members of one file's objects and blocks.
pub(super) const MEMBERS: usize = 20_000;
/// Members that are compared with each other while all files are read.
pub(super) const COMPARISONS: usize = 4 * MEMBERS * MEMBERS;
/// Modules that are called, each call once.
pub(super) const CALLS: usize = 5_000;
/// Modules inside of each other.
pub(super) const MODULE_DEPTH: usize = 32;
/// Instances that `count` and `for_each` make of one thing.
pub(super) const INSTANCES: usize = 10_000;
/// Bytes of one text.
const TEXT: usize = 4 << 20;
/// Elements of one list or map.
const ITEMS: usize = 100_000;
/// Expressions inside of each other, through everything that they refer to.
const DEPTH: usize = 160;
/// Expressions that are evaluated, values that are made.
const STEPS: usize = 5_000_000;
/// Bytes of all texts.
const ALL_TEXT: usize = 512 << 20;

/// What is left of the work that one source may make.
#[derive(Debug)]
pub(super) struct Budget {
    steps: Cell<usize>,
    text: Cell<usize>,
    depth: Cell<usize>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { steps: Cell::new(STEPS), text: Cell::new(ALL_TEXT), depth: Cell::new(0) }
    }
}

impl Budget {
    /// Takes so many steps.
    pub(super) fn spend(&self, steps: usize) -> Answer<()> {
        match self.steps.get().checked_sub(steps) {
            Some(left) => {
                self.steps.set(left);
                Ok(())
            }
            None => Err(Fault::refused(format!(
                "evaluating takes more than {STEPS} steps: name a smaller folder"
            ))),
        }
    }

    /// Makes a list or a map of so many elements.
    pub(super) fn items(&self, items: usize) -> Answer<()> {
        if items > ITEMS {
            return Err(Fault::refused(format!("a list or map has more than {ITEMS} elements")));
        }
        self.spend(items)
    }

    /// Makes a text of so many bytes.
    pub(super) fn text(&self, bytes: usize) -> Answer<()> {
        if bytes > TEXT {
            return Err(Fault::refused(format!("a text has more than {TEXT} bytes")));
        }
        match self.text.get().checked_sub(bytes) {
            Some(left) => {
                self.text.set(left);
                Ok(())
            }
            None => Err(Fault::refused(format!("all texts have more than {ALL_TEXT} bytes"))),
        }
    }

    /// Goes one level deeper, for as long as the level is kept.
    pub(super) fn deeper(&self) -> Answer<Level<'_>> {
        self.spend(1)?;
        let depth = self.depth.get() + 1;
        if depth > DEPTH {
            return Err(Fault::refused(format!("expressions nest deeper than {DEPTH} levels")));
        }
        self.depth.set(depth);
        Ok(Level(&self.depth))
    }
}

/// One level of depth.
#[derive(Debug)]
pub(super) struct Level<'a>(&'a Cell<usize>);

impl Drop for Level<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}
