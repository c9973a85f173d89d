//! Answers as findings, for those who look at many tools' findings in one place.
//!
//! One answer, about one kind of event in one account, is one finding: in the AWS Security Finding
//! Format ([`asff`]), which Security Hub CSPM imports, or as a Compliance Finding of the Open
//! Cybersecurity Schema Framework ([`ocsf`]), which is written to files. Both say the same: the
//! verdict, the record that is lost, the whole region around it, and what to do.
//!
//! Nothing here asks AWS or looks at a clock: the caller says when the account was read.

pub mod asff;
#[cfg(feature = "reports")]
pub mod assumption;
pub mod commands;
#[cfg(feature = "reports")]
pub mod event;
pub mod evidence;
pub mod exception;
mod finding_input;
mod fix;
#[cfg(feature = "reports")]
pub mod github;
#[cfg(feature = "reports")]
pub mod gitlab;
pub mod identity;
#[cfg(feature = "reports")]
pub mod junit;
#[cfg(feature = "reports")]
pub mod markdown;
pub mod mistake;
pub mod near;
pub mod ocsf;
#[cfg(feature = "reports")]
pub mod outline;
#[cfg(feature = "reports")]
pub mod regions;
pub mod repair;
#[cfg(test)]
mod samples;
#[cfg(feature = "reports")]
pub mod sarif;
pub mod selectors;
#[cfg(feature = "reports")]
pub mod sheet;
mod text;
mod time;
pub mod told;
mod wording;

pub use finding_input::FindingInput;
pub use time::Time;
