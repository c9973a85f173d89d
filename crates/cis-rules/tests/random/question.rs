//! Random questions about random accounts.

use cis_rules::question::{Kind, Mode, Question};

use crate::rng::Rng;

/// A question, sometimes with buckets of the accounts that may stay unlogged.
pub(crate) fn question(rng: &mut Rng) -> Question {
    let allowed = ["acme-logs", "acme-logs-prod", "zeta"];
    let allow_unlogged =
        allowed.iter().filter(|_| rng.once_in(6)).map(|name| name.parse().unwrap()).collect();
    Question { allow_unlogged, ..Question::new(*rng.pick(&Kind::ALL), *rng.pick(&Mode::ALL)) }
}
