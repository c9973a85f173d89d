//! What stacks are composed of: resources that only make sense together.

pub(crate) mod alarms;
pub(crate) mod config_rule;
pub(crate) mod function;
pub(crate) mod pack_body;
pub(crate) mod reevaluation;
