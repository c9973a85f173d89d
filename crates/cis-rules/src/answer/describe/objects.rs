//! Sets of object ARNs in words: buckets, keys, and requests that name no key.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Description, Start, list, quoted};
use crate::sets::{Partition, StringSet};

const NO_KEY: &str = "requests that name no key (ListObjects, DeleteObjects)";

/// How many kinds of keyless ARNs are looked at.
const KINDS: usize = 16;

/// How many of them are named.
const EXAMPLES: usize = 3;

/// Where the ARNs of a set are, with a preposition: `in bucket …`, `on objects … in any bucket`.
pub(super) fn place(partition: &Partition<'_>, scope: &StringSet, set: &StringSet) -> String {
    let keyless = partition.keyless().and(scope);
    if set.is_subset(&keyless) {
        let some = (!keyless.is_subset(set)).then(|| buckets(kinds(partition, set, |_| true)));
        return alloc::format!(
            "in {NO_KEY} to {}",
            some.flatten().unwrap_or_else(|| "any bucket".to_string())
        );
    }
    let only_objects = !keyless.intersects(set);
    let but_not = |phrase: &mut String, missing: Option<String>| {
        if let Some(missing) = missing {
            phrase.extend([", but not in ", NO_KEY, " to ", &missing]);
        }
    };
    if scope.minus(&keyless).is_subset(set) {
        let where_to = if only_objects && !keyless.is_empty() { "on objects in" } else { "in" };
        let mut phrase = [where_to, " any bucket"].concat();
        if !only_objects {
            but_not(&mut phrase, buckets(kinds(partition, &keyless.minus(set), |_| true)));
        }
        return phrase;
    }
    let is_like_its_objects = |arn: &String| {
        let cell = partition.cell_of(arn);
        cell.is_some_and(|(row, column)| set.cells.contains(row, column))
    };
    let (lost, kept) = (keyless.and(set), keyless.minus(set));
    let mut missing = kinds(partition, &kept, is_like_its_objects);
    let extra = buckets(kinds(partition, &lost, |arn| !is_like_its_objects(arn)));
    let described = Description::of(partition, scope, set);
    let mut phrase = objects(&described, only_objects && missing.next().is_some());
    if !only_objects {
        but_not(&mut phrase, buckets(missing));
    }
    if let Some(extra) = extra {
        phrase.extend([", or in ", NO_KEY, " to ", &extra]);
    }
    phrase
}

/// Keyless ARNs in a set, each of another kind.
fn kinds<'p>(
    partition: &'p Partition<'_>,
    set: &'p StringSet,
    is_meant: impl Fn(&String) -> bool + 'p,
) -> impl Iterator<Item = String> + 'p {
    partition.keyless_in(set).take(KINDS).filter(is_meant)
}

/// Some buckets of keyless ARNs; `None` if there are no such ARNs.
fn buckets(arns: impl Iterator<Item = String>) -> Option<String> {
    let named = arns.take(EXAMPLES);
    let buckets: Vec<String> = named
        .filter_map(|arn| Some(quoted(arn.rsplit_once(":::")?.1.strip_suffix('/')?)))
        .collect();
    (!buckets.is_empty())
        .then(|| ["buckets such as ", &list(&buckets, "and", Clone::clone)].concat())
}

fn objects(described: &Description<'_>, only_objects: bool) -> String {
    let preposition = if only_objects { "on objects in" } else { "in" };
    let is_simple = |start: &&Start<'_>| start.has_any_end() && start.tree.except.is_empty();
    let simple: Vec<&str> =
        described.starts.iter().filter(is_simple).map(|start| start.tree.text).collect();
    let others = described.starts.iter().filter(|start| !is_simple(start));
    let (any_end, some_ends): (Vec<_>, Vec<_>) = others.partition(|start| start.has_any_end());
    let mut phrases: Vec<Phrase<'_>> = Vec::new();
    phrases.extend((!simple.is_empty()).then_some(Phrase::Simple));
    phrases.extend(any_end.into_iter().chain(some_ends).map(Phrase::Start));
    phrases.extend((!described.single.is_empty()).then_some(Phrase::Single));
    let mut phrase = list(&phrases, "or", |phrase| match phrase {
        Phrase::Simple => [preposition, " ", &places(&simple, "or", false)].concat(),
        Phrase::Start(start) => match start.ends_phrase(quoted) {
            None => [preposition, " ", &with_exceptions(start)].concat(),
            Some(ends) => {
                ["on objects with an ARN ", &ends, ", in ", &with_exceptions(start)].concat()
            }
        },
        Phrase::Single => {
            ["on object ", &list(&described.single, "or", |arn| quoted(arn))].concat()
        }
    });
    if !described.missing.is_empty() {
        phrase.push_str(", but not on object ");
        phrase.push_str(&list(&described.missing, "or", |arn| quoted(arn)));
    }
    phrase
}

/// One part of the description of a set of objects.
enum Phrase<'a> {
    /// All starts without exceptions, with any end.
    Simple,
    Start(&'a Start<'a>),
    /// All single objects.
    Single,
}

fn with_exceptions(start: &Start<'_>) -> String {
    let whole = places(&[start.tree.text], "or", false);
    if start.tree.except.is_empty() {
        return whole;
    }
    [&whole, " except ", &places(&start.tree.except, "and", true)].concat()
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
                keys.push(["keys starting with `", key, "` in bucket `", bucket, "`"].concat())
            }
        }
    }
    if !buckets.is_empty() {
        let noun = if buckets.len() == 1 { "bucket" } else { "buckets" };
        phrases.push([noun, " ", &list(&buckets, word, Clone::clone)].concat());
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
