//! Calls that change an account, each with the calls that undo it.

use serde::{Deserialize, Serialize};

use crate::json::Members;

/// An operation of CloudTrail.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Operations.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Call {
    /// Replaces a trail's whole set of selectors.
    PutEventSelectors,
    /// Switches a trail on.
    StartLogging,
    /// Changes a trail's settings; those that are not given stay.
    UpdateTrail,
    /// Makes a trail.
    CreateTrail,
    /// Switches a trail off. It stands in an `undo` only.
    StopLogging,
    /// Removes a trail. It stands in an `undo` only.
    DeleteTrail,
}

impl Call {
    /// The operation's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PutEventSelectors => "PutEventSelectors",
            Self::StartLogging => "StartLogging",
            Self::UpdateTrail => "UpdateTrail",
            Self::CreateTrail => "CreateTrail",
            Self::StopLogging => "StopLogging",
            Self::DeleteTrail => "DeleteTrail",
        }
    }

    /// The subcommand of `aws cloudtrail`.
    #[must_use]
    pub const fn command(self) -> &'static str {
        match self {
            Self::PutEventSelectors => "put-event-selectors",
            Self::StartLogging => "start-logging",
            Self::UpdateTrail => "update-trail",
            Self::CreateTrail => "create-trail",
            Self::StopLogging => "stop-logging",
            Self::DeleteTrail => "delete-trail",
        }
    }
}

/// A call with its request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Undo {
    /// The operation.
    pub call: Call,
    /// The whole request, in AWS's own members.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "std::collections::BTreeMap<String, serde_json::Value>")
    )]
    pub request: Members,
}

/// A call that changes an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The operation.
    pub call: Call,
    /// The account that can make the call: an organization trail's owner, or the account itself.
    pub account_id: String,
    /// The Region where the call is made: the trail's home Region.
    pub region: String,
    /// The whole request, in AWS's own members.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "std::collections::BTreeMap<String, serde_json::Value>")
    )]
    pub request: Members,
    /// The calls that undo this one, in their order; empty where there is nothing to undo, or what
    /// was before is not known.
    pub undo: Vec<Undo>,
    /// Why the call is made.
    pub why: String,
}

impl Change {
    /// The trail of the call: its ARN, or its name.
    #[must_use]
    pub fn trail(&self) -> String {
        let name = self.request.read("TrailName").or_else(|| self.request.read("Name"));
        name.unwrap_or_default()
    }
}
