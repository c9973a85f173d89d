//! How it is decided: selectors as regions, the search for a proof, its checker, and what is left.

pub mod compile;
pub mod gaps;
pub mod problem;
pub mod proof;
pub mod search;
pub mod witness;
