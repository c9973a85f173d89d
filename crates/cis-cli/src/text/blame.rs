//! Which condition drops the lost event: the one filter whose removal would log it.

use std::io::{self, Write};

use cis_findings::mistake::values;
use cis_rules::internals::matching::Match;
use cis_rules::report::{AccountResult, TrailResult, Witness};
use cis_rules::selector::{AdvancedSelector, FieldSelector, Selector};
use cis_rules::snapshot::{ObservedTrail, Snapshot};

use super::page::Page;
use super::trails_with_results;

/// Writes each condition that alone keeps its selector from logging a lost event. `only` is the
/// trail that the event is said to be lost by, where that is not every trail.
pub(super) fn write<W: Write>(
    page: &mut Page<W>,
    snapshot: &Snapshot,
    result: &AccountResult,
    witness: &Witness,
    only: Option<&TrailResult>,
) -> io::Result<()> {
    for (observed, trail) in trails_with_results(snapshot, result) {
        if !trail.counts || only.is_some_and(|only| !std::ptr::eq(only, trail)) {
            continue;
        }
        for culprit in culprits(observed, witness, &snapshot.partition) {
            page.item(4, "-", &format!("{}, {culprit}", trail.arn))?;
        }
    }
    Ok(())
}

fn culprits(trail: &ObservedTrail, witness: &Witness, partition: &str) -> Vec<String> {
    let record = &witness.record;
    let selectors = trail.event_selectors.iter().flatten().enumerate();
    selectors
        .filter_map(|(index, selector)| match selector {
            Selector::Advanced(advanced) => Some((index, advanced)),
            Selector::Basic(_) => None,
        })
        .flat_map(|(index, advanced)| {
            without_one(advanced)
                .filter(|(rest, _)| {
                    Selector::Advanced(rest.clone()).matches(record, partition) == Match::Surely
                })
                .map(|(_, removed)| describe(index, advanced, removed))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The selector without each of its field selectors in turn.
fn without_one(
    selector: &AdvancedSelector,
) -> impl Iterator<Item = (AdvancedSelector, &FieldSelector)> {
    selector.field_selectors.iter().enumerate().map(|(index, removed)| {
        let mut rest = selector.clone();
        rest.field_selectors.remove(index);
        (rest, removed)
    })
}

fn describe(index: usize, selector: &AdvancedSelector, removed: &FieldSelector) -> String {
    let name = selector.name.as_ref().map_or_else(String::new, |name| format!(" (`{name}`)"));
    let conditions: Vec<_> = removed
        .conditions
        .iter()
        .map(|condition| format!("{} {}", condition.operator.name(), values(&condition.values)))
        .collect();
    format!(
        "selector {index}{name}: one condition alone drops it, `{}` {}",
        removed.field.name(),
        conditions.join(" and ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::samples;

    fn blamed(snapshot: &Snapshot) -> String {
        let mut page = Page::new(Vec::new(), false);
        let result = samples::non_compliant();
        write(&mut page, snapshot, &result, &samples::witness(), None).unwrap();
        let text = String::from_utf8(page.into_inner()).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_narrowing_filter_is_named() {
        assert_eq!(
            blamed(&samples::snapshot()),
            "- arn:aws:cloudtrail:us-east-1:111122223333:trail/main, selector 0 (`S3 writes`): \
             one condition alone drops it, `resources.ARN` NotStartsWith `arn:aws:s3:::payroll`"
        );
    }

    #[test]
    fn only_the_trail_that_loses_the_event_is_blamed() {
        let result = samples::non_compliant();
        for (only, is_blamed) in [(&result.trails[0], true), (&result.trails[0].clone(), false)] {
            let mut page = Page::new(Vec::new(), false);
            let (snapshot, witness) = (samples::snapshot(), samples::witness());
            write(&mut page, &snapshot, &result, &witness, Some(only)).unwrap();
            assert_eq!(!page.into_inner().is_empty(), is_blamed);
        }
    }

    #[test]
    fn nobody_is_blamed_where_no_selector_comes_near() {
        let mut snapshot = samples::snapshot();
        for trail in snapshot.trails.iter_mut().flatten() {
            trail.event_selectors = Some(Vec::new());
        }
        assert_eq!(blamed(&snapshot), "");
        snapshot.trails = None;
        assert_eq!(blamed(&snapshot), "");
    }
}
