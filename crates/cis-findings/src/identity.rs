//! What is lost, item by item, and what each item is called, so that two runs can be compared.
//!
//! An item is one region that one trail loses; of an INDETERMINATE, one reason. Its name holds nothing
//! that changes while the file around it changes: no line, no verdict of another trail, no time.

use cis_rules::question::{Excepted, Mode};
use cis_rules::report::{AccountResult, Gap, TrailResult, Verdict};

/// A region that is lost, and the trail that loses it.
#[derive(Clone, Copy, Debug)]
pub struct Lost<'a> {
    /// The trail; `None` where no trail logs the region, or there is none.
    pub trail: Option<&'a TrailResult>,
    /// The region.
    pub gap: Option<&'a Gap>,
}

/// What a NON_COMPLIANT loses, at least one item: each region of each trail that fails. Where trails
/// count together, what all of them lose.
#[must_use]
pub fn lost(result: &AccountResult) -> Vec<Lost<'_>> {
    let is_demanded = |trail: &&TrailResult| {
        let mut exceptions = result.exceptions.iter();
        result.mode != Mode::Every
            || !exceptions.any(|one| one.excepts(Excepted::Trail, &trail.arn))
    };
    let of_all = || result.gaps.iter().map(|gap| Lost { trail: None, gap: Some(gap) });
    let of_trails = || {
        let failing = result.trails.iter().filter(|trail| trail.verdict == Verdict::NonCompliant);
        failing.filter(is_demanded).flat_map(|trail| {
            trail.gaps.iter().map(move |gap| Lost { trail: Some(trail), gap: Some(gap) })
        })
    };
    let items: Vec<_> = match result.mode {
        Mode::Union => of_all().collect(),
        Mode::Any | Mode::Every => of_trails().collect(),
    };
    // A trail that is excepted has nothing to say, but something is lost.
    let items = if items.is_empty() { of_all().collect() } else { items };
    if items.is_empty() { vec![Lost { trail: None, gap: None }] } else { items }
}

/// The names of all items of an answer; a COMPLIANT has none.
#[must_use]
pub fn names(result: &AccountResult) -> Vec<String> {
    match result.verdict {
        Verdict::Compliant => Vec::new(),
        Verdict::NonCompliant => lost(result).into_iter().map(|lost| name(result, lost)).collect(),
        Verdict::Indeterminate => {
            result.unknowns.iter().map(|unknown| reason(result, &unknown.reason)).collect()
        }
    }
}

/// The name of a lost region.
#[must_use]
pub fn name(result: &AccountResult, lost: Lost<'_>) -> String {
    let trail = lost.trail.map_or("", |trail| trail.arn.as_str());
    let region = lost.gap.map_or("", |gap| gap.description.as_str());
    joined(result, &["lost", trail, region])
}

/// The name of an INDETERMINATE, by its first reason.
#[must_use]
pub fn open(result: &AccountResult) -> String {
    reason(result, result.unknowns.first().map_or("", |unknown| &unknown.reason))
}

fn reason(result: &AccountResult, reason: &str) -> String {
    joined(result, &["open", reason])
}

fn joined(result: &AccountResult, parts: &[&str]) -> String {
    let account = result.name.as_deref().unwrap_or_default();
    let question = [result.account_id.as_str(), account, result.kind.name(), result.mode.name()];
    let parts: Vec<String> = question
        .iter()
        .chain(parts)
        .map(|part| part.replace('\\', "\\\\").replace('|', "\\|"))
        .collect();
    parts.join("|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Sample, TRAIL};

    #[test]
    fn each_region_of_each_trail_is_an_item() {
        let sample = Sample::with_trails(3, |number| format!("{TRAIL}-{number}"));
        let names = names(&sample.result);
        assert_eq!(names.len(), 3);
        assert!(names[2].contains("trail/main-2|"), "{names:?}");
        assert!(super::names(&Sample::compliant().result).is_empty());
        assert_eq!(super::names(&Sample::indeterminate().result).len(), 1);
    }

    #[test]
    fn an_account_without_a_trail_is_one_item() {
        let mut sample = Sample::non_compliant();
        sample.change(|members| {
            members.trails.clear();
            members.gaps.clear();
        });
        assert_eq!(names(&sample.result).len(), 1);
    }

    #[test]
    fn no_text_of_an_account_makes_two_items_one() {
        let mut one = Sample::non_compliant();
        one.change(|members| members.name = Some("a|write".to_string()));
        let mut other = Sample::non_compliant();
        other.change(|members| members.name = Some("a".to_string()));
        assert_ne!(names(&one.result), names(&other.result));
        one.change(|members| members.name = Some("a\\".to_string()));
        assert_ne!(names(&one.result), names(&other.result));
    }
}
