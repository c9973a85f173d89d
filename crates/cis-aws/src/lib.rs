//! Reads what an AWS account's CloudTrail trails record into a snapshot.
//!
//! Everything that a verdict could need is collected here, and nothing is decided: a call that AWS
//! denies, or that fails, is an entry of the snapshot and never the end of the reading. Responses
//! are kept as AWS's own JSON, for the SDK's types drop the members that they do not know, and an
//! operator that is dropped from a selector would make it look wider than it is.

mod access;
mod account;
mod aggregator;
mod authorities;
mod budget;
mod changes;
mod client;
mod collect;
mod connections;
mod credentials;
mod endpoint;
mod environment;
mod failure;
mod listing;
mod members;
mod organization;
mod pace;
mod profiles;
mod public_keys;
mod raw;
mod reader;
mod requests;
mod service;
mod sessions;

pub use access::{Access, Role};
pub use account::{Account, CallerError, Identity, caller, identity};
pub use aggregator::{Aggregator, Recorded, Source};
pub use authorities::BundleError;
pub use budget::Budget;
pub use changes::Changer;
pub use client::{http_client, load_config};
pub use collect::{Collected, Collector};
pub use connections::{Ahead, Connections, ConnectionsError};
pub use credentials::LoadedCredentials;
pub use environment::{EnvironmentError, config_of_environment};
pub use failure::Failure;
pub use listing::{Organization, OrganizationAccount};
pub use members::{MemberRole, Members};
pub use organization::LONGEST_WAIT;
pub use pace::{CLOUDTRAIL_READS_A_SECOND, Pace};
pub use profiles::{CredentialSource, ProfileFilesError, Profiles};
pub use public_keys::{PublicKey, public_keys};
pub use raw::RawBody;
pub use reader::{Reader, RoleError};
pub use requests::Requests;
pub use service::{SECURITY_HUB, Service, ServiceCall};
pub use sessions::Sessions;
