//! Random questions about random accounts.

use cis_rules::question::{BucketName, Deliveries, Kind, Mode, Question};

use crate::rng::Rng;

/// A question, sometimes with buckets of the accounts that may stay unlogged, and with demands that
/// some of their trails nearly meet.
pub(crate) fn question(rng: &mut Rng) -> Question {
    let mut some = |names: &[&str]| -> Vec<BucketName> {
        names.iter().filter(|_| rng.once_in(6)).map(|name| name.parse().unwrap()).collect()
    };
    let allow_unlogged = some(&["acme-logs", "acme-logs-prod", "zeta"]);
    let trusted_log_buckets = some(&["acme-logs", "acme-logs2"]);
    let deliveries = if rng.once_in(3) { Deliveries::Require } else { Deliveries::Ignore };
    Question {
        allow_unlogged,
        deliveries,
        trusted_log_buckets,
        require_delivery: rng.once_in(6),
        ..Question::new(*rng.pick(&Kind::ALL), *rng.pick(&Mode::ALL))
    }
}
