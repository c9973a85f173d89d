//! Finding an account of a file by its id, without holding all of them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use cis_rules::snapshot::Snapshot;
use cis_sweep::difference::Known;

use crate::accounts::{Accounts, Part};
use crate::lines::Lines;
use crate::outcome::Failure;

/// Where an account is.
#[derive(Clone, Copy, Debug)]
enum Place<'a> {
    Held(&'a Snapshot),
    Line { lines: &'a Lines, start: u64, length: usize, number: usize },
}

/// The accounts of a file, by id.
#[derive(Debug)]
pub(super) struct Index<'a> {
    places: HashMap<String, Place<'a>>,
    /// The accounts in the file's order.
    known: Vec<Known>,
    /// One line is read at a time.
    reading: Mutex<()>,
}

impl<'a> Index<'a> {
    /// Finds every account.
    ///
    /// # Errors
    /// Where one cannot be read, or is there twice: `label` names the file.
    pub(super) fn of(accounts: &'a Accounts, label: &str) -> Result<Self, Failure> {
        let mut index =
            Self { places: HashMap::new(), known: Vec::new(), reading: Mutex::default() };
        for part in accounts.parts() {
            match part {
                Part::Held(snapshots) => {
                    for snapshot in snapshots {
                        index.add(snapshot, Place::Held(snapshot), label)?;
                    }
                }
                Part::Lines(lines) => index.add_lines(lines, label)?,
            }
        }
        Ok(index)
    }

    fn add_lines(&mut self, lines: &'a Lines, label: &str) -> Result<(), Failure> {
        let mut start = 0;
        for (index, line) in lines.read().enumerate() {
            let line = line?;
            let length = line.length();
            for snapshot in line.snapshots()? {
                let place = Place::Line { lines, start, length, number: index + 1 };
                self.add(&snapshot, place, label)?;
            }
            start += length as u64;
        }
        Ok(())
    }

    fn add(&mut self, snapshot: &Snapshot, place: Place<'a>, label: &str) -> Result<(), Failure> {
        let id = &snapshot.account_id;
        if self.places.insert(id.clone(), place).is_some() {
            return Err(twice(label, id));
        }
        self.known.push(Known { account_id: id.clone(), name: snapshot.name.clone() });
        Ok(())
    }

    /// The accounts, in the file's order.
    pub(super) fn known(&self) -> &[Known] {
        &self.known
    }

    /// An account.
    ///
    /// # Errors
    /// Where it cannot be read again.
    pub(super) fn get(&self, id: &str) -> Result<Option<Snapshot>, Failure> {
        match self.places.get(id) {
            None => Ok(None),
            Some(Place::Held(snapshot)) => Ok(Some((*snapshot).clone())),
            Some(Place::Line { lines, start, length, number }) => {
                let line = {
                    let _alone = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
                    lines.at(*start, *length, *number)?
                };
                Ok(line.snapshots()?.into_iter().find(|snapshot| snapshot.account_id == id))
            }
        }
    }
}

/// That a file has an account twice, so that it is not certain which one is meant.
pub(super) fn twice(label: &str, id: &str) -> Failure {
    Failure::Refused(format!(
        "{label}: holds account {id} twice: give one snapshot of each account"
    ))
}
