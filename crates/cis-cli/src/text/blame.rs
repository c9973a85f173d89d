//! Which condition drops the lost event: the one filter whose removal would log it.

use std::io::{self, Write};

use cis_rules::matching::{DATA, Match, S3_OBJECT};
use cis_rules::record::{Record, Resource};
use cis_rules::report::{AccountResult, Witness};
use cis_rules::selector::{AdvancedSelector, FieldSelector, Selector};
use cis_rules::snapshot::{ObservedTrail, Snapshot};

use super::event::names_a_bucket;
use super::page::Page;

/// Values of a condition that are shown.
const VALUES: usize = 3;

/// Writes each condition that alone keeps its selector from logging a lost event.
pub(super) fn write<W: Write>(
    page: &mut Page<W>,
    snapshot: &Snapshot,
    result: &AccountResult,
) -> io::Result<()> {
    let Some(trails) = &snapshot.trails else {
        return Ok(());
    };
    for (observed, trail) in trails.iter().zip(&result.trails) {
        let Some(gap) = trail.gaps.first().filter(|_| trail.counts) else {
            continue;
        };
        for culprit in culprits(observed, &gap.witness, &snapshot.partition) {
            page.text(
                4,
                &format!(
                    "It is dropped by one condition alone: {culprit} of {}.",
                    trail.arn
                ),
            )?;
        }
    }
    Ok(())
}

fn culprits(trail: &ObservedTrail, witness: &Witness, partition: &str) -> Vec<String> {
    let record = record(witness);
    let selectors = trail.event_selectors.iter().flatten().enumerate();
    selectors
        .filter_map(|(index, selector)| match selector {
            Selector::Advanced(advanced) => Some((index, advanced)),
            Selector::Basic(_) => None,
        })
        .flat_map(|(index, advanced)| {
            without_one(advanced)
                .filter(|(rest, _)| {
                    Selector::Advanced(rest.clone()).matches(&record, partition) == Match::Surely
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
    selector
        .field_selectors
        .iter()
        .enumerate()
        .map(|(index, removed)| {
            let mut rest = selector.clone();
            rest.field_selectors.remove(index);
            (rest, removed)
        })
}

fn describe(index: usize, selector: &AdvancedSelector, removed: &FieldSelector) -> String {
    let name = selector
        .name
        .as_ref()
        .map_or_else(String::new, |name| format!(" (`{name}`)"));
    let conditions: Vec<_> = removed
        .conditions
        .iter()
        .map(|condition| {
            let mut values: Vec<_> = condition
                .values
                .iter()
                .take(VALUES)
                .map(|value| format!("`{value}`"))
                .collect();
            let hidden = condition.values.len() - values.len();
            if hidden > 0 {
                values.push(format!("{hidden} more"));
            }
            format!("{} {}", condition.operator.name(), values.join(", "))
        })
        .collect();
    format!(
        "`{}` {} in selector [{index}]{name}",
        removed.field.name(),
        conditions.join(" and ")
    )
}

fn record(witness: &Witness) -> Record {
    let arn = witness.resources_arn.clone();
    Record {
        event_category: DATA.to_string(),
        resource_type: S3_OBJECT.to_string(),
        read_only: witness.read_only.to_string(),
        event_name: witness.event_name.clone(),
        event_source: witness.event_source.clone(),
        event_type: witness.event_type.clone(),
        resource: if names_a_bucket(&arn) {
            Resource::ArnPrefix(arn)
        } else {
            Resource::Arn(arn)
        },
        user_identity_arn: witness.user_identity_arn.clone(),
        session_credential_from_console: witness.session_credential_from_console.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::samples;

    fn blamed(snapshot: &Snapshot) -> String {
        let mut page = Page::new(Vec::new(), false);
        write(&mut page, snapshot, &samples::non_compliant()).unwrap();
        let text = String::from_utf8(page.into_inner()).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_narrowing_filter_is_named() {
        assert_eq!(
            blamed(&samples::snapshot()),
            "It is dropped by one condition alone: `resources.ARN` NotStartsWith \
             `arn:aws:s3:::payroll` in selector [0] (`S3 writes`) of \
             arn:aws:cloudtrail:us-east-1:111122223333:trail/main."
        );
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
