//! A bound on what is read without finding a record.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// How much may still be read until the next record is found.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    left: Rc<Cell<u64>>,
    whole: u64,
}

impl Budget {
    /// A record was found.
    pub(super) fn renew(&self) {
        self.left.set(self.whole);
    }

    /// Whether more was to be read than may be.
    pub(super) fn is_exceeded(&self) -> bool {
        self.left.get() == 0
    }
}

/// A reader that ends with an error where its budget is used up.
#[derive(Debug)]
pub(super) struct Bounded<R> {
    inner: R,
    budget: Budget,
}

impl<R: Read> Bounded<R> {
    /// A reader with a budget, of which at least 1 byte is given.
    pub(super) fn new(inner: R, budget: u64) -> Self {
        Self { inner, budget: Budget { left: Rc::new(Cell::new(budget)), whole: budget } }
    }

    /// The budget.
    pub(super) fn budget(&self) -> Budget {
        self.budget.clone()
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.budget.left.get();
        if left == 0 {
            return Err(io::Error::other("no record within the bound"));
        }
        let length = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let read = self.inner.read(buffer.get_mut(..length).unwrap_or_default())?;
        // An input that ends exactly where the budget does is no longer than it.
        self.budget.left.set(left - read as u64);
        Ok(read)
    }
}
