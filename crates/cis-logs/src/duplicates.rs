//! Each event once, with memory that does not grow with the number of files.
//!
//! Two trails that deliver into one bucket write every event that both take twice, in two files. Copies
//! are the same text, `eventID` and all. A record that has another's `eventID` and a different text is no
//! copy: dropping it would let whoever can write to the bucket hide a record behind another.
//!
//! What was seen is remembered for [`WINDOW`] after the event's own time. A file that was delivered
//! within that time of its events is *prompt*, and its copies are found whatever the order of files and
//! threads; so an entry can go once every file that is still to come was delivered later. Records that
//! were delivered later than that are remembered to the end, apart: their copies are found among
//! themselves, and [`Tally::late`](crate::Tally) counts them.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::DefaultHashBuilder;

use crate::Time;

/// How long after its own time an event is remembered: 2 hours, in seconds. In one lab's logs copies
/// came at most 10 minutes apart, and files at most 11 minutes after their events.
pub(crate) const WINDOW: i64 = 2 * 3_600;

/// Events are remembered, and forgotten, by quarters of an hour.
const SLOT: i64 = 900;

/// The slot of what is never forgotten.
const FOREVER: i64 = i64::MAX;

/// How many parts a slot has, so that threads seldom wait for one another.
const PARTS: usize = 16;

/// What was seen so far.
#[derive(Debug)]
pub(crate) struct Seen {
    hasher: DefaultHashBuilder,
    slots: Mutex<BTreeMap<i64, Arc<Slot>>>,
    /// Whether nothing is forgotten, since some files do not tell when they were delivered.
    is_endless: bool,
}

/// The texts of the events of one slot, as 64 bits of each.
#[derive(Debug, Default)]
struct Slot([Mutex<Hashes>; PARTS]);

/// A set of hashes. Each is in the line of memory that its own bits say, or behind it where that is full:
/// a look reads one line, and does the same whatever stands there.
#[derive(Debug, Default)]
struct Hashes {
    /// A power of two many lines; none where there is no hash.
    lines: Vec<Line>,
    count: usize,
}

/// Hashes that are read from memory at once, from its start on; 0 stands for none.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Line([u64; 8]);

impl Line {
    fn has(&self, hash: u64) -> bool {
        let Self(places) = self;
        places.iter().fold(false, |has, place| has | (*place == hash))
    }

    /// Adds one; whether there was a place.
    fn add(&mut self, hash: u64) -> bool {
        let Self(places) = self;
        let used: usize = places.iter().map(|place| usize::from(*place != 0)).sum();
        let place = places.get_mut(used);
        place.is_some_and(|place| {
            *place = hash;
            true
        })
    }
}

impl Hashes {
    /// Adds one; whether it was there.
    fn has(&mut self, hash: u64) -> bool {
        let hash = hash.max(1);
        // Three quarters full: most lines still have a place.
        if self.count >= self.lines.len() * 6 {
            self.grow();
        }
        let has = self.add(hash);
        self.count += usize::from(!has);
        has
    }

    fn add(&mut self, hash: u64) -> bool {
        let mask = self.lines.len().wrapping_sub(1);
        let mut at = usize::try_from(hash & 0xFFFF_FFFF).unwrap_or(0) & mask;
        while let Some(line) = self.lines.get_mut(at) {
            if line.has(hash) {
                return true;
            }
            if line.add(hash) {
                return false;
            }
            at = (at + 1) & mask;
        }
        false
    }

    fn grow(&mut self) {
        let larger = vec![Line::default(); (self.lines.len() * 2).max(8)];
        for Line(places) in std::mem::replace(&mut self.lines, larger) {
            for hash in places.into_iter().filter(|hash| *hash != 0) {
                self.add(hash);
            }
        }
    }
}

/// What one thread sees. It keeps the two slots that it used last, for the events of a file are of some
/// minutes and in no order.
#[derive(Debug)]
pub(crate) struct Sight<'a> {
    seen: &'a Seen,
    last: Option<(i64, Arc<Slot>)>,
    before: Option<(i64, Arc<Slot>)>,
}

impl Seen {
    pub(crate) fn new(is_endless: bool) -> Self {
        let (hasher, slots) = (DefaultHashBuilder::default(), Mutex::default());
        Self { hasher, slots, is_endless }
    }

    /// Forgets what no file that was delivered at this time or later can hold promptly.
    pub(crate) fn forget_before(&self, delivered: Time) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        *slots = slots.split_off(&slot(delivered.plus(-WINDOW)));
    }
}

impl<'a> Sight<'a> {
    pub(crate) const fn new(seen: &'a Seen) -> Self {
        Self { seen, last: None, before: None }
    }

    /// Looks a record up, and remembers it; whether it was seen before.
    pub(crate) fn is_copy(&mut self, text: &[u8], event: Option<Time>, is_late: bool) -> bool {
        let mut hasher = self.seen.hasher.build_hasher();
        hasher.write(text);
        let hash = hasher.finish();
        let slot = match event {
            Some(event) if !is_late && !self.seen.is_endless => slot(event),
            _ => FOREVER,
        };
        let Slot(parts) = self.slot(slot);
        // The table takes the lower bits.
        let part = usize::try_from(hash >> 32).unwrap_or(0) % PARTS;
        let Some(part) = parts.get(part) else { return false };
        let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
        part.has(hash)
    }

    fn slot(&mut self, slot: i64) -> &Slot {
        if !matches!(self.last, Some((last, _)) if last == slot) {
            std::mem::swap(&mut self.last, &mut self.before);
        }
        if !matches!(self.last, Some((last, _)) if last == slot) {
            self.last = None;
        }
        let (_, found) = self.last.get_or_insert_with(|| (slot, self.seen.slot(slot)));
        found
    }
}

impl Seen {
    fn slot(&self, slot: i64) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(slot).or_default())
    }
}

/// Whether a record was delivered so long after, or before, its event that it is remembered apart.
pub(crate) fn is_late(event: Option<Time>, delivered: Option<Time>) -> bool {
    match (event, delivered) {
        (Some(event), Some(delivered)) => {
            (delivered.seconds() - event.seconds()).abs() > WINDOW - SLOT
        }
        (None, Some(_)) => true,
        (_, None) => false,
    }
}

const fn slot(time: Time) -> i64 {
    time.seconds().div_euclid(SLOT)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_hash_is_there_once_it_was_added(
            hashes in prop::collection::vec(prop_oneof![any::<u64>(), 0..300_u64, Just(u64::MAX)], 0..2_000)
        ) {
            let (mut set, mut model) = (Hashes::default(), BTreeSet::new());
            for hash in hashes {
                prop_assert_eq!(set.has(hash), !model.insert(hash.max(1)), "{}", hash);
            }
        }
    }
}
