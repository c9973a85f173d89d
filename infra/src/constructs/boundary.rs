//! What an account's owner may demand of what is deployed there: a boundary, a path and a key.

use crate::FUNCTION_ROLE_PATH;
use crate::intrinsic::{Property, Text, only_if, reference};
use crate::policy::Statement;
use crate::template::{Input, uses};

/// The parameter that names a managed policy which bounds the roles.
const BOUNDARY: &str = "PermissionsBoundaryArn";

/// The parameter that names the path of the function's role.
pub(crate) const ROLE_PATH: &str = "FunctionRolePath";

/// The parameter that names a key for what is kept.
pub(crate) const KEY: &str = "KmsKeyArn";

/// The parameter that reserves concurrency.
pub(crate) const CONCURRENCY: &str = "ReservedConcurrency";

/// The heading of these parameters.
pub(crate) const HEADING: &str = "What your account demands";

/// A permissions boundary, as a parameter.
pub(crate) fn boundary_input() -> (&'static str, Input) {
    let input = Input::text("A managed policy that is the permissions boundary of the roles.");
    let pattern = "^(arn:[a-z-]+:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+)?$";
    (BOUNDARY, input.like(pattern, "the ARN of a managed policy").or(""))
}

/// The same as a role's property.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>
pub(crate) fn boundary() -> Text {
    only_if(&uses(BOUNDARY), reference(BOUNDARY)).into()
}

/// A key, as a parameter.
pub(crate) fn key_input(description: &str) -> (&'static str, Input) {
    let pattern = "^(arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?$";
    (KEY, Input::text(description).like(pattern, "the ARN of a KMS key").or(""))
}

/// All of them, for stacks with a function.
pub(crate) fn inputs() -> Vec<(&'static str, Input)> {
    let path = Input::text(
        "The path of the function's role. The organization trail's role knows the functions by it \
         (TrustedRolePattern).",
    );
    let concurrency = Input::text(
        "How many invocations may run at a time, reserved for the function. Empty: as many as the \
         account has.",
    );
    vec![
        (
            ROLE_PATH,
            path.like("^/([A-Za-z0-9+=,.@_-]+/)*$", "a path that begins and ends with /")
                .or(FUNCTION_ROLE_PATH),
        ),
        boundary_input(),
        key_input(
            "A KMS key for the log, the queue and the topic. Empty: keys of AWS. The key's policy \
             must let the services use it.",
        ),
        (CONCURRENCY, concurrency.like("^([1-9][0-9]{0,3})?$", "a number from 1 on").or("")),
    ]
}

/// Lets a role use the key, where one is given.
pub(crate) fn kms_statement(purpose: &str) -> Property<Statement> {
    let statement = Statement::allow(
        purpose,
        &["kms:Decrypt", "kms:GenerateDataKey"],
        vec![reference(KEY).into()],
    );
    only_if(&uses(KEY), statement).into()
}
