//! What stacks are composed of: resources that only make sense together.

pub(crate) mod alarms;
pub(crate) mod boundary;
pub(crate) mod config_rule;
pub(crate) mod failures;
pub(crate) mod function;
pub(crate) mod notices;
pub(crate) mod pack_body;
pub(crate) mod reevaluation;
