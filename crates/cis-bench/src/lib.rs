//! How long the engine takes: accounts to measure it with, and a search for the slowest one that AWS
//! allows.

mod change;
pub mod configuration;
pub mod family;
pub mod search;
mod words;
