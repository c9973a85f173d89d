//! Plans the smallest safe change that makes an account COMPLIANT, and proves it before it is shown.
//!
//! [`fix`] takes an [`Account`], which is a snapshot with its text, and questions, and gives calls of
//! CloudTrail with their whole requests, the calls that undo them, and the account as it would be
//! afterwards. Of each plan
//!
//! * the engine proves that the account is COMPLIANT afterwards, for every question;
//! * what a trail's selectors took before, of any category and any type of resource, the new set
//!   takes, too, or the plan says what it may lose and comes last;
//! * the quotas hold, and the request has a shape that the service accepts.
//!
//! PutEventSelectors replaces a trail's whole set, has no version and no dry run:
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html>. So each
//! request is whole, with the selectors that are not changed as AWS gave them, in their order.
//!
//! The crate is pure: no input or output, no clock, no environment, no AWS SDK.

mod account;
pub mod apply;
mod change;
pub mod command;
mod cost;
mod draft;
mod edits;
mod fix;
mod inclusion;
pub mod json;
mod limits;
mod plan;
mod planned;
mod render;
mod selectors;
mod tidy;
mod trail;
mod volume;
mod warnings;
mod written;

pub use account::Account;
pub use change::{Call, Change, Undo};
pub use cost::{Cost, PerMonth};
pub use fix::{Alternative, Fix, Fixes, Options, fix};
pub use json::Members;
pub use render::{cloudformation, terraform};
pub use volume::{InvalidVolume, Volume};
pub use warnings::{Tags, Warning, WarningKind};
pub use written::{Written, by_trail};

/// The inside, for tests: it changes without notice.
#[doc(hidden)]
pub mod internals {
    pub use crate::checks::{lost_selectors, quotas_hold};
}

mod checks;
