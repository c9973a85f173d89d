//! Where a role is measured: moto with an organization trail, and a stack.

use e2e::Result;
use e2e::organization::{MANAGEMENT, organization_trail};
use e2e::policies::{Account, Stack};
use e2e::servers::Moto;
use e2e::trails::all_s3;
use serde_json::{Value, json};

/// The organization.
pub(crate) const ORGANIZATION: &str = "o-abcdefghij";

/// A member of the organization, whose rules a central function evaluates.
pub(crate) const MEMBER: &str = "444455556666";

/// The template's own name for the role in a member.
pub(crate) const MEMBER_ROLE: &str = "s3-object-level-logging-rule";

/// The topic that is told.
pub(crate) const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:security";

/// moto, and the stack whose role is measured.
pub(crate) struct Place {
    pub(crate) moto: Moto,
    /// The ARN of the role that reads the organization trail.
    pub(crate) reader: String,
    pub(crate) stack: Stack,
}

impl Place {
    /// The physical id of something that the stack made.
    pub(crate) fn id(&self, logical: &str) -> &str {
        self.stack.get(logical).map_or("", String::as_str)
    }

    /// The id of something alike that is not the stack's. It begins alike, too.
    pub(crate) fn other(&self, logical: &str) -> String {
        format!("{}-2", self.id(logical))
    }
}

/// Whoever has to do with the organization's trail.
pub(crate) struct Organization {
    /// The account of the function.
    pub(crate) own: Account,
    /// The account that owns the trail.
    pub(crate) management: Account,
    /// The ARN of the role there that may read the trail.
    pub(crate) reader: String,
}

/// moto with the organization trail, and the stack of the role that reads it.
pub(crate) fn start() -> Result<(Moto, Organization)> {
    let moto = Moto::start_enforcing()?;
    let mut own = Account::own(&moto)?;
    own.call("s3", "create_bucket", json!({"Bucket": "code"}))?;
    let code = json!({"Bucket": "code", "Key": "bootstrap.zip", "Body": "code"});
    own.call("s3", "put_object", code)?;
    let mut management = Account::other(&moto, MANAGEMENT)?;
    management.create_trail("organization", true, &all_s3())?;
    let of = json!({
        "OrganizationId": ORGANIZATION,
        "OrganizationTrailArns": organization_trail(),
    });
    let stack = management.deploy("reader", "organization-trail-role.yaml", &of)?;
    let reader = management.role_arn(&stack["TrailRole"])?;
    Ok((moto, Organization { own, management, reader }))
}

/// Things that are like those of the stack, and not the stack's.
pub(crate) fn make_others(own: &mut Account, place: &Place) -> Result {
    own.call("logs", "create_log_group", json!({"logGroupName": place.other("Log")}))?;
    own.call("events", "create_event_bus", json!({"Name": place.other("Failures")}))?;
    Ok(())
}

/// The parameters of a stack that say where the function's code is.
pub(crate) fn code() -> Value {
    json!({"CodeBucket": "code", "CodeKey": "bootstrap.zip"})
}

/// These parameters and those.
pub(crate) fn with(mut parameters: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().into_iter().flatten() {
        parameters[name] = value.clone();
    }
    parameters
}

/// The name at the end of a queue's URL, or of a role's ARN.
pub(crate) fn name_of(thing: &str) -> &str {
    thing.rsplit('/').next().unwrap_or_default()
}
