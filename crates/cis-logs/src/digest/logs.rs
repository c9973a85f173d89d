//! The log files that digests name: each is looked up, and its content hashed.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};

use super::chain::{Examined, Known};
use super::content::{self, ContentError, Hash};
use super::inventory::Inventory;
use super::name::Object;
use super::report::{Finding, Kind};
use super::store::Store;
use super::trust::Trust;

/// A log file as it is to be: in which chain, what its content must be, and how far the digest is to
/// be trusted that names it.
#[derive(Clone, Copy, Debug)]
struct Named<'a> {
    object: &'a Object,
    hash: &'a Hash,
    chain: usize,
    digest: usize,
    is_proved: bool,
}

/// How a log file that is named fares.
#[derive(Debug)]
enum Fate {
    /// A file has the content.
    Whole,
    /// A file is there and is not right: the fault, the file, and what it is.
    Faulty(Kind, usize, String),
    /// No file is there.
    Missing,
    /// A file of the content lies elsewhere.
    Moved(usize),
}

/// What came of the check: the files that digests name, marked.
#[derive(Debug)]
pub(super) struct Checked {
    /// Whether a digest names the file.
    pub(super) is_named: Vec<bool>,
}

/// Checks the log files that the usable digests of the chains name.
pub(super) fn check(
    store: &impl Store,
    known: &Known<'_>,
    inventory: &Inventory<'_>,
    chains: &mut [Examined],
    findings: &mut Vec<Finding>,
) -> Checked {
    let mut checked = Checked { is_named: vec![false; known.files.len()] };
    mark(known, inventory, &mut checked);
    let named = named(known, chains);
    let unproved = |chains: &mut [Examined], one: &Named<'_>| {
        if let Some(chain) = chains.get_mut(one.chain) {
            chain.report.log_files.unproved += 1;
        }
    };
    // What a broken digest says of its log files is not worth anything.
    let (trusted, doubtful): (Vec<_>, Vec<_>) = named
        .into_iter()
        .partition(|one| !matches!(known.trust(one.digest), Some(Trust::Broken(..))));
    for one in &doubtful {
        unproved(chains, one);
    }
    let mut fates: Vec<(Named<'_>, Fate)> =
        trusted.into_par_iter().map(|one| (one, fate(store, known, inventory, &one))).collect();
    look_elsewhere(store, known, inventory, &checked, &mut fates);
    for (one, fate) in fates {
        let Some(chain) = chains.get_mut(one.chain) else { continue };
        let counts = &mut chain.report.log_files;
        let digest = known.name(one.digest);
        let digest = if one.is_proved {
            format!("the digest `{digest}`")
        } else {
            format!("the digest `{digest}`, which is not proved itself,")
        };
        let (kind, file, message) = match fate {
            Fate::Whole if one.is_proved => {
                counts.valid += 1;
                continue;
            }
            Fate::Whole => {
                counts.unproved += 1;
                continue;
            }
            Fate::Missing => {
                counts.missing += 1;
                let message =
                    format!("the log file `{}` is missing, which {digest} names", one.object);
                (Kind::LogMissing, None, message)
            }
            Fate::Moved(file) => {
                counts.invalid += 1;
                if let Some(mark) = checked.is_named.get_mut(file) {
                    *mark = true;
                }
                let place = place(known, file);
                let message = format!(
                    "the log file `{}` was moved to `{place}`; its content is what {digest} names",
                    one.object
                );
                (Kind::LogMoved, Some(place), message)
            }
            Fate::Faulty(kind, file, why) => {
                if kind == Kind::Unreadable {
                    counts.unproved += 1;
                } else {
                    counts.invalid += 1;
                }
                let place = place(known, file);
                let what = match kind {
                    Kind::LogAltered => "names another SHA-256",
                    _ => "names it",
                };
                let message = format!("the log file `{place}`: {why}; {digest} {what}");
                (kind, Some(place), message)
            }
        };
        let mut finding = Finding::new(kind, message).chain(&chain.id).object(one.object);
        finding.file = file;
        if let Some((from, to)) = known.span(one.digest) {
            finding = finding.time(from, to);
        }
        findings.push(finding);
    }
    checked
}

