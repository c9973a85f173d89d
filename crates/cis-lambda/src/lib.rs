//! The AWS Config custom rule: an invocation event in, one evaluation of the account out.
//!
//! [`Rule::handle`] reads the event and its parameters, has the account read, decides, and has the
//! evaluation put. Reading and putting are two ports of one power each, so the same rule runs in
//! Lambda against AWS and at a desk against a file. What goes wrong is an error of the invocation
//! and never a verdict: AWS Config then keeps the account's last result, and Lambda's alarms ring.

pub mod decision;
pub mod error;
pub mod evaluation;
pub mod event;
#[cfg(feature = "function")]
pub mod function;
mod member;
pub mod parameters;
pub mod ports;
#[cfg(feature = "put")]
mod put;
mod rule;

pub use error::RuleError;
#[cfg(feature = "put")]
pub use put::ConfigService;
pub use rule::{Handled, Rule};
