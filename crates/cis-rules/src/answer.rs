//! What is answered, and in which words.

mod console_template;
pub(crate) mod describe;
pub mod diff;
pub(crate) mod doubts;
pub(crate) mod evaluate;
pub mod explain;
pub(crate) mod planned;
pub mod report;
mod summary;
