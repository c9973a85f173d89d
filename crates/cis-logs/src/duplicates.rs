//! Each event once, with memory that does not grow with the number of files.
//!
//! Two trails that deliver into one bucket write every event that both take twice, in two files. Copies
//! have the same `eventID` and the same text. A record that has another's `eventID` and a different text
//! is kept: dropping it would let whoever can write to the bucket hide a record behind another.
//!
//! What was seen is remembered for [`WINDOW`] after the event's own time. A file that was delivered
//! within that time of its events is *prompt*, and its copies are found whatever the order of files and
//! threads; so an entry can go once every file that is still to come was delivered later. Records that
//! were delivered later than that are remembered to the end, apart: their copies are found among
//! themselves, and [`Tally::late`](crate::Tally) counts them.

use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, PoisonError};

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::Time;

/// How long after its own time an event is remembered: 2 hours, in seconds. In one lab's logs copies
/// came at most 10 minutes apart, and files at most 11 minutes after their events.
pub(crate) const WINDOW: i64 = 2 * 3_600;

/// Entries are forgotten by quarters of an hour.
const SLOT: i64 = 900;

/// How many parts the memory has, so that threads seldom wait for one another.
const SHARDS: usize = 64;

/// What is remembered of a record.
#[derive(Clone, Copy, Debug)]
struct Entry {
    id: u64,
    text: u32,
    /// The slot of the event's time; [`FOREVER`] for what is never forgotten.
    slot: u32,
}

const FOREVER: u32 = u32::MAX;

/// What was seen so far.
#[derive(Debug)]
pub(crate) struct Seen {
    hasher: DefaultHashBuilder,
    shards: Vec<Mutex<HashTable<Entry>>>,
    /// Whether nothing is forgotten, since some files do not tell when they were delivered.
    is_endless: bool,
}

/// What a record is among those that were seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// The first of its event.
    First,
    /// A copy of one that was seen.
    Copy,
    /// Another text with the `eventID` of one that was seen.
    Conflict,
}

impl Seen {
    pub(crate) fn new(is_endless: bool) -> Self {
        let shards = std::iter::repeat_with(Mutex::default).take(SHARDS).collect();
        Self { hasher: DefaultHashBuilder::default(), shards, is_endless }
    }

    /// Whether a record that was delivered at this time, or of which that is not known, is late.
    pub(crate) fn is_late(&self, event: Option<Time>, delivered: Option<Time>) -> bool {
        match (event, delivered) {
            (Some(event), Some(delivered)) => {
                (delivered.seconds() - event.seconds()).abs() > WINDOW - SLOT
            }
            (None, Some(_)) => true,
            (_, None) => false,
        }
    }

    /// Looks a record up, and remembers it.
    pub(crate) fn see(&self, id: &[u8], text: &[u8], event: Option<Time>, is_late: bool) -> Sight {
        let id = self.hash(id);
        let text = self.hash(text);
        let slot = match event {
            Some(event) if !is_late && !self.is_endless => slot(event),
            _ => FOREVER,
        };
        let entry = Entry { id, text: (text >> 32) as u32, slot };
        let shard = usize::try_from(id % SHARDS as u64).unwrap_or(0);
        let Some(shard) = self.shards.get(shard) else { return Sight::First };
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |other: &Entry| (other.id, other.slot) == (entry.id, entry.slot);
        let is_copy = |other: &Entry| same(other) && other.text == entry.text;
        if shard.find(id, is_copy).is_some() {
            return Sight::Copy;
        }
        let has_conflict = shard.find(id, same).is_some();
        shard.insert_unique(id, entry, |entry| entry.id);
        if has_conflict { Sight::Conflict } else { Sight::First }
    }

    /// Forgets what no file that was delivered at this time or later can hold promptly.
    pub(crate) fn forget_before(&self, delivered: Time) {
        let oldest = slot(delivered.plus(-WINDOW));
        for shard in &self.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard.retain(|entry| entry.slot >= oldest);
        }
    }

    fn hash(&self, bytes: &[u8]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(bytes);
        hasher.finish()
    }
}

fn slot(time: Time) -> u32 {
    u32::try_from(time.seconds().div_euclid(SLOT)).unwrap_or(0)
}
