//! Describes regions of lost records in words.

mod objects;

use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::sets::region::{Axis, Region, Space};
use crate::sets::{AffixRange, Partition, StringSet};
use crate::spec::question::Kind;

/// The most texts that one list spells out.
const MOST: usize = 6;

/// A region of lost records as a noun phrase: `DeleteObject in any bucket whose name starts with …`.
#[must_use]
pub(crate) fn region(space: &Space<'_>, scope: &Region, region: &Region, kind: Kind) -> String {
    let is_whole = |axis| region.agrees(scope, axis);
    let mut sentence = if is_whole(Axis::NAME) {
        ["every ", kind.name(), " event"].concat()
    } else {
        events(space.on(Axis::NAME), scope.on(Axis::NAME), region.on(Axis::NAME), kind)
    };
    sentence.push(' ');
    sentence.push_str(&objects::place(
        space.on(Axis::ARN),
        scope.on(Axis::ARN),
        region.on(Axis::ARN),
    ));
    for axis in Axis::ALL.into_iter().filter(|axis| ![Axis::ARN, Axis::NAME].contains(axis)) {
        if !is_whole(axis) {
            let values = values(space.on(axis), scope.on(axis), region.on(axis));
            sentence.extend([", with ", axis.name(), " ", &values]);
        }
    }
    sentence
}

/// The values of one axis in a set, as far as they are in the scope.
#[must_use]
pub(crate) fn axis_values(
    space: &Space<'_>,
    scope: &Region,
    axis: Axis,
    set: &StringSet,
) -> String {
    let (partition, scope) = (space.on(axis), scope.on(axis));
    match axis {
        Axis::ARN => objects::place(partition, scope, set),
        _ => values(partition, scope, set),
    }
}

fn events(partition: &Partition<'_>, scope: &StringSet, set: &StringSet, kind: Kind) -> String {
    let described = Description::of(partition, scope, set);
    match described {
        Description { starts, single, .. } if starts.is_empty() => {
            list(&single, "and", Clone::clone)
        }
        other => ["every ", kind.name(), " event with a name ", &other.phrase(quoted)].concat(),
    }
}

fn values(partition: &Partition<'_>, scope: &StringSet, set: &StringSet) -> String {
    let mut phrase = Description::of(partition, scope, set).phrase(quoted);
    let absent = partition.absent();
    if !absent.is_empty() && absent.is_subset(set) {
        if phrase.is_empty() {
            phrase = "absent".to_string();
        } else {
            phrase.push_str(", or absent");
        }
    } else if !absent.is_empty() && phrase.is_empty() {
        phrase = "present".to_string();
    }
    if phrase.is_empty() { "of any value".to_string() } else { phrase }
}

fn quoted(text: &str) -> String {
    ["`", text, "`"].concat()
}

/// `a`, `b` and `c`, cut after the first few.
fn list<T>(items: &[T], word: &str, show: impl Fn(&T) -> String) -> String {
    let shown: Vec<String> = items.iter().take(MOST).map(show).collect();
    if items.len() > MOST {
        return alloc::format!("{} {word} {} more", shown.join(", "), items.len() - MOST);
    }
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => [&before.join(", "), " ", word, " ", last].concat(),
        None => String::new(),
    }
}

/// A set of strings, as starts with exceptions, ends with exceptions, and single strings.
struct Description<'a> {
    starts: Vec<Start<'a>>,
    /// Strings in the set although strings like them are not.
    single: Vec<String>,
    /// Strings not in the set although strings like them are.
    missing: Vec<String>,
}

struct Start<'a> {
    tree: AffixRange<'a>,
    /// The ends, which the starts of one block have in common.
    ends: Rc<[AffixRange<'a>]>,
}

impl<'a> Description<'a> {
    fn of(partition: &'a Partition<'_>, scope: &StringSet, set: &StringSet) -> Self {
        let mut starts = Vec::new();
        for (rows, columns) in set.cells.blocks() {
            let ends: Rc<[AffixRange<'_>]> = partition.columns().trees(columns).into();
            let trees = partition.rows().trees(rows);
            starts.extend(trees.into_iter().map(|tree| Start { tree, ends: Rc::clone(&ends) }));
        }
        let (mut single, mut missing) = (Vec::new(), Vec::new());
        for (index, point) in
            partition.points().iter().enumerate().filter(|(_, point)| !point.is_keyless)
        {
            let Some(text) = point.text.as_deref() else {
                continue;
            };
            let cell = partition.point_cell(index);
            let like_it = cell.is_some_and(|(row, column)| set.cells.contains(row, column));
            match (set.points.contains(index), like_it) {
                (true, false) => single.push(text.to_string()),
                (false, true) if scope.points.contains(index) => missing.push(text.to_string()),
                _ => {}
            }
        }
        Self { starts, single, missing }
    }

    fn phrase(&self, show: impl Fn(&str) -> String + Copy) -> String {
        let single = (!self.single.is_empty()).then_some(None);
        let phrases: Vec<_> = self.starts.iter().map(Some).chain(single).collect();
        let mut phrase = list(&phrases, "or", |start| match start {
            Some(start) => start.phrase(show),
            None => list(&self.single, "or", |text| show(text)),
        });
        if !self.missing.is_empty() {
            let but = if phrase.is_empty() { "other than " } else { ", but not " };
            phrase.push_str(but);
            phrase.push_str(&list(&self.missing, "and", |text| show(text)));
        }
        phrase
    }
}

impl Start<'_> {
    fn has_any_end(&self) -> bool {
        self.ends.is_empty()
            || self.ends.iter().any(|end| end.text.is_empty() && end.except.is_empty())
    }

    /// In words; `None` if every string starts and ends so, which is then the only start.
    fn phrase(&self, show: impl Fn(&str) -> String + Copy) -> String {
        let mut parts = Vec::new();
        if !self.tree.text.is_empty() {
            parts.push(["starting with ", &show(self.tree.text)].concat());
        }
        if !self.tree.except.is_empty() {
            let except = list(&self.tree.except, "or", |text| show(text));
            parts.push(["not starting with ", &except].concat());
        }
        parts.extend(self.ends_phrase(show));
        parts.join(" and ")
    }

    /// The ends in words; `None` if every end is meant.
    fn ends_phrase(&self, show: impl Fn(&str) -> String + Copy) -> Option<String> {
        let phrase = |end: &AffixRange<'_>| {
            let except = list(&end.except, "or", |text| show(text));
            match (end.text, except.as_str()) {
                ("", except) => ["not ending with ", except].concat(),
                (end, "") => ["ending with ", &show(end)].concat(),
                (end, except) => ["ending with ", &show(end), " but not with ", except].concat(),
            }
        };
        (!self.has_any_end()).then(|| list(&self.ends, "or", phrase))
    }
}
