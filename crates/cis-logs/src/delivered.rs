//! What was delivered: S3's data events by bucket, event, kind, caller and day.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher};

use cis_records::Level;
use cis_rules::question::Kind;
use cis_rules::record::caller::CallerType;
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::callers::Callers;
use crate::{Accumulator, LogFile, LogRecord, Time};

/// How many events there are, and what is told of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events.
    pub events: u64,
    /// Those that ended with an error.
    pub errors: u64,
    /// Those that callers of other accounts, or of none, made.
    pub foreign: u64,
    /// Bytes that requests brought, as far as the records tell.
    pub bytes_in: u64,
    /// Bytes that responses brought, as far as the records tell.
    pub bytes_out: u64,
}

impl Counts {
    /// Adds others.
    pub const fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.errors += other.errors;
        self.foreign += other.foreign;
        self.bytes_in = self.bytes_in.saturating_add(other.bytes_in);
        self.bytes_out = self.bytes_out.saturating_add(other.bytes_out);
    }
}

/// What kind of events are counted together, in one bucket.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sort {
    /// `eventName`.
    pub event_name: String,
    /// Read or write; `None` where nothing tells.
    pub kind: Option<Kind>,
    /// What the callers are.
    pub caller_type: CallerType,
}

/// The events of one bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// By event, kind and caller.
    pub by_sort: BTreeMap<Sort, Counts>,
    /// By the day of the event; `None` where the record tells no time.
    pub by_day: BTreeMap<Option<Time>, Counts>,
}

impl Bucket {
    /// All events of the bucket.
    #[must_use]
    pub fn whole(&self) -> Counts {
        let mut whole = Counts::default();
        self.by_day.values().for_each(|counts| whole.add(counts));
        whole
    }
}

/// Counts S3's data events.
#[derive(Clone, Debug, Default)]
pub struct Delivered {
    hasher: DefaultHashBuilder,
    buckets: HashTable<Counting>,
    callers: Callers,
}

/// One bucket while it is counted: few sorts and days, which are looked through.
#[derive(Clone, Debug)]
struct Counting {
    hash: u64,
    /// `None` for events that name no bucket.
    name: Option<Box<str>>,
    sorts: Vec<(Sort, Counts)>,
    days: Vec<(Option<Time>, Counts)>,
}

impl Delivered {
    /// The events by bucket; `None` where the records name none.
    #[must_use]
    pub fn buckets(&self) -> BTreeMap<Option<String>, Bucket> {
        self.buckets
            .iter()
            .map(|counting| {
                let bucket = Bucket {
                    by_sort: counting.sorts.iter().cloned().collect(),
                    by_day: counting.days.iter().copied().collect(),
                };
                (counting.name.as_deref().map(String::from), bucket)
            })
            .collect()
    }

    /// Who made them.
    #[must_use]
    pub const fn callers(&self) -> &Callers {
        &self.callers
    }

    fn of(&mut self, name: Option<&str>) -> &mut Counting {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(name.unwrap_or_default().as_bytes());
        let hash = hasher.finish();
        let is_it = |counting: &Counting| counting.name.as_deref() == name;
        self.buckets
            .entry(hash, is_it, |counting| counting.hash)
            .or_insert_with(|| Counting {
                hash,
                name: name.map(Box::from),
                sorts: Vec::new(),
                days: Vec::new(),
            })
            .into_mut()
    }
}

impl Counting {
    fn of_sort(
        &mut self,
        event_name: &str,
        kind: Option<Kind>,
        caller_type: CallerType,
    ) -> &mut Counts {
        let is_it = |sort: &Sort| {
            sort.kind == kind && sort.caller_type == caller_type && sort.event_name == event_name
        };
        let index = match self.sorts.iter().position(|(sort, _)| is_it(sort)) {
            // What comes often moves to the front.
            Some(index) if index > 0 => {
                self.sorts.swap(index, index - 1);
                index - 1
            }
            Some(index) => index,
            None => {
                let event_name = event_name.to_string();
                self.sorts.push((Sort { event_name, kind, caller_type }, Counts::default()));
                self.sorts.len() - 1
            }
        };
        &mut self.sorts[index].1
    }

    fn of_day(&mut self, day: Option<Time>) -> &mut Counts {
        // Files come by the day, so the day is mostly the last that was added.
        let found = self.days.iter().rposition(|(other, _)| *other == day);
        let index = found.unwrap_or_else(|| {
            self.days.push((day, Counts::default()));
            self.days.len() - 1
        });
        &mut self.days[index].1
    }
}

impl Accumulator for Delivered {
    fn absorb(&mut self, _file: &LogFile, record: &LogRecord<'_>) {
        if !record.is_of_objects() {
            return;
        }
        let (bytes_in, bytes_out) = record.bytes_transferred();
        let errors = u64::from(record.error_code().is_some());
        let mut counts = Counts { events: 1, errors, foreign: 0, bytes_in, bytes_out };
        let caller_type = record.with_caller(|caller, name| {
            counts.foreign = u64::from(caller.is_foreign);
            self.callers.add(caller.caller_type, name, &counts);
            caller.caller_type
        });
        let counting = self.of(record.bucket().as_deref());
        let name = record.event_name().unwrap_or_default();
        let kind = record.kind(Level::Object);
        counting.of_sort(name, kind, caller_type).add(&counts);
        counting.of_day(record.time().map(Time::day)).add(&counts);
    }

    fn merge(&mut self, other: Self) {
        self.callers.merge(other.callers);
        for theirs in other.buckets {
            let ours = self.of(theirs.name.as_deref());
            for (sort, counts) in theirs.sorts {
                ours.of_sort(&sort.event_name, sort.kind, sort.caller_type).add(&counts);
            }
            for (day, counts) in theirs.days {
                ours.of_day(day).add(&counts);
            }
        }
    }
}
