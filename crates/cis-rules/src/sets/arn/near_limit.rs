//! Which cells of object ARNs have a member, where starts and ends come near the longest key.
//!
//! A key has at most 1,024 bytes. A start and an end that leave three bytes or more between them
//! always have a member: there are more characters of three bytes than any account compares with. With
//! less room, every middle is tried.

use alloc::string::String;
use alloc::vec::Vec;

use super::object_arns::{ObjectArnPartition, split_object};
use crate::sets::affixes::Affixes;
use crate::sets::partition::Singleton;
use crate::spec::scope::LONGEST_KEY;

/// A cell of object ARNs.
pub(in crate::sets) struct NearLimit<'p, 'a> {
    pub(in crate::sets) objects: &'p ObjectArnPartition<'a>,
    pub(in crate::sets) rows: &'p Affixes<'a>,
    pub(in crate::sets) columns: &'p Affixes<'a>,
    pub(in crate::sets) points: &'p [Singleton<'a>],
    pub(in crate::sets) row: usize,
    pub(in crate::sets) column: usize,
}

/// What was found of a cell's members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sets) enum Found {
    /// One of them.
    Example(String),
    /// There is none.
    Nothing,
    /// There may be some: a bucket's name is part of the end, and not every name was tried.
    Unknown,
}

/// The most bytes of a middle that is tried exhaustively.
const SMALL: usize = 2;

impl NearLimit<'_, '_> {
    /// Whether start and end leave so many bytes between them that there is a member.
    pub(in crate::sets) fn has_room(&self) -> bool {
        let texts = (self.rows.texts().get(self.row), self.columns.texts().get(self.column));
        let (Some(start), Some(end)) = texts else { return false };
        let key = start.split_once('/').map_or(0, |(_, key)| key.len());
        key + end.len() + SMALL < LONGEST_KEY
    }

    /// A member of the cell.
    pub(in crate::sets) fn find(&self) -> Found {
        let texts = (self.rows.texts().get(self.row), self.columns.texts().get(self.column));
        let (Some(start), Some(end)) = texts else { return Found::Nothing };
        let stem = if start.contains('/') {
            Some(String::from(*start))
        } else {
            self.objects.free_bucket(start)
        };
        let within = stem.and_then(|stem| self.after(&stem, end));
        if let Some(example) = within {
            return Found::Example(example);
        }
        if start.contains('/') {
            return Found::Nothing;
        }
        self.across(start, end)
    }

    fn has(&self, text: &str) -> bool {
        let is_object =
            split_object(self.objects.header(), text).is_some_and(|(_, key)| !key.is_empty());
        let is_text = |point: &Singleton<'_>| point.text.as_deref().cmp(&Some(text));
        is_object
            && self.rows.longest(text) == Some(self.row)
            && self.columns.longest(text) == Some(self.column)
            && self.points.binary_search_by(is_text).is_err()
    }

    /// A member that starts with a bucket, a slash and a part of a key.
    fn after(&self, stem: &str, end: &str) -> Option<String> {
        let key = stem.split_once('/').map_or(0, |(_, key)| key.len());
        // Where the end overlaps the stem, or stands right behind it.
        let least = (key + end.len()).saturating_sub(LONGEST_KEY);
        let most = end.len().min(stem.len());
        let overlaps = (least..=most).filter(|at| end.is_char_boundary(*at)).rev();
        let overlapping = overlaps.filter_map(|at| {
            let (shared, rest) = end.split_at(at);
            stem.ends_with(shared).then(|| [stem, rest].concat())
        });
        if let Some(found) = overlapping.into_iter().find(|text| self.has(text)) {
            return Some(found);
        }
        let room = LONGEST_KEY.checked_sub(key + end.len())?;
        self.middles(stem, end, room)
            .map(|middle| [stem, &middle, end].concat())
            .find(|text| self.has(text))
    }

    /// Middles that leave the longer starts and ends: readable ones first, then all that are short.
    fn middles(&self, stem: &str, end: &str, room: usize) -> impl Iterator<Item = String> {
        let next = |texts: &[&str]| -> Vec<char> {
            texts.iter().filter_map(|text| text.strip_prefix(stem)?.chars().next()).collect()
        };
        let mut taken = next(self.rows.texts());
        let points = self.points.iter().filter_map(|point| point.text.as_deref());
        taken.extend(next(&points.collect::<Vec<_>>()));
        let ends = self.columns.texts().iter();
        let before = ends.filter_map(|text| text.strip_suffix(end)?.chars().next_back());
        taken.extend(before);
        let ranges = ['a'..='z', '!'..='~', '\u{a1}'..='\u{7ff}', '\u{800}'..='\u{d7ff}'];
        let free = ranges.into_iter().filter_map(move |mut range| {
            range.find(|character| !taken.contains(character)).map(String::from)
        });
        let free: Vec<String> = free.collect();
        let with_filler: Vec<String> = free
            .iter()
            .flat_map(|free| ["data", "d", "dd"].map(|middle| [free, middle, free].concat()))
            .collect();
        let few = move |middle: &String| middle.len() <= room;
        let short = (room <= SMALL).then(|| short_texts(room)).into_iter().flatten();
        with_filler.into_iter().chain(free).filter(few).chain(short)
    }

