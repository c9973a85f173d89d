//! Who calls.

use std::fmt::Write as _;

use cis_logs::Time;
use fastrand::Rng;

use crate::words;

/// What a caller is, as often as in published logs of an account that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    Role,
    Service,
    User,
    OtherAccount,
    Anonymous,
}

impl Caller {
    pub(crate) fn any(random: &mut Rng) -> Self {
        match random.u8(0..100) {
            0..60 => Self::Role,
            60..80 => Self::Service,
            80..94 => Self::User,
            94..98 => Self::OtherAccount,
            _ => Self::Anonymous,
        }
    }
}

/// Some names are always the same, so that the texts repeat as real ones do.
const ROLES: [&str; 6] = [
    "app-server",
    "etl-nightly",
    "AWSReservedSSO_ReadOnly_0a1b2c3d4e5f6a7b",
    "ci",
    "backup",
    "web",
];
const USERS: [&str; 4] = ["alice", "bob", "deploy", "mallory"];

/// Writes `userIdentity`.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>
pub(crate) fn write(
    text: &mut String,
    random: &mut Rng,
    caller: Caller,
    account: &str,
    time: Time,
) {
    let written = match caller {
        Caller::Service => {
            write!(text, r#"{{"type":"AWSService","invokedBy":"cloudtrail.amazonaws.com"}}"#)
        }
        Caller::Anonymous => {
            write!(text, r#"{{"type":"AWSAccount","principalId":"","accountId":"anonymous"}}"#)
        }
        Caller::OtherAccount => write!(
            text,
            r#"{{"type":"AWSAccount","principalId":"AROA{}:session","accountId":"777788889999"}}"#,
            words::capitals(random, 17)
        ),
        Caller::User => {
            let user = USERS[words::skewed(random, USERS.len())];
            write!(
                text,
                r#"{{"type":"IAMUser","principalId":"AIDA{id:0>17}","arn":"arn:aws:iam::{account}:user/{user}","accountId":"{account}","accessKeyId":"AKIA{key:0>16}","userName":"{user}"}}"#,
                id = user.to_uppercase(),
                key = user.to_uppercase(),
            )
        }
        Caller::Role => {
            let index = words::skewed(random, ROLES.len());
            let role = ROLES[index];
            let session = format!("i-{:017x}", 0x0ab1_2345_6789_u64 + random.u64(0..40));
            let began = time.plus(-(time.seconds().rem_euclid(3_600)));
            write!(
                text,
                r#"{{"type":"AssumedRole","principalId":"AROA{index:0>17}:{session}","arn":"arn:aws:sts::{account}:assumed-role/{role}/{session}","accountId":"{account}","accessKeyId":"ASIA{}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROA{index:0>17}","arn":"arn:aws:iam::{account}:role/{role}","accountId":"{account}","userName":"{role}"}},"webIdFederationData":{{}},"attributes":{{"creationDate":"{began}","mfaAuthenticated":"false"}},"ec2RoleDelivery":"2.0"}}}}"#,
                words::capitals(random, 16)
            )
        }
    };
    debug_assert!(written.is_ok(), "a string takes everything");
}