/// Marks the files that any digest names, whichever chain and time it is of.
fn mark(known: &Known<'_>, inventory: &Inventory<'_>, checked: &mut Checked) {
    let marks: Vec<usize> = known
        .digests
        .par_iter()
        .filter_map(|read| read.digest())
        .flat_map_iter(|digest| digest.logs.iter().flat_map(|log| inventory.find(&log.object).0))
        .collect();
    for index in marks {
        if let Some(mark) = checked.is_named.get_mut(index) {
            *mark = true;
        }
    }
}

/// The log files that the usable digests name: each once for a chain, by the most trusted digest.
fn named<'a>(known: &Known<'a>, chains: &[Examined]) -> Vec<Named<'a>> {
    let mut named = Vec::new();
    for (chain, examined) in chains.iter().enumerate() {
        let mut of_chain: BTreeMap<&Object, Named<'_>> = BTreeMap::new();
        for &digest in &examined.usable {
            let Some(content) = known.digests.get(digest).and_then(|read| read.digest()) else {
                continue;
            };
            let is_proved = known.trust(digest) == Some(&Trust::Proved);
            for log in &content.logs {
                let one = Named { object: &log.object, hash: &log.hash, chain, digest, is_proved };
                let best = of_chain.entry(&log.object).or_insert(one);
                if is_proved && !best.is_proved {
                    *best = one;
                }
            }
        }
        named.extend(of_chain.into_values());
    }
    named
}

fn fate(store: &impl Store, known: &Known<'_>, inventory: &Inventory<'_>, one: &Named<'_>) -> Fate {
    let (in_place, _) = inventory.find(one.object);
    let mut fate = Fate::Missing;
    for file in in_place {
        match (hash(store, known, file), &fate) {
            (Ok(hash), _) if hash == *one.hash => return Fate::Whole,
            (Ok(_), Fate::Missing) => {
                fate = Fate::Faulty(Kind::LogAltered, file, "its content was changed".to_string());
            }
            (Err(error), Fate::Missing) => {
                let kind = match error {
                    ContentError::Io(_) => Kind::Unreadable,
                    ContentError::Behind => Kind::LogTrailingData,
                    ContentError::Corrupt | ContentError::TooLarge(_) => Kind::LogCorrupt,
                };
                fate = Fate::Faulty(kind, file, error.to_string());
            }
            _ => {}
        }
    }
    fate
}

/// Looks for the content of log files that are missing in other places: under the same name, and in
/// log files that no digest names.
fn look_elsewhere(
    store: &impl Store,
    known: &Known<'_>,
    inventory: &Inventory<'_>,
    checked: &Checked,
    fates: &mut [(Named<'_>, Fate)],
) {
    if !fates.iter().any(|(_, fate)| matches!(fate, Fate::Missing)) {
        return;
    }
    let unnamed: Vec<usize> =
        inventory.unmarked(&checked.is_named).into_iter().map(|(_, index)| index).collect();
    let hashes: BTreeMap<Hash, usize> = unnamed
        .into_par_iter()
        .filter_map(|file| Some((hash(store, known, file).ok()?, file)))
        .collect();
    for (one, fate) in fates {
        if matches!(fate, Fate::Missing)
            && let Some(&file) = hashes.get(one.hash)
        {
            *fate = Fate::Moved(file);
        }
    }
}

fn hash(store: &impl Store, known: &Known<'_>, file: usize) -> Result<Hash, ContentError> {
    let missing = || ContentError::Io(std::io::ErrorKind::NotFound.into());
    let file = known.files.get(file).ok_or_else(missing)?;
    content::hash(store.open(file).map_err(ContentError::Io)?)
}

fn place(known: &Known<'_>, file: usize) -> String {
    known.files.get(file).map(super::store::StoredFile::place).unwrap_or_default()
}
