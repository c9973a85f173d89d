//! Types of resources that are trails, bring some, or may call CloudTrail.

/// Whose values are read: of every other resource only that it is there.
pub(super) fn is_read(kind: &str) -> bool {
    matches!(
        kind,
        "aws_cloudtrail"
            | "awscc_cloudtrail_trail"
            | "aws_cloudcontrolapi_resource"
            | "aws_cloudformation_stack"
            | "awscc_cloudformation_stack"
            | "aws_cloudformation_stack_set"
            | "awscc_cloudformation_stack_set"
            | "aws_lambda_invocation"
            | "null_resource"
            | "terraform_data"
            | "local_command"
    )
}

/// Whether a resource that may not be there leaves open which trails there are.
pub(super) fn has_trails(kind: &str) -> bool {
    matches!(
        kind,
        "aws_cloudtrail"
            | "awscc_cloudtrail_trail"
            | "aws_cloudcontrolapi_resource"
            | "aws_cloudformation_stack"
            | "awscc_cloudformation_stack"
            | "aws_cloudformation_stack_set"
            | "awscc_cloudformation_stack_set"
    )
}

/// Optional properties that Cloud Control fills in where they are not given.
pub(super) const COMPUTED: [&str; 5] = [
    "event_selectors",
    "advanced_event_selectors",
    "is_multi_region_trail",
    "is_organization_trail",
    "trail_name",
];

/// The members that name a bucket; none where a resource is none.
pub(super) fn bucket_names(kind: &str) -> &'static [&'static str] {
    match kind {
        "aws_s3_bucket" => &["bucket", "bucket_prefix"],
        "awscc_s3_bucket" => &["bucket_name"],
        _ => &[],
    }
}
