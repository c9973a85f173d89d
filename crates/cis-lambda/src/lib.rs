//! The AWS Config custom rule: an invocation event in, evaluations out.
//!
//! [`Rule::handle`] reads the event and its parameters, has the account read, decides, has the
//! results listed that may have to be retired, and has the evaluations put, in this order: what
//! fails on the way leaves AWS Config as it was. Reading, listing and putting are ports of one power
//! each, so the same rule runs in Lambda against AWS and at a desk against a file. What goes wrong is
//! an error of the invocation and never a verdict: AWS Config then keeps the account's last result,
//! and Lambda's alarms ring.

#[cfg(feature = "function")]
pub mod ahead;
mod annotation;
pub mod conclusion;
#[cfg(feature = "function")]
mod deadline;
pub mod error;
pub mod evaluation;
pub mod event;
#[cfg(feature = "function")]
pub mod function;
mod json_object;
#[cfg(feature = "function")]
pub mod logs;
#[cfg(feature = "function")]
pub mod metrics;
mod organization;
pub mod parameters;
pub mod ports;
pub mod published;
#[cfg(feature = "put")]
mod put;
#[cfg(feature = "function")]
pub mod remediation;
mod retire;
mod rule;
pub mod security_hub;
#[cfg(feature = "put")]
mod service;
mod trails;
pub mod undecided;
#[cfg(feature = "function")]
pub mod waits;

pub use error::RuleError;
pub use rule::{Handled, Rule, questions, today};
#[cfg(feature = "put")]
pub use security_hub::SecurityHub;
#[cfg(feature = "put")]
pub use service::ConfigService;
