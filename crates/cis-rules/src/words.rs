//! Regions in words: what is lost, said so that a person need not read sets.

mod objects;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::question::Kind;
use crate::region::{Axis, Region, Space};
use crate::strings::{StringSet, Universe};

/// The most texts that one list spells out.
const MOST: usize = 6;

/// A region of lost records as a noun phrase: `DeleteObject in any bucket whose name starts with …`.
#[must_use]
pub(crate) fn region(space: &Space<'_>, scope: &Region, region: &Region, kind: Kind) -> String {
    let is_whole = |axis| region.on(axis) == scope.on(axis);
    let mut sentence = if is_whole(Axis::Name) {
        alloc::format!("every {kind} event")
    } else {
        events(space.on(Axis::Name), scope.on(Axis::Name), region.on(Axis::Name), kind)
    };
    sentence.push(' ');
    sentence.push_str(&objects::place(
        space.on(Axis::Arn),
        scope.on(Axis::Arn),
        region.on(Axis::Arn),
    ));
    for axis in [Axis::Source, Axis::Type, Axis::Identity, Axis::Session] {
        if !is_whole(axis) {
            let values = values(space.on(axis), scope.on(axis), region.on(axis));
            sentence.push_str(&alloc::format!(", with {} {values}", axis.name()));
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
    let (universe, scope) = (space.on(axis), scope.on(axis));
    match axis {
        Axis::Arn => objects::place(universe, scope, set),
        _ => values(universe, scope, set),
    }
}

fn events(universe: &Universe<'_>, scope: &StringSet, set: &StringSet, kind: Kind) -> String {
    let described = Description::of(universe, scope, set);
    match described {
        Description { starts, single, .. } if starts.is_empty() => {
            list(&single, "and", Clone::clone)
        }
        other => alloc::format!("every {kind} event with a name {}", other.phrase(quoted)),
    }
}

fn values(universe: &Universe<'_>, scope: &StringSet, set: &StringSet) -> String {
    let mut phrase = Description::of(universe, scope, set).phrase(quoted);
    let absent = universe.absent();
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
    alloc::format!("`{text}`")
}

/// `a`, `b` and `c`, cut after the first few.
fn list<T>(items: &[T], word: &str, show: impl Fn(&T) -> String) -> String {
    let shown: Vec<String> = items.iter().take(MOST).map(show).collect();
    if items.len() > MOST {
        return alloc::format!("{} {word} {} more", shown.join(", "), items.len() - MOST);
    }
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => alloc::format!("{} {word} {last}", before.join(", ")),
        None => String::new(),
    }
}

/// A set of strings, as starts with exceptions, ends with exceptions, and single strings.
struct Description {
    starts: Vec<Start>,
    /// Strings in the set although strings like them are not.
    single: Vec<String>,
    /// Strings not in the set although strings like them are.
    missing: Vec<String>,
}

struct Start {
    start: String,
    except: Vec<String>,
    ends: Vec<End>,
}

struct End {
    end: String,
    except: Vec<String>,
}

impl Description {
    fn of(universe: &Universe<'_>, scope: &StringSet, set: &StringSet) -> Self {
        let mut starts = Vec::new();
        for (rows, columns) in set.cells.blocks() {
            let ends = trees(
                universe.columns(),
                |index| columns.contains(index),
                |text, end| text.ends_with(end),
            );
            let ends: Vec<(String, Vec<String>)> = ends;
            for (start, except) in trees(
                universe.rows(),
                |index| rows.contains(index),
                |text, start| text.starts_with(start),
            ) {
                let ends = ends
                    .iter()
                    .map(|(end, except)| End { end: end.clone(), except: except.clone() });
                starts.push(Start { start, except, ends: ends.collect() });
            }
        }
        let (mut single, mut missing) = (Vec::new(), Vec::new());
        for (index, point) in
            universe.points().iter().enumerate().filter(|(_, point)| !point.is_prefix)
        {
            let Some(text) = point.text.as_deref() else {
                continue;
            };
            let like_it = set.cells.contains(universe.row_of(text), universe.column_of(text));
            match (set.points.contains(index), like_it) {
                (true, false) => single.push(text.to_string()),
                (false, true) if scope.points.contains(index) => missing.push(text.to_string()),
                _ => {}
            }
        }
        Self { starts, single, missing }
    }

    fn phrase(&self, show: impl Fn(&str) -> String + Copy) -> String {
        let mut phrases: Vec<String> = self.starts.iter().map(|start| start.phrase(show)).collect();
        phrases.retain(|phrase| !phrase.is_empty());
        phrases
            .extend((!self.single.is_empty()).then(|| list(&self.single, "or", |text| show(text))));
        let mut phrase = list(&phrases, "or", Clone::clone);
        if !self.missing.is_empty() {
            let but = if phrase.is_empty() { "other than " } else { ", but not " };
            phrase.push_str(but);
            phrase.push_str(&list(&self.missing, "and", |text| show(text)));
        }
        phrase
    }
}

impl Start {
    fn phrase(&self, show: impl Fn(&str) -> String + Copy) -> String {
        let mut parts = Vec::new();
        if !self.start.is_empty() {
            parts.push(alloc::format!("starting with {}", show(&self.start)));
        }
        if !self.except.is_empty() {
            parts.push(alloc::format!(
                "not starting with {}",
                list(&self.except, "or", |text| show(text))
            ));
        }
        parts.extend(ends_phrase(&self.ends, show));
        parts.join(" and ")
    }
}

/// The ends in words; none where every end is meant.
fn ends_phrase(ends: &[End], show: impl Fn(&str) -> String + Copy) -> Option<String> {
    let phrases: Vec<String> = ends
        .iter()
        .map(|end| match (end.end.as_str(), end.except.as_slice()) {
            ("", []) => String::new(),
            ("", except) => {
                alloc::format!("not ending with {}", list(except, "or", |text| show(text)))
            }
            (end, []) => alloc::format!("ending with {}", show(end)),
            (end, except) => {
                alloc::format!(
                    "ending with {} but not with {}",
                    show(end),
                    list(except, "or", |text| show(text))
                )
            }
        })
        .collect();
    (!phrases.iter().any(String::is_empty) && !phrases.is_empty())
        .then(|| list(&phrases, "or", Clone::clone))
}

/// The texts of a set of which no shorter one leads to them within the set, each with the longer
/// ones that leave the set again.
fn trees(
    texts: &[&str],
    is_in: impl Fn(usize) -> bool,
    extends: impl Fn(&str, &str) -> bool,
) -> Vec<(String, Vec<String>)> {
    let mut roots: Vec<(String, Vec<String>)> = Vec::new();
    // In either order, a text comes before those that extend it; the path holds what the text extends.
    let mut path: Vec<(&str, bool, Option<usize>)> = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        while path.last().is_some_and(|(parent, ..)| !extends(text, parent)) {
            path.pop();
        }
        let inside = is_in(index);
        let (parent_inside, parent_root) =
            path.last().map_or((false, None), |(_, inside, root)| (*inside, *root));
        let root = match (inside, parent_inside) {
            (true, true) => parent_root,
            (true, false) => {
                roots.push(((*text).to_string(), Vec::new()));
                Some(roots.len() - 1)
            }
            (false, true) => {
                if let Some((_, except)) = parent_root.and_then(|root| roots.get_mut(root)) {
                    except.push((*text).to_string());
                }
                None
            }
            (false, false) => None,
        };
        path.push((text, inside, root));
    }
    roots
}
