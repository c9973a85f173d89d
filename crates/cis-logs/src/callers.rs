//! Who made the requests: each caller with exact counts, in bounded memory.
//!
//! A role has as many sessions as someone opens, so callers cannot all be kept. Where a group, a role's
//! sessions or an account's users, has more callers than the limit, they count together, as `…/*`. Where
//! there are still too many, the limit falls. Both depend on which callers there are and on nothing else,
//! so the counts are the same for every order of the records and every number of threads.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher};

use cis_rules::record::caller::CallerType;
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::delivered::Counts;

/// A caller, or a group of callers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Caller {
    /// What it is.
    pub caller_type: CallerType,
    /// Its ARN; of a caller that has none the service's name, or the account; empty where the records tell
    /// nothing. Of a group, what the names of its callers begin with.
    pub name: Box<str>,
    /// Whether these are several callers, which count together.
    pub is_group: bool,
}

/// Most callers of a group that are told apart, from the first limit on to the last.
const LIMITS: [usize; 4] = [1_000, 100, 10, 0];

/// The most callers that are told apart in all.
const MOST: usize = 50_000;

/// Counts callers.
#[derive(Clone, Debug, Default)]
pub struct Callers {
    hasher: DefaultHashBuilder,
    counted: HashTable<Counted>,
    /// How many callers each group has; one more than the limit stands for more than that.
    groups: BTreeMap<Caller, usize>,
    /// The sum of those.
    weight: usize,
    /// Which limit holds; behind the last one, all callers of a type are one group.
    step: usize,
}

#[derive(Clone, Debug)]
struct Counted {
    hash: u64,
    caller: Caller,
    counts: Counts,
}

impl Callers {
    /// Adds requests of a caller.
    pub(crate) fn add(&mut self, caller_type: CallerType, name: &str, counts: &Counts) {
        let hash = self.hash(caller_type, name);
        let is_it = |counted: &Counted| {
            let Caller { caller_type: its_type, name: its_name, is_group } = &counted.caller;
            !is_group && *its_type == caller_type && **its_name == *name
        };
        if let Some(counted) = self.counted.find_mut(hash, is_it) {
            counted.counts.add(counts);
            return;
        }
        self.add_new(Caller { caller_type, name: name.into(), is_group: false }, counts);
    }

    /// Adds what others counted.
    pub(crate) fn merge(&mut self, other: Self) {
        while self.step < other.step {
            self.lower();
        }
        for Counted { caller, counts, .. } in other.counted {
            if caller.is_group {
                let group = self.group(&caller);
                self.put_together(group, &counts);
            } else {
                self.add(caller.caller_type, &caller.name, &counts);
            }
        }
        self.keep_within();
    }

    /// The callers with their counts, those of most events first.
    #[must_use]
    pub fn most(&self) -> Vec<(Caller, Counts)> {
        let mut all: Vec<_> =
            self.counted.iter().map(|it| (it.caller.clone(), it.counts)).collect();
        all.sort_unstable_by(|(one, of_one), (other, of_other)| {
            (of_other.events, one).cmp(&(of_one.events, other))
        });
        all
    }

