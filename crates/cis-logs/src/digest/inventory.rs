//! What lies in a store: digests, log files, and what else a digest may name.

use std::collections::HashMap;

use super::name::{DigestName, LogName, Object, canonical};
use super::options::Options;
use super::store::{METADATA, SIGNATURE, StoredFile};

/// What lies in a store, by index.
#[derive(Debug)]
pub(super) struct Inventory<'a> {
    files: &'a [StoredFile],
    /// The digests that are asked for, with what their names say.
    pub(super) digests: Vec<(usize, DigestName)>,
    /// All other files, by their names.
    by_name: HashMap<String, Vec<usize>>,
}

impl<'a> Inventory<'a> {
    /// What lies among these files.
    pub(super) fn of(files: &'a [StoredFile], options: &Options) -> Self {
        let mut digests = Vec::new();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, file) in files.iter().enumerate() {
            let file_name = file.file_name();
            match DigestName::parse(&file_name) {
                Some(name) if options.takes(&name.account_id, &name.region) => {
                    digests.push((index, name));
                }
                Some(_) => {}
                None if is_beside_a_digest(&file_name) => {}
                None => {
                    by_name.entry(canonical(&file_name).to_string()).or_default().push(index);
                }
            }
        }
        Self { files, digests, by_name }
    }

    /// The files of this object's name: those that can be the object, and those that lie elsewhere.
    pub(super) fn find(&self, object: &Object) -> (Vec<usize>, Vec<usize>) {
        let named = self.by_name.get(canonical(object.file_name()));
        let is_place =
            |index: &usize| self.files.get(*index).is_some_and(|file| file.is_place_of(object));
        named.into_iter().flatten().copied().partition(is_place)
    }

    /// The log files that no mark is on, in the order of their names: each with its index.
    pub(super) fn unmarked(&self, is_marked: &[bool]) -> Vec<(&str, usize)> {
        let mut unmarked: Vec<(&str, usize)> = self
            .by_name
            .iter()
            .flat_map(|(name, files)| files.iter().map(|&index| (name.as_str(), index)))
            .filter(|(_, index)| !is_marked.get(*index).copied().unwrap_or_default())
            .collect();
        unmarked.sort_unstable();
        unmarked
    }

    /// What the name of one of [`unmarked`](Self::unmarked) says.
    pub(super) fn log(name: &str) -> Option<LogName<'_>> {
        LogName::parse(name)
    }
}

/// Whether a file holds what is kept of a digest.
fn is_beside_a_digest(file_name: &str) -> bool {
    let digest = file_name.strip_suffix(SIGNATURE).or_else(|| file_name.strip_suffix(METADATA));
    digest.is_some_and(|name| DigestName::parse(name).is_some())
}
