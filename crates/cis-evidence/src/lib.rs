//! What CloudTrail's logs say of logging itself: who changed what is recorded and what was not
//! recorded since, which delivered records contradict the selectors, where the logs are silent.
//!
//! Pure: it takes records, snapshots and counts that others read, and opens nothing. Which records a
//! trail logs is the engine's answer.

mod account;
pub mod answer;
mod call;
mod collected;
mod delivered;
mod history;
mod judge;
mod management;
mod moment;
#[cfg(feature = "schema")]
pub mod schema;
mod sentences;
mod silence;
mod spelling;
mod state;
mod steps;
mod trail_id;
mod unrecorded;

pub use account::Observation;
pub use call::{Call, is_about_logging};
pub use collected::{Collected, Coverage, Glance};
pub use history::History;
pub use judge::{Findings, Judge, Reader, Scope};
pub use moment::{DAY, HOUR, Moment};
pub use silence::{DigestSummary, silence};
