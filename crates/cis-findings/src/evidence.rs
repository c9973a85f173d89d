//! What an answer rests on, found in the report.

use cis_rules::report::{AccountResult, Gap, TrailResult, Verdict};
use cis_rules::snapshot::{ObservedTrail, Snapshot};

/// Each trail as it was observed, with its result: a trail that is listed twice has one result.
pub fn trails_with_results<'a>(
    snapshot: &'a Snapshot,
    result: &'a AccountResult,
) -> impl Iterator<Item = (&'a ObservedTrail, &'a TrailResult)> {
    let trails = snapshot.trails.as_deref().unwrap_or_default();
    let distinct = trails
        .iter()
        .enumerate()
        .filter(|(index, trail)| !trails.iter().take(*index).any(|before| before == *trail))
        .map(|(_, trail)| trail);
    distinct.zip(&result.trails)
}

/// The loss to show: a gap in all trails if there is one, else a gap of one trail, which is named.
#[must_use]
pub fn example(result: &AccountResult) -> Option<(Option<&TrailResult>, &Gap)> {
    let everywhere = result.gaps.iter().map(|gap| (None, gap));
    let somewhere =
        result.trails.iter().flat_map(|trail| trail.gaps.iter().map(move |gap| (Some(trail), gap)));
    everywhere.chain(somewhere).next()
}

/// The summary, less the verdict that it begins with and the fix that it may end with: both are told
/// elsewhere.
#[must_use]
pub fn without_verdict(result: &AccountResult) -> &str {
    let reason = result
        .summary
        .strip_prefix(result.verdict.name())
        .and_then(|rest| rest.strip_prefix(": "))
        .unwrap_or(&result.summary);
    match reason.rsplit_once("; fix: ") {
        Some((reason, _)) if result.verdict == Verdict::NonCompliant => reason,
        _ => reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sample;

    #[test]
    fn a_trail_that_is_listed_twice_has_one_result() {
        let Sample { mut snapshot, result, .. } = Sample::compliant();
        let trails = snapshot.trails.as_mut().unwrap();
        let first = trails[0].clone();
        let mut other = first.clone();
        other.trail.name = Some("other".into());
        trails.extend([first, other]);
        let twice = vec![result.trails[0].clone(); 2];
        let result = result.with(|members| members.trails = twice).unwrap();
        let names: Vec<_> = trails_with_results(&snapshot, &result)
            .map(|(observed, _)| observed.trail.name.as_deref().unwrap_or_default())
            .collect();
        assert_eq!(names, ["main", "other"]);
    }

    #[test]
    fn what_no_trail_logs_is_shown_before_what_one_misses() {
        let result = Sample::non_compliant().result;
        assert!(matches!(example(&result), Some((None, _))));
        let result = result.with(|members| members.gaps.clear()).unwrap();
        let trail = example(&result).and_then(|(trail, _)| trail);
        assert_eq!(trail.map(|trail| trail.arn.as_str()), Some(crate::samples::TRAIL));
        let result = result.with(|members| members.trails.clear()).unwrap();
        assert_eq!(example(&result), None);
    }
}
