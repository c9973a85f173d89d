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

/// What was seen so far.
#[derive(Debug)]
pub(crate) struct Seen {
    hasher: DefaultHashBuilder,
    slots: Mutex<BTreeMap<i64, Arc<Slot>>>,
    /// Whether nothing is forgotten, since some files do not tell when they were delivered.
    is_endless: bool,
}

/// The texts of the events of one slot, as 64 bits of each.
type Slot = Mutex<Hashes>;

/// What becomes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Nobody asks for it.
    NotAsked,
    /// It is the first of its text, or nothing tells.
    First,
    /// Its text was seen before.
    Copy,
    /// It is still to be looked up.
    Open {
        /// What stands for its text.
        hash: u64,
        /// The slot of its event.
        slot: i64,
    },
}

impl Sight {
    const fn open_slot(&self) -> Option<i64> {
        match self {
            Self::Open { slot, .. } => Some(*slot),
            _ => None,
        }
    }
}

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

    /// What is to be looked up of a record.
    pub(crate) fn question(&self, text: &[u8], event: Option<Time>, is_late: bool) -> Sight {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(text);
        let slot = match event {
            Some(event) if !is_late && !self.is_endless => slot(event),
            _ => FOREVER,
        };
        Sight::Open { hash: hasher.finish(), slot }
    }

    /// Looks records up, and remembers them.
    ///
    /// Those of a slot come one after the other: with a lock for each, the processor would wait for the
    /// memory of one before it asks for that of the next.
    pub(crate) fn look(&self, sights: &mut [Sight]) {
        while let Some(slot) = sights.iter().find_map(Sight::open_slot) {
            let found = self.slot(slot);
            let mut hashes = found.lock().unwrap_or_else(PoisonError::into_inner);
            for sight in &mut *sights {
                if let Sight::Open { hash, slot: its } = *sight
                    && its == slot
                {
                    *sight = if hashes.has(hash) { Sight::Copy } else { Sight::First };
                }
            }
        }
    }

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

    /// Memory is that of the events of two hours, and of those that came late.
    #[test]
    fn what_came_promptly_is_forgotten_in_time_and_nothing_else() {
        let event = Time::from_seconds(1_700_000_000);
        let is_new = |seen: &Seen, text: &[u8], is_late| {
            let mut sights = [seen.question(text, Some(event), is_late)];
            seen.look(&mut sights);
            sights == [Sight::First]
        };
        for (is_endless, prompt_is_new_again) in [(false, true), (true, false)] {
            let seen = Seen::new(is_endless);
            assert!(is_new(&seen, b"prompt", false) && is_new(&seen, b"late", true));
            seen.forget_before(event.plus(WINDOW));
            assert!(!is_new(&seen, b"prompt", false) && !is_new(&seen, b"late", true));
            seen.forget_before(event.plus(WINDOW + SLOT));
            assert_eq!(is_new(&seen, b"prompt", false), prompt_is_new_again);
            assert!(!is_new(&seen, b"late", true));
        }
    }

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
