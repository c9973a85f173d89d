//! The rule's deployment, as CloudFormation templates that are made from the code's own constants.
//!
//! [`templates`] are stacks, composed of constructs, which are made of typed resources. What the
//! handler and the collector also know (the parameters, the triggers, the IAM actions) has one
//! place, and the templates cannot drift from it: `cargo xtask synth` writes them, and a test fails
//! where the written ones differ.
//!
//! This is no general CDK. It knows the resource types that are used, and grows with them.

mod constructs;
pub mod deployer;
mod inputs;
mod intrinsic;
mod names;
mod permissions;
mod policy;
mod resources;
mod stacks;
pub mod synth;
mod template;
pub mod terraform;
mod yaml;

pub use names::*;
pub use permissions::{PERMISSIONS, Permission};
pub use stacks::templates;
