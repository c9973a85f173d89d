//! What the service accepts: quotas of selectors, and shapes that it refuses.
//!
//! Sources: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>,
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html>

use cis_rules::matching::ObjectValue;

use crate::json::Members;
use crate::planned::has_open_part;
use crate::selectors::{S3_OBJECT, SelectorSet, advanced, basic};

/// The most basic selectors of a trail.
pub(crate) const BASIC_SELECTORS: usize = 5;
/// The most data resources over all basic selectors of a trail, those that mean all not counted.
pub(crate) const DATA_RESOURCES: usize = 250;
/// The most values over all conditions of all advanced selectors of a trail.
pub(crate) const VALUES: usize = 500;
/// The most trails in a Region; a multi-Region trail counts in each.
pub(crate) const TRAILS: usize = 5;
/// The longest value of a condition.
const LONGEST_VALUE: usize = 2048;

/// How much of a quota a set uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Use {
    /// What is counted.
    pub(crate) what: &'static str,
    /// How many there are.
    pub(crate) count: usize,
    /// How many there may be.
    pub(crate) most: usize,
}

/// How much of each quota a set uses.
pub(crate) fn uses(set: &SelectorSet) -> Vec<Use> {
    match set {
        SelectorSet::Basic(selectors) => {
            let resources =
                selectors.iter().filter_map(basic).flat_map(|it| it.data.data_resources);
            let count = resources
                .flat_map(|resource| resource.values)
                .filter(|value| !means_all(value))
                .count();
            vec![
                Use { what: "basic selectors", count: selectors.len(), most: BASIC_SELECTORS },
                Use { what: "data resources", count, most: DATA_RESOURCES },
            ]
        }
        SelectorSet::Advanced(selectors) => {
            let count = selectors
                .iter()
                .filter_map(advanced)
                .flat_map(|selector| selector.field_selectors)
                .flat_map(|field| field.conditions)
                .map(|condition| condition.values.len())
                .sum();
            vec![Use { what: "values of advanced selectors", count, most: VALUES }]
        }
    }
}

/// Whether a value of a data resource means everything of its type: `arn:aws:lambda`.
fn means_all(value: &str) -> bool {
    value.split(':').filter(|part| !part.is_empty()).count() <= 3
}

/// Whether the service takes a set.
pub(crate) fn is_accepted(set: &SelectorSet, partition: &str) -> bool {
    !set.selectors().is_empty()
        && uses(set).iter().all(|used| used.count <= used.most)
        && match set {
            SelectorSet::Basic(selectors) => closed(selectors).all(|selector| {
                basic(selector).is_some_and(|basic| {
                    let resources = &basic.data.data_resources;
                    let has_data = resources.iter().any(|resource| !resource.values.is_empty());
                    (basic.management || has_data)
                        && resources.iter().all(|resource| {
                            let kind = resource.resource_type.as_deref().unwrap_or_default();
                            !kind.is_empty()
                                && resource.values.iter().all(|value| {
                                    kind != S3_OBJECT || is_accepted_object(value, partition)
                                })
                        })
                })
            }),
            SelectorSet::Advanced(selectors) => closed(selectors).all(|selector| {
                advanced(selector).is_some_and(|advanced| {
                    !advanced.field_selectors.is_empty()
                        && advanced.field_selectors.iter().all(|field| {
                            !field.conditions.is_empty()
                                && field.conditions.iter().all(|condition| {
                                    !condition.values.is_empty()
                                        && condition.values.iter().all(|value| is_text(value))
                                })
                        })
                })
            }),
        }
}

/// The selectors of which a plan leaves nothing open: of the others it is not known what they say.
fn closed(selectors: &[Members]) -> impl Iterator<Item = &Members> {
    selectors.iter().filter(|selector| !has_open_part(&selector.text()))
}

/// Whether a text can be a value of a condition.
pub(crate) fn is_text(value: &str) -> bool {
    (1..=LONGEST_VALUE).contains(&value.chars().count())
}

/// Whether the service takes a value of a data resource of S3 objects: it refuses a bucket without a
/// slash, a `*` in place of a bucket, and another partition.
pub(crate) fn is_accepted_object(value: &str, partition: &str) -> bool {
    match ObjectValue::of(value, partition) {
        ObjectValue::All | ObjectValue::Prefix(_) => true,
        // A `*` in a key is an ordinary character.
        ObjectValue::Perhaps(start) => start.len() < value.len() && start.contains('/'),
        ObjectValue::Nothing => false,
    }
}
