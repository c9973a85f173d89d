//! Families of configurations, by the number of values that a trail has.

use crate::configuration::{Condition, Selector, TRAILS, Trail};

/// A family: its configuration with this many values in each trail.
pub(crate) type Family = fn(usize) -> Vec<Trail>;

/// All families.
pub(crate) const ALL: [(&str, Family); 6] = [
    ("exclusions taken again", exclusions),
    ("a trail for each exclusion list", five_lists),
    ("pairs of an ARN and a name", pairs),
    ("starts and ends of ARNs", grid),
    ("one start of each field", diagonal),
    ("names against ARNs, crosswise", crosswise),
];

fn condition(field: &'static str, operator: &'static str, values: Vec<String>) -> Condition {
    Condition { field, operator, values }
}

fn bucket(number: usize) -> String {
    format!("arn:aws:s3:::bucket-{number:03}/")
}

fn exclusions(values: usize) -> Vec<Trail> {
    let half = values / 4;
    let mut trail = vec![vec![condition(
        "resources.ARN",
        "NotStartsWith",
        (0..half).map(bucket).collect(),
    )]];
    let again =
        |number| vec![condition("resources.ARN", "StartsWith", vec![bucket(number)])];
    trail.extend((0..half).map(again));
    vec![trail]
}

fn five_lists(values: usize) -> Vec<Trail> {
    let list = |trail: usize| (0..values).map(move |number| bucket(trail * values + number));
    let trail =
        |trail| vec![vec![condition("resources.ARN", "NotStartsWith", list(trail).collect())]];
    (0..TRAILS).map(trail).collect()
}

fn pairs(values: usize) -> Vec<Trail> {
    let pair = |number: usize| -> Selector {
        vec![
            condition("resources.ARN", "StartsWith", vec![format!("arn:aws:s3:::{number:03}")]),
            condition("eventName", "StartsWith", vec![format!("{number:03}")]),
        ]
    };
    let each = values / 4;
    (0..TRAILS).map(|trail| (0..each).map(|number| pair(trail * each + number)).collect()).collect()
}

fn grid(values: usize) -> Vec<Trail> {
    let half = values / 2;
    let starts = (0..half).map(|number| format!("arn:aws:s3:::{number:03}")).collect();
    let ends = (0..half).map(|number| format!("{number:03}")).collect();
    vec![
        vec![vec![
            condition("resources.ARN", "NotStartsWith", starts),
            condition("resources.ARN", "NotEndsWith", ends),
        ]];
        1
    ]
}

/// Selectors that take the values of one number in each of some fields, and the rest by negation.
fn diagonal(values: usize) -> Vec<Trail> {
    let fields = ["resources.ARN", "eventName", "eventSource", "eventType", "userIdentity.arn"];
    let each = values / 12;
    let text = |field: &str, number: usize| {
        if field == "resources.ARN" { bucket(number) } else { format!("{number:03}") }
    };
    let trail = |trail: usize| -> Trail {
        (0..each)
            .flat_map(|number| {
                fields.map(|field| -> Selector {
                    let others = fields.into_iter().filter(move |other| *other != field);
                    let not = condition(field, "NotStartsWith", vec![text(field, number)]);
                    let is = others
                        .take(1)
                        .map(|other| condition(other, "StartsWith", vec![text(other, trail + number)]));
                    core::iter::once(not).chain(is).collect()
                })
            })
            .collect()
    };
    (0..TRAILS).map(trail).collect()
}

fn crosswise(values: usize) -> Vec<Trail> {
    let each = values / 8;
    let trail = |trail: usize| -> Trail {
        (0..each)
            .flat_map(|number| {
                let (arn, name) = (bucket(number), format!("{:03}", (number + trail) % each));
                [("StartsWith", "NotStartsWith"), ("NotStartsWith", "StartsWith")].map(
                    |(of_arn, of_name)| -> Selector {
                        vec![
                            condition("resources.ARN", of_arn, vec![arn.clone()]),
                            condition("eventName", of_name, vec![name.clone()]),
                        ]
                    },
                )
            })
            .collect()
    };
    (0..TRAILS).map(trail).collect()
}
