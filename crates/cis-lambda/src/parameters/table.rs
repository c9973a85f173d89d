//! The one table of the rule's parameters: names, meanings, values, forms of texts and defaults.
//!
//! The handler reads its parameters by it, and the CloudFormation templates offer them by it.

use std::fmt;

/// What a rule may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name.
    pub name: &'static str,
    /// What it is for, as consoles show it.
    pub description: &'static str,
    /// What its value may be.
    pub values: Values,
    /// What holds where it is not given: a value, or an empty text.
    pub default: &'static str,
}

/// What a parameter's value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A text of this form, or an empty one.
    Text(Form),
}

/// The form of a text.
///
/// AWS Config takes at most 1,024 characters of JSON as a rule's `InputParameters`. The longest
/// values of all parameters together fit into them.
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// The form in words.
    pub meaning: &'static str,
    /// A regular expression that the whole text matches. It admits no quotation mark and no
    /// backslash, so a text of this form stands in JSON as it is.
    pub pattern: &'static str,
    /// The most characters that a template takes.
    pub longest: u32,
    /// A text of this form.
    pub example: &'static str,
}

impl fmt::Display for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneOf(values) => f.write_str(&super::quoted(values.iter().copied())),
            Self::Text(form) => f.write_str(form.meaning),
        }
    }
}

/// What may be put where a verdict is INDETERMINATE.
const ROWS: &[&str] = &["ERROR", "NON_COMPLIANT", "NOT_APPLICABLE"];

/// Which events must be logged.
pub const EVENT_KINDS: Parameter = Parameter {
    name: "EventKinds",
    description: "Which S3 object-level events must be recorded.",
    values: Values::OneOf(&["write", "read", "write,read"]),
    default: "write",
};

/// How trails combine.
pub const TRAIL_MODE: Parameter = Parameter {
    name: "TrailMode",
    description: "How trails combine: any (one trail records everything by itself), union (all \
                  together do), every (each one does by itself).",
    values: Values::OneOf(&["any", "union", "every"]),
    default: "any",
};

/// Buckets that may stay unlogged.
pub const ALLOWED_UNLOGGED_BUCKETS: Parameter = Parameter {
    name: "AllowedUnloggedBuckets",
    description: "Buckets that may stay unlogged: exact names, separated by commas. NAME@2027-03-31 \
                  says the last day on which one may.",
    values: Values::Text(Form {
        meaning: "exact bucket names, separated by commas, with a last day as NAME@YYYY-MM-DD",
        pattern: "[A-Za-z0-9._-]{3,255}(@[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?\
                  (,[A-Za-z0-9._-]{3,255}(@[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?)*",
        longest: 320,
        example: "audit-logs,My.Old_Bucket@2027-03-28",
    }),
    default: "",
};

/// Whether CloudTrail's own log deliveries must be logged.
pub const CLOUDTRAIL_DELIVERIES: Parameter = Parameter {
    name: "CloudTrailDeliveries",
    description: "Whether CloudTrail's own deliveries of log files must be recorded too. AWS \
                  advises against it where a trail records all S3 data events.",
    values: Values::OneOf(&["ignore", "require"]),
    default: "ignore",
};

/// The buckets that a trail must deliver to in order to count.
pub const TRUSTED_LOG_BUCKETS: Parameter = Parameter {
    name: "TrustedLogBuckets",
    description: "The buckets that a trail must deliver to in order to count: exact names, \
                  separated by commas. Empty: any bucket.",
    values: Values::Text(Form {
        meaning: "exact bucket names, separated by commas",
        pattern: "[A-Za-z0-9._-]{3,255}(,[A-Za-z0-9._-]{3,255})*",
        longest: 160,
        example: "audit-logs,My.Old_Bucket",
    }),
    default: "",
};

/// Whether a trail with a delivery error counts.
pub const REQUIRE_DELIVERY: Parameter = Parameter {
    name: "RequireDelivery",
    description: "Whether a trail counts only while its latest log file was delivered \
                  (LatestDeliveryError).",
    values: Values::OneOf(&["true", "false"]),
    default: "false",
};

/// What is put where the account's own configuration cannot be decided.
pub const ON_INDETERMINATE: Parameter = Parameter {
    name: "OnIndeterminate",
    description: "What is reported where the selectors can be neither proved nor refuted, because \
                  AWS does not document what they mean. ERROR fails the invocation, and AWS Config \
                  keeps its last result.",
    values: Values::OneOf(ROWS),
    default: "NON_COMPLIANT",
};

/// What is put where calls failed that could settle the verdict.
pub const ON_UNREADABLE: Parameter = Parameter {
    name: "OnUnreadable",
    description: "What is reported where calls failed that could settle the verdict. ERROR fails \
                  the invocation, and AWS Config keeps its last result.",
    values: Values::OneOf(ROWS),
    default: "ERROR",
};

/// What is reported on.
pub const REPORT_ON: Parameter = Parameter {
    name: "ReportOn",
    description: "What is reported on: the account, or the account and its trails.",
    values: Values::OneOf(&["account", "account+trails"]),
    default: "account",
};

/// The role that is assumed in the event's account.
pub const MEMBER_ROLE_NAME: Parameter = Parameter {
    name: "MemberRoleName",
    description: "The role that the function assumes in the rule's account. Empty where the \
                  function is deployed in each account.",
    values: Values::Text(Form {
        meaning: "the name of an IAM role, 1 to 64 of A-Z, a-z, 0-9 and `+=,.@_-`",
        pattern: "[A-Za-z0-9+=,.@_-]{1,64}",
        longest: 64,
        example: "s3-object-level-logging-rule",
    }),
    default: "",
};

/// The role that can read the organization trail's selectors.
pub const ORGANIZATION_TRAIL_ROLE_ARN: Parameter = Parameter {
    name: "OrganizationTrailRoleArn",
    description: "A role that may read the organization trail's selectors, which member accounts \
                  cannot read themselves.",
    values: Values::Text(Form {
        meaning: "the ARN of an IAM role, `arn:<partition>:iam::<account>:role/<name>`",
        pattern: "arn:[a-z-]+:iam::[0-9]{12}:role/([A-Za-z0-9+=,.@_-]+/)*[A-Za-z0-9+=,.@_-]{1,64}",
        longest: 160,
        example: "arn:aws:iam::111122223333:role/team/trail-reader",
    }),
    default: "",
};

/// Whether findings go to Security Hub.
pub const SECURITY_HUB: Parameter = Parameter {
    name: "SecurityHub",
    description: "Whether findings are imported into Security Hub.",
    values: Values::OneOf(&["off", "asff"]),
    default: "off",
};

/// All parameters.
pub const ALL: [Parameter; 12] = [
    EVENT_KINDS,
    TRAIL_MODE,
    ALLOWED_UNLOGGED_BUCKETS,
    CLOUDTRAIL_DELIVERIES,
    TRUSTED_LOG_BUCKETS,
    REQUIRE_DELIVERY,
    ON_INDETERMINATE,
    ON_UNREADABLE,
    REPORT_ON,
    MEMBER_ROLE_NAME,
    ORGANIZATION_TRAIL_ROLE_ARN,
    SECURITY_HUB,
];
