//! Random questions about random accounts.

use cis_rules::question::{BucketName, Deliveries, Kind, Mode, Question};
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::texts::BUCKETS;

/// A question, sometimes with buckets of the accounts that may stay unlogged, and with demands that
/// some of their trails nearly meet.
pub fn question(chance: &mut impl Chance) -> Question {
    let mut some = |names: &[&str]| -> Vec<BucketName> {
        names.iter().filter(|_| chance.once_in(6)).map(|name| name.parse().unwrap()).collect()
    };
    let allow_unlogged = some(&[BUCKETS[0], BUCKETS[2], BUCKETS[3]]);
    let trusted_log_buckets = some(&[BUCKETS[0], "acme-logs2"]);
    let deliveries = if chance.once_in(3) { Deliveries::Require } else { Deliveries::Ignore };
    Question {
        allow_unlogged,
        deliveries,
        trusted_log_buckets,
        require_delivery: chance.once_in(6),
        ..Question::new(*chance.pick(&Kind::ALL), *chance.pick(&Mode::ALL))
    }
}

/// The question as the [model](crate::model) and the solver read it.
#[must_use]
pub fn to_json(question: &Question) -> Value {
    json!({
        "kind": question.kind.name(),
        "allowUnlogged": question.allow_unlogged,
        "deliveries": question.deliveries,
        "trustedLogBuckets": question.trusted_log_buckets,
        "requireDelivery": question.require_delivery,
    })
}
