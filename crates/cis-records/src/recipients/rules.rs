//! The rules: one row for each case.

use super::{Copy, OlderText, Recipients};

/// A case that AWS's texts tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// The policy of a VPC endpoint denied the request.
    EndpointPolicy,
    /// The request was redirected.
    Redirect,
    /// The request's credentials were not valid.
    AuthenticationFailed,
    /// The request was not signed.
    Anonymous,
    /// An AWS service made the request.
    Service,
    /// The requester is of the bucket owner's account.
    SameAccount,
    /// It is another account, and the event is not one on objects.
    OtherLevel,
    /// It is another account, and access was denied.
    Denied,
    /// It is another account, and grants access by e-mail address.
    GrantByEmail,
    /// It is another account, and the bucket owner may do the same to the object.
    OwnerMay,
    /// It is another account, and the bucket owner may not.
    OwnerMayNot,
    /// It is another account, and whether the bucket owner may is not known.
    OwnerPerhapsMay,
    /// The bucket owner's account is not known, and access was not denied.
    OwnerNotKnown,
    /// The requester's account is not known, or the bucket owner's where access was denied.
    NotKnown,
}

const S3_EVENTS: &str =
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html";
const S3_EVENTS_OF_2023: &str = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html, edition of \
     2023 and earlier";
const S3_LOGGING: &str =
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/logging-with-S3.html";
const RECORD: &str = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html";
const OWNER_ID: &str = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html#cloudtrail-receive-logs-s3-owner-id-redaction";

/// The rule of each case.
pub const RULES: [(Case, Recipients); 14] = [
    (
        Case::EndpointPolicy,
        rule(
            [Copy::None, Copy::None],
            "CloudTrail records no request that the policy of a VPC endpoint denies",
            S3_LOGGING,
        ),
    ),
    (
        Case::Redirect,
        rule(
            [Copy::None, Copy::None],
            "CloudTrail records no request that is redirected (301)",
            S3_LOGGING,
        ),
    ),
    (
        Case::AuthenticationFailed,
        rule(
            [Copy::Unknown, Copy::Unknown],
            "AWS's pages contradict each other: that of S3 says that requests with credentials that \
             are not valid are not recorded, that of CloudTrail describes data events of them \
             (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html)",
            S3_LOGGING,
        ),
    ),
    (
        Case::Anonymous,
        rule(
            [Copy::None, Copy::Full],
            "a request that is not signed has no account of its own; the bucket owner receives it, \
             whether it was allowed or denied",
            S3_LOGGING,
        ),
    ),
    (
        Case::Service,
        rule(
            [Copy::Unknown, Copy::Full],
            "an AWS service makes the request in an account of its own, of which customers see \
             nothing; the bucket owner receives the event, with a sharedEventID",
            RECORD,
        ),
    ),
    (
        Case::SameAccount,
        rule(
            [Copy::Full, Copy::Full],
            "requester and bucket owner are one account, which receives one event without a \
             sharedEventID",
            RECORD,
        ),
    ),
    (
        Case::OtherLevel,
        rule(
            [Copy::Full, Copy::Unknown],
            "the account that makes a call receives its event; what the bucket owner receives is \
             described for events on objects only",
            S3_EVENTS,
        ),
    ),
    (
        Case::Denied,
        Recipients {
            redacted_fields: &["resources[].accountId of the bucket"],
            ..rule(
                [Copy::Unknown, Copy::Full],
                "the event of a denied request is redacted for the requester or not delivered to it \
                 in some cases, which AWS does not list; the bucket owner receives it, with the \
                 caller as an account: principalId and accountId, and no ARN",
                OWNER_ID,
            )
        },
    ),
    (
        Case::GrantByEmail,
        Recipients {
            redacted_fields: &["the grantee's e-mail address", "the grant"],
            ..rule(
                [Copy::Full, Copy::Redacted],
                "where access is granted by e-mail address, the bucket owner receives the event \
                 without the address and the grant",
                S3_EVENTS,
            )
        },
    ),
    (
        Case::OwnerMay,
        rule(
            [Copy::Full, Copy::Full],
            "both accounts receive the event, each with an eventID of its own and both with the same \
             sharedEventID",
            S3_EVENTS,
        ),
    ),
    (
        Case::OwnerMayNot,
        Recipients {
            older_text: Some(OlderText { bucket_owner: Copy::None, source: S3_EVENTS_OF_2023 }),
            ..rule([Copy::Full, Copy::Full], OWNER_WITHOUT_PERMISSION, S3_EVENTS)
        },
    ),
    (
        Case::OwnerPerhapsMay,
        Recipients {
            older_text: Some(OlderText { bucket_owner: Copy::Unknown, source: S3_EVENTS_OF_2023 }),
            ..rule([Copy::Full, Copy::Full], OWNER_WITHOUT_PERMISSION, S3_EVENTS)
        },
    ),
    (
        Case::OwnerNotKnown,
        rule(
            [Copy::Full, Copy::Unknown],
            "the account that makes a request receives its event; which account owns the bucket, \
             if the request is about one, is not known",
            S3_EVENTS,
        ),
    ),
    (
        Case::NotKnown,
        rule(
            [Copy::Unknown, Copy::Unknown],
            "the account of the requester is not known, or that of the bucket owner of a denied \
             request",
            S3_EVENTS,
        ),
    ),
];

const OWNER_WITHOUT_PERMISSION: &str = "both accounts receive the event, the bucket owner also \
     where it neither owns the object nor may do the same to it; an older edition gave it a copy \
     only where the object's access control list gave it the permission";

const fn rule(
    [requester, bucket_owner]: [Copy; 2],
    rule: &'static str,
    source: &'static str,
) -> Recipients {
    Recipients { requester, bucket_owner, redacted_fields: &[], rule, source, older_text: None }
}

impl Case {
    /// Who receives a copy.
    #[must_use]
    pub const fn recipients(self) -> Recipients {
        // The rows are in the order of the enumeration, as a test sees.
        RULES[self as usize].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_has_its_row_with_a_source() {
        for (index, (case, row)) in RULES.into_iter().enumerate() {
            assert_eq!(case as usize, index);
            assert_eq!(case.recipients(), row);
            assert!(row.source.starts_with("https://docs.aws.amazon.com/"), "{case:?}");
            let is_redacted = [row.requester, row.bucket_owner].contains(&Copy::Redacted);
            assert!(!is_redacted || !row.redacted_fields.is_empty(), "{case:?}");
        }
        assert_eq!(RULES.len(), Case::NotKnown as usize + 1);
    }
}
