//! What it means: what one trail does with one record, and which records must be logged.
//!
//! Slow and short on purpose. The engine is held against it.

pub mod matching;
pub mod question;
pub mod scope;
pub mod trail;
