//! What the end-to-end tests run: the real binaries, the servers that they talk to, and boto3.
//!
//! Everything listens on the loopback interface and is stopped when its value is dropped.

pub mod bootstrap;
pub mod boto;
pub mod cases;
pub mod cli;
pub mod deployer;
pub mod event;
pub mod http;
pub mod logs;
pub mod moto;
pub mod ocsf;
pub mod organization;
pub mod policies;
pub mod process;
pub mod proxy;
pub mod quick;
pub mod runtime_api;
pub mod servers;
pub mod setup;
pub mod trails;
pub mod walk;

/// Any error, in words.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// The outcome of a test or of a helper.
pub type Result<T = ()> = std::result::Result<T, Error>;