    fn hash(&self, caller_type: CallerType, name: &str) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(name.as_bytes());
        hasher.write_u8(caller_type as u8);
        hasher.finish()
    }

    fn limit(&self) -> usize {
        LIMITS.get(self.step).copied().unwrap_or(0)
    }

    /// The group of a caller, or of a group of an earlier limit.
    fn group(&self, caller: &Caller) -> Caller {
        let end = match self.step {
            step if step >= LIMITS.len() => 0,
            _ => caller.name.rfind(['/', ':']).map_or(0, |at| at + 1),
        };
        let name = caller.name.get(..end).unwrap_or_default().into();
        Caller { caller_type: caller.caller_type, name, is_group: true }
    }

    #[cold]
    fn add_new(&mut self, caller: Caller, counts: &Counts) {
        let group = self.group(&caller);
        let limit = self.limit();
        let size = self.groups.entry(group.clone()).or_insert(0);
        if *size > limit {
            self.put(group, counts);
            return;
        }
        *size += 1;
        self.weight += 1;
        if *size > limit {
            self.put_together(group.clone(), &Counts::default());
            self.put(group, counts);
        } else {
            self.put(caller, counts);
        }
        self.keep_within();
    }

    /// Makes one of all callers of a group, and adds counts to it.
    fn put_together(&mut self, group: Caller, counts: &Counts) {
        let size = self.groups.entry(group.clone()).or_insert(0);
        let most = LIMITS.get(self.step).copied().unwrap_or(0) + 1;
        self.weight = self.weight - *size + most;
        *size = most;
        let mut sum = *counts;
        let gone: Vec<Counted> = {
            let is_of_group = |counted: &mut Counted| {
                !counted.caller.is_group
                    && counted.caller.caller_type == group.caller_type
                    && is_in(&counted.caller.name, &group.name, self.step)
            };
            self.counted.extract_if(is_of_group).collect()
        };
        gone.iter().for_each(|counted| sum.add(&counted.counts));
        self.put(group, &sum);
    }

    /// Adds counts to exactly this caller or group.
    fn put(&mut self, caller: Caller, counts: &Counts) {
        let hash = self.hash(caller.caller_type, &caller.name);
        let is_it = |counted: &Counted| counted.caller == caller;
        if let Some(counted) = self.counted.find_mut(hash, is_it) {
            counted.counts.add(counts);
            return;
        }
        self.counted.insert_unique(hash, Counted { hash, caller, counts: *counts }, |it| it.hash);
    }

    fn keep_within(&mut self) {
        while self.weight > MOST && self.step < LIMITS.len() {
            self.lower();
        }
    }

    /// Takes the next limit.
    fn lower(&mut self) {
        let counted = std::mem::take(&mut self.counted);
        let sizes = std::mem::take(&mut self.groups);
        self.weight = 0;
        self.step += 1;
        let most = self.limit() + 1;
        for (group, size) in sizes {
            let group = self.group(&group);
            *self.groups.entry(group).or_insert(0) += size;
        }
        for size in self.groups.values_mut() {
            *size = (*size).min(most);
            self.weight += *size;
        }
        for Counted { caller, counts, .. } in counted {
            let group = self.group(&caller);
            let is_whole = self.groups.get(&group).is_some_and(|size| *size >= most);
            self.put(if is_whole { group } else { caller }, &counts);
        }
    }
}

/// Whether a name is of a group.
fn is_in(name: &str, group: &str, step: usize) -> bool {
    let rest = name.strip_prefix(group);
    rest.is_some_and(|rest| step >= LIMITS.len() || !rest.contains(['/', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Counts {
        Counts { events: 1, ..Counts::default() }
    }

    /// The callers of some roles with so many sessions each, and some users, counted in parts.
    fn counted(roles: usize, sessions: usize, parts: usize, is_reversed: bool) -> Callers {
        let mut names: Vec<String> = (0..roles)
            .flat_map(|role| {
                (0..sessions).map(move |session| {
                    format!("arn:aws:sts::111122223333:assumed-role/r{role}/s{session}")
                })
            })
            .chain((0..3).map(|user| format!("arn:aws:iam::111122223333:user/u{user}")))
            .collect();
        if is_reversed {
            names.reverse();
        }
        let mut all: Vec<Callers> = (0..parts).map(|_| Callers::default()).collect();
        for (index, name) in names.iter().enumerate() {
            for part in [index % parts, (index + 1) % parts] {
                all[part].add(CallerType::AssumedRole, name, &one());
            }
        }
        let mut whole = Callers::default();
        all.into_iter().for_each(|part| whole.merge(part));
        whole
    }

    #[test]
    fn callers_are_the_same_for_every_order_and_number_of_parts() {
        for (roles, sessions, told) in
            [(3, 5, 18), (2, 1_000, 2_003), (2, 1_001, 5), (60, 900, 63), (60_000, 1, 1)]
        {
            let expected = counted(roles, sessions, 1, false).most();
            let events: u64 = expected.iter().map(|(_, counts)| counts.events).sum();
            assert_eq!(events, 2 * (roles * sessions + 3) as u64);
            assert_eq!(expected.len(), told, "{roles} roles of {sessions} sessions");
            for (parts, is_reversed) in [(2, false), (3, true), (1, true)] {
                let other = counted(roles, sessions, parts, is_reversed).most();
                assert_eq!(other, expected, "{roles} roles of {sessions} sessions, {parts}");
            }
        }
    }

    #[test]
    fn the_callers_of_most_events_come_first() {
        let mut callers = Callers::default();
        for (name, events) in [("b", 2), ("a", 2), ("c", 9)] {
            let counts = Counts { events, ..Counts::default() };
            callers.add(CallerType::AwsService, name, &counts);
        }
        let names: Vec<_> =
            callers.most().into_iter().map(|(caller, _)| caller.name.to_string()).collect();
        assert_eq!(names, ["c", "a", "b"]);
    }
}
