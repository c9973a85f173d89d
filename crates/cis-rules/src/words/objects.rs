//! Sets of object ARNs in words: buckets, keys, and requests that name no key.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Description, End, Start, ends_phrase, list, quoted};
use crate::strings::{StringSet, Universe};

const NO_KEY: &str = "requests that name no key (ListObjects, DeleteObjects)";

/// Where the ARNs of a set are, with a preposition: `in bucket …`, `on objects … in any bucket`.
pub(super) fn place(universe: &Universe<'_>, scope: &StringSet, set: &StringSet) -> String {
    let prefixes = universe.prefixes().and(scope);
    let is_whole = scope.minus(&prefixes).is_subset(set);
    if set.is_subset(&prefixes) {
        return if prefixes.is_subset(set) {
            alloc::format!("in {NO_KEY} to any bucket")
        } else {
            alloc::format!("in {NO_KEY} to {}", buckets(universe, set))
        };
    }
    let described = Description::of(universe, scope, set);
    let like_it = |point: usize| {
        let text = universe
            .points()
            .get(point)
            .and_then(|point| point.text.as_deref())
            .unwrap_or_default();
        is_whole || set.contains_cell(universe.row_of(text), universe.column_of(text))
    };
    let (missing, extra) = (prefixes.minus(set), prefixes.and(set));
    let missing = StringSet::of_points(crate::strings::Bits::filtered(missing.points(), like_it));
    let extra = StringSet::of_points(crate::strings::Bits::filtered(extra.points(), |point| {
        !like_it(point)
    }));
    let no_prefix = !prefixes.intersects(set);
    let mut phrase = if is_whole {
        if no_prefix && !prefixes.is_empty() { "on objects in any bucket" } else { "in any bucket" }
            .to_string()
    } else {
        objects(&described, no_prefix && !missing.is_empty())
    };
    if !no_prefix && !missing.is_empty() {
        phrase
            .push_str(&alloc::format!(", but not in {NO_KEY} to {}", buckets(universe, &missing)));
    }
    if !extra.is_empty() {
        phrase.push_str(&alloc::format!(", or in {NO_KEY} to {}", buckets(universe, &extra)));
    }
    phrase
}

/// The buckets of ARN prefixes; a class of many stands for the first of them.
fn buckets(universe: &Universe<'_>, set: &StringSet) -> String {
    let points =
        set.points().iter().filter_map(|point| universe.points().get(point)?.text.as_deref());
    let buckets: Vec<&str> =
        points.filter_map(|arn| arn.rsplit_once(":::")?.1.strip_suffix('/')).collect();
    alloc::format!("buckets such as {}", list(&buckets, "and", |bucket| quoted(bucket)))
}

fn objects(described: &Description, only_objects: bool) -> String {
    let plain: Vec<&Start> =
        described.starts.iter().filter(|start| ends(start).is_none()).collect();
    let mut phrases = Vec::new();
    let simple: Vec<&str> = plain
        .iter()
        .filter(|start| start.except.is_empty())
        .map(|start| start.start.as_str())
        .collect();
    let preposition = if only_objects { "on objects in" } else { "in" };
    if !simple.is_empty() {
        phrases.push(alloc::format!("{preposition} {}", places(&simple, "or", false)));
    }
    for start in plain.iter().filter(|start| !start.except.is_empty()) {
        phrases.push(alloc::format!("{preposition} {}", with_exceptions(start)));
    }
    for (start, ends) in described.starts.iter().filter_map(|start| Some((start, ends(start)?))) {
        phrases
            .push(alloc::format!("on objects with an ARN {ends}, in {}", with_exceptions(start)));
    }
    if !described.single.is_empty() {
        phrases
            .push(alloc::format!("on object {}", list(&described.single, "or", |arn| quoted(arn))));
    }
    let mut phrase = list(&phrases, "or", Clone::clone);
    if !described.missing.is_empty() {
        phrase.push_str(", but not on object ");
        phrase.push_str(&list(&described.missing, "or", |arn| quoted(arn)));
    }
    phrase
}

fn ends(start: &Start) -> Option<String> {
    let ends: &[End] = &start.ends;
    ends_phrase(ends, quoted)
}

fn with_exceptions(start: &Start) -> String {
    let whole = places(&[start.start.as_str()], "or", false);
    if start.except.is_empty() {
        return whole;
    }
    let except: Vec<&str> = start.except.iter().map(String::as_str).collect();
    alloc::format!("{whole} except {}", places(&except, "and", true))
}

/// What the starts of ARNs stand for, like with like; after `except`, buckets are `those`.
fn places(starts: &[&str], word: &str, is_except: bool) -> String {
    let (mut names, mut buckets, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    let mut phrases = Vec::new();
    for start in starts {
        let object = start.rsplit_once(":::").map_or(*start, |(_, object)| object);
        match object.split_once('/') {
            None if object.is_empty() => phrases.push("any bucket".to_string()),
            None => names.push(quoted(object)),
            Some((bucket, "")) => buckets.push(quoted(bucket)),
            Some((bucket, key)) => {
                keys.push(alloc::format!("keys starting with `{key}` in bucket `{bucket}`"))
            }
        }
    }
    if !buckets.is_empty() {
        let noun = if buckets.len() == 1 { "bucket" } else { "buckets" };
        phrases.push(alloc::format!("{noun} {}", list(&buckets, word, Clone::clone)));
    }
    if !names.is_empty() {
        let which = if is_except { "those" } else { "any bucket" };
        phrases.push(alloc::format!(
            "{which} whose name starts with {}",
            list(&names, "or", Clone::clone)
        ));
    }
    phrases.extend(keys);
    list(&phrases, word, Clone::clone)
}
