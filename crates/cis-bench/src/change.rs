//! Changes of a configuration, each towards another that AWS allows.

use cis_rules::question::Mode;
use fastrand::Rng;

use crate::configuration::{Condition, Configuration, Selector, TRAILS, Trail, VALUES};
use crate::family::halves;
use crate::words::{FIELDS, OPERATORS, PLACES, STYLES, one, text};

/// A configuration with one to four changes, for some of which another one is at hand.
pub(crate) fn changed(
    rng: &mut Rng,
    configuration: &Configuration,
    other: &Configuration,
) -> Configuration {
    let mut child = configuration.clone();
    for _ in 0..rng.usize(1..=4) {
        change(rng, &mut child, other);
    }
    child.keep_quotas();
    child
}

fn change(rng: &mut Rng, child: &mut Configuration, other: &Configuration) {
    match rng.u8(..13) {
        0 => child.mode = one(rng, &[Mode::Any, Mode::Union, Mode::Every]),
        1 => child.allowed = one(rng, &[0, 0, 1, 20, 100]),
        2 => {
            let trail = family(rng);
            let at = rng.usize(..=child.trails.len().min(TRAILS - 1));
            if at < child.trails.len() {
                child.trails[at] = trail;
            } else {
                child.trails.push(trail);
            }
        }
        3 if !other.trails.is_empty() => {
            child.trails.insert(0, other.trails[rng.usize(..other.trails.len())].clone());
        }
        4 if child.trails.len() > 1 => {
            child.trails.swap_remove(rng.usize(..child.trails.len()));
        }
        _ if child.trails.is_empty() => child.trails.push(family(rng)),
        5 => {
            let at = rng.usize(..child.trails.len());
            let trail = child.trails[at].clone();
            child.trails.insert(0, shifted(rng, trail));
        }
        choice => {
            let at = rng.usize(..child.trails.len());
            change_trail(rng, choice, &mut child.trails[at]);
        }
    }
}

fn change_trail(rng: &mut Rng, choice: u8, trail: &mut Trail) {
    if trail.is_empty() {
        *trail = family(rng);
        return;
    }
    let at = rng.usize(..trail.len());
    match choice {
        6 => {
            let selector = selector(rng, 0);
            trail.insert(at, selector);
        }
        7 => {
            trail.swap_remove(at);
        }
        12 => {
            let (with, without) = halves(rng, &trail[at]);
            trail[at] = with;
            trail.push(without);
        }
        // The same change to every selector: what makes a family slow is that its members agree.
        8 => {
            let (field, operator) = (one(rng, &FIELDS), one(rng, &OPERATORS));
            for condition in trail.iter_mut().flatten().filter(|found| found.field == field) {
                condition.operator = operator;
            }
        }
        9 => {
            let (shape, field) = (Shape::any(rng), one(rng, &FIELDS));
            for (number, selector) in trail.iter_mut().enumerate() {
                selector.retain(|condition| condition.field != field);
                selector.push(shape.condition(field, number, 1));
            }
        }
        10 => {
            let field = one(rng, &FIELDS);
            trail.iter_mut().for_each(|selector| selector.retain(|found| found.field != field));
        }
        _ => {
            let (shape, field) = (Shape::any(rng), one(rng, &FIELDS));
            let count = one(rng, &[1, 2, 5, 20, 100, 250]);
            trail[at].push(shape.condition(field, rng.usize(..VALUES), count));
        }
    }
}

/// A trail that takes the rest of another: every operator on one field turned round.
fn shifted(rng: &mut Rng, mut trail: Trail) -> Trail {
    let field = one(rng, &FIELDS);
    for condition in trail.iter_mut().flatten().filter(|condition| condition.field == field) {
        let operator = condition.operator;
        let opposite = |found: &&&str| {
            found.strip_prefix("Not") == Some(operator)
                || operator.strip_prefix("Not") == Some(found)
        };
        condition.operator = OPERATORS.iter().find(opposite).unwrap_or(&operator);
    }
    trail
}

/// How the texts of a condition are made.
struct Shape {
    operator: &'static str,
    place: usize,
    style: crate::words::Style,
}

impl Shape {
    fn any(rng: &mut Rng) -> Self {
        Self {
            operator: one(rng, &OPERATORS),
            place: rng.usize(..PLACES),
            style: one(rng, &STYLES),
        }
    }

    fn condition(&self, field: &'static str, first: usize, count: usize) -> Condition {
        let value = |number| text(field, self.operator, self.place, &(self.style)(number % VALUES));
        let mut values: Vec<String> = (first..first + count).map(value).collect();
        values.dedup();
        Condition { field, operator: self.operator, values }
    }
}

/// Selectors of one shape, numbered.
fn family(rng: &mut Rng) -> Trail {
    let fields = rng.usize(1..=4);
    let mut shapes: Vec<(&str, Shape)> = Vec::new();
    for _ in 0..fields {
        let field = one(rng, &FIELDS);
        shapes.push((field, Shape::any(rng)));
    }
    let each = one(rng, &[1, 1, 2, 10, 100]);
    let first = one(rng, &[0, 0, 1, 100]);
    let count = VALUES / (fields * each + 2);
    (0..count)
        .map(|number| {
            let conditions = shapes
                .iter()
                .map(|(field, shape)| shape.condition(field, first + number * each, each));
            conditions.collect()
        })
        .collect()
}

fn selector(rng: &mut Rng, first: usize) -> Selector {
    let count = rng.usize(1..=3);
    (0..count)
        .map(|_| Shape::any(rng).condition(one(rng, &FIELDS), first + rng.usize(..VALUES), 1))
        .collect()
}