    /// A member of which the bucket's slash is one of the end's.
    fn across(&self, start: &str, end: &str) -> Found {
        let mut is_unknown = false;
        for (at, _) in end.match_indices('/') {
            let (name, key) = end.split_at(at);
            if key.len() > LONGEST_KEY + 1 {
                continue;
            }
            let bucket = match name.rsplit_once(':') {
                // The end holds the whole name and the end of what stands before it.
                Some((head, name)) if self.objects.header().ends_with(&[head, ":"].concat()) => {
                    Some(String::from(name))
                }
                Some(_) => None,
                None => self.objects.bucket_between(start, name),
            };
            if let Some(bucket) = bucket {
                let text = [self.objects.header(), &bucket, key].concat();
                if self.has(&text) {
                    return Found::Example(text);
                }
                is_unknown |= !name.contains(':');
            }
        }
        if is_unknown { Found::Unknown } else { Found::Nothing }
    }
}

/// All texts of at most so many bytes, two at the most.
fn short_texts(room: usize) -> impl Iterator<Item = String> {
    let ascii = || (0..128_u8).map(char::from);
    let one = ascii().take(if room >= 1 { 128 } else { 0 }).map(String::from);
    let both = if room >= 2 { 128 } else { 0 };
    let two = ascii().take(both).flat_map(move |first| {
        ascii().map(move |second| [first, second].into_iter().collect::<String>())
    });
    let wide = ('\u{80}'..='\u{7ff}').take(if room >= 2 { 1920 } else { 0 }).map(String::from);
    one.chain(wide).chain(two)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::selector::Operator;
    use crate::sets::{Comparisons, Language, Partition};

    const HEADER: &str = "arn:aws:s3:::";

    fn with<'a>(comparisons: &[(Operator, &'a str)]) -> Partition<'a> {
        let mut all = Comparisons::default();
        for (operator, value) in comparisons {
            all.add(*operator, [*value]);
        }
        Partition::new(Language::Objects(HEADER), all)
    }

    #[test]
    fn a_start_beyond_the_longest_key_takes_nothing() {
        for (length, is_taken) in [(1023, true), (1024, true), (1025, false)] {
            let start = [HEADER, "payroll/", &"k".repeat(length)].concat();
            let partition = with(&[(Operator::StartsWith, &start)]);
            let taken = partition.starting_with_any([start.as_str()]);
            assert_eq!(!taken.is_empty(), is_taken, "{length}");
            let contains = partition.contains(&partition.all(), Some(&start));
            assert_eq!(contains, is_taken, "{length}");
            assert_eq!(partition.contains(&taken, Some(&start)), is_taken, "{length}");
        }
    }

    #[test]
    fn one_byte_of_room_can_be_used_up() {
        let stem = [HEADER, "payroll/", &"k".repeat(1023)].concat();
        let all: Vec<String> =
            (0..128_u8).map(|byte| [&stem[..], &String::from(char::from(byte))].concat()).collect();
        let mut comparisons: Vec<(Operator, &str)> =
            all.iter().map(|text| (Operator::StartsWith, text.as_str())).collect();
        comparisons.push((Operator::StartsWith, &stem));
        let partition = with(&comparisons);
        let rest = |partition: &Partition<'_>, texts: &[String]| {
            let whole = partition.starting_with_any([stem.as_str()]);
            whole.minus(&partition.starting_with_any(texts.iter().map(String::as_str)))
        };
        // The stem itself is left.
        assert!(!rest(&partition, &all).is_empty());
        comparisons.push((Operator::Equals, &stem));
        let partition = with(&comparisons);
        let without_stem = rest(&partition, &all).minus(&partition.equal_to_any([stem.as_str()]));
        assert!(without_stem.is_empty(), "{without_stem:?}");
        let but_one = rest(&partition, &all[1..]).minus(&partition.equal_to_any([stem.as_str()]));
        assert!(!but_one.is_empty());
    }

    #[test]
    fn an_end_that_no_key_can_have_takes_nothing() {
        for (length, is_taken) in [(1020, true), (1024, true), (1025, false)] {
            let end = "e".repeat(length);
            let partition = with(&[(Operator::EndsWith, &end)]);
            let condition = crate::aws::selector::Condition {
                operator: Operator::EndsWith,
                values: alloc::vec![end.clone()],
            };
            assert_eq!(!partition.meeting_any([&condition]).is_empty(), is_taken, "{length}");
        }
    }
}
