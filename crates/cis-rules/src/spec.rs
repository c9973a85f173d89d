//! What it means: what one trail does with one record, and which records must be logged.
//!
//! Slow and short on purpose. Tests hold it and the engine to a model that shares no code with
//! either.

pub(crate) mod date;
pub(crate) mod exception;
pub mod matching;
pub mod question;
pub mod scope;
pub mod trail;
