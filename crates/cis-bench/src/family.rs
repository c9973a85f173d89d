//! Families of configurations, by the number of values that a trail has.

use fastrand::Rng;

use crate::configuration::{Condition, Configuration, Selector, TRAILS, Trail, cost_of};
use crate::words::{FIELDS, PLACES, STYLES, text};

/// A family: its trails with this many values each.
type Family = fn(usize) -> Vec<Trail>;

/// The families that show how time grows with size.
pub const GROWING: [&str; 5] = ["exclusions", "list-in-each-trail", "pairs", "crosswise", "splits"];

/// The configuration of each family with this many values in each trail.
pub fn all(values: usize) -> impl Iterator<Item = (&'static str, Configuration)> {
    ALL.into_iter().map(move |(name, family)| (name, Configuration::of(family(values))))
}

const ALL: [(&str, Family); 8] = [
    ("exclusions", exclusions),
    ("list-in-each-trail", five_lists),
    ("pairs", pairs),
    ("starts-and-ends", grid),
    ("diagonal", diagonal),
    ("crosswise", crosswise),
    ("splits", splits),
    ("random-halves", random_halves),
];

fn condition(field: &'static str, operator: &'static str, values: Vec<String>) -> Condition {
    Condition { field, operator, values }
}

fn bucket(number: usize) -> String {
    format!("arn:aws:s3:::bucket-{number:03}/")
}

fn exclusions(values: usize) -> Vec<Trail> {
    let half = (values / 4).saturating_sub(1);
    let mut trail =
        vec![vec![condition("resources.ARN", "NotStartsWith", (0..half).map(bucket).collect())]];
    let again = |number| vec![condition("resources.ARN", "StartsWith", vec![bucket(number)])];
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
    let selector = vec![
        condition("resources.ARN", "NotStartsWith", starts),
        condition("resources.ARN", "NotEndsWith", ends),
    ];
    vec![vec![selector]]
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
                    let is = others.take(1).map(|other| {
                        condition(other, "StartsWith", vec![text(other, trail + number)])
                    });
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

/// Everything, divided by tests until the values are used up: covered, and by no selector alone.
fn splits(values: usize) -> Vec<Trail> {
    let mut rng = Rng::with_seed(values as u64);
    // Less than a selector more than fits could not be spread evenly.
    let most = (values - values / 20) * TRAILS;
    let mut selectors: Vec<Selector> = vec![Vec::new()];
    let mut cost = 0;
    while cost < most {
        let whole = selectors.swap_remove(rng.usize(..selectors.len()));
        let (with, without) = halves(&mut rng, &whole);
        selectors.extend([with, without]);
        cost = selectors.iter().map(cost_of).sum();
    }
    // As many to each trail as it may hold.
    let mut trails: Vec<Trail> = vec![Vec::new(); TRAILS];
    for selector in selectors {
        let least = trails.iter_mut().min_by_key(|trail| trail.iter().map(cost_of).sum::<usize>());
        least.into_iter().for_each(|trail| trail.push(selector.clone()));
    }
    trails
}

/// A selector, divided by one test that it does not have yet.
pub(crate) fn halves(rng: &mut Rng, whole: &Selector) -> (Selector, Selector) {
    let field = FIELDS[rng.usize(..4)];
    let (yes, no) = [("StartsWith", "NotStartsWith"), ("EndsWith", "NotEndsWith")][rng.usize(..2)];
    let value = text(field, yes, rng.usize(..PLACES), &STYLES[rng.usize(..2)](rng.usize(..40)));
    // On one field, positive operators add to one another: a second one would widen the selector.
    let has_positive = whole
        .iter()
        .any(|condition| condition.field == field && !condition.operator.starts_with("Not"));
    let with = |operator| {
        let mut half = whole.clone();
        half.push(condition(field, operator, vec![value.clone()]));
        half
    };
    if has_positive { (whole.clone(), with(no)) } else { (with(yes), with(no)) }
}

/// Random halves of four fields at once, many of them.
fn random_halves(values: usize) -> Vec<Trail> {
    const CLASSES: usize = 16;
    let mut rng = Rng::with_seed(1);
    let mut half = |field: &'static str| {
        let start =
            |class: usize| if field == FIELDS[0] { bucket(class) } else { format!("{class:02}") };
        let mut classes: Vec<usize> = (0..CLASSES).collect();
        rng.shuffle(&mut classes);
        classes.truncate(CLASSES / 2);
        condition(field, "StartsWith", classes.into_iter().map(start).collect())
    };
    let each = values / (2 + 2 * CLASSES);
    let mut selector = || FIELDS[..4].iter().map(|field| half(field)).collect::<Selector>();
    (0..TRAILS).map(|_| (0..each).map(|_| selector()).collect()).collect()
}
