//! Which credentials signed a request: temporary ones, and those of the console.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>
//! and, for the prefixes of keys,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>

use cis_rules::record::json::{IdentityJson, RecordJson};

/// Whether the credentials were temporary; `None` where that cannot be told: no credentials signed the
/// request, they are a service's own, or the record contradicts itself.
pub(crate) fn are_temporary(record: &RecordJson<'_>) -> Option<bool> {
    let identity = record.identity()?;
    let is_session = by_identity(identity);
    match identity.access_key_id.text().unwrap_or_default() {
        key if key.starts_with("ASIA") => Some(true),
        key if key.starts_with("AKIA") && !is_session => Some(false),
        // A long-term key in a session is a contradiction.
        key if key.starts_with("AKIA") => None,
        _ if identity.account_id.text() == Some("anonymous") => None,
        _ => is_session.then_some(true),
    }
}

/// Whether the rest of the identity says that a session called.
fn by_identity(identity: &IdentityJson<'_>) -> bool {
    match identity.identity_type.text() {
        Some("AssumedRole" | "FederatedUser") => true,
        Some("AWSService" | "AWSAccount") => false,
        _ => identity.has_session(),
    }
}

/// Whether the record shows that the request came through the AWS Management Console. That it does not
/// show it proves nothing.
pub(crate) fn are_of_the_console(record: &RecordJson<'_>) -> bool {
    if record.session_credential_from_console.value() == Some(&true) {
        return true;
    }
    let agent = record.user_agent.text().unwrap_or_default();
    let host = agent.trim_start_matches('[').trim_end_matches(']');
    let invoked_by = record.identity().and_then(|identity| identity.invoked_by.text());
    agent.contains("S3Console/")
        || CONSOLE_HOSTS.contains(&host)
        || invoked_by.is_some_and(|service| service == SIGN_IN)
}

const SIGN_IN: &str = "signin.amazonaws.com";
const CONSOLE_HOSTS: [&str; 2] = [SIGN_IN, "console.amazonaws.com"];

#[cfg(test)]
mod tests {
    use cis_rules::record::member::Object;

    use super::*;

    fn told(record: &str) -> (Option<bool>, bool) {
        let record = record.replace('\'', "\"");
        let read = RecordJson::read(&record).unwrap();
        let Object(record) = read.value().unwrap();
        (are_temporary(record), are_of_the_console(record))
    }

    fn is_temporary(identity: &str) -> Option<bool> {
        told(&format!("{{'userIdentity':{{{identity}}}}}")).0
    }

    const SESSION: &str = "'sessionContext':{'attributes':{'creationDate':'2026-03-01T09:00:00Z'}}";

    #[test]
    fn the_key_tells_before_the_type_and_the_session() {
        for (identity, is) in [
            ("'type':'IAMUser','accessKeyId':'AKIAIOSFODNN7EXAMPLE'".to_string(), Some(false)),
            ("'type':'IAMUser','accessKeyId':'ASIAIOSFODNN7EXAMPLE'".to_string(), Some(true)),
            ("'type':'Root','accessKeyId':'AKIAIOSFODNN7EXAMPLE'".to_string(), Some(false)),
            ("'type':'Root','accessKeyId':'ASIAIOSFODNN7EXAMPLE'".to_string(), Some(true)),
            ("'type':'AssumedRole'".to_string(), Some(true)),
            ("'type':'FederatedUser','accessKeyId':''".to_string(), Some(true)),
            (format!("'type':'IAMUser',{SESSION}"), Some(true)),
            (format!("'type':'Root','accessKeyId':'',{SESSION}"), Some(true)),
        ] {
            assert_eq!(is_temporary(&identity), is, "{identity}");
        }
    }

    #[test]
    fn where_a_record_does_not_tell_nothing_is_guessed() {
        for identity in [
            String::new(),
            "'type':'IAMUser'".to_string(),
            "'type':'IAMUser','sessionContext':{}".to_string(),
            "'type':'IAMUser','sessionContext':{'sessionIssuer':{},'attributes':{}}".to_string(),
            "'type':'AWSService','invokedBy':'cloudtrail.amazonaws.com'".to_string(),
            "'type':'AWSAccount','accountId':'anonymous','principalId':''".to_string(),
            "'type':'IdentityCenterUser'".to_string(),
            format!("'type':'IAMUser','accessKeyId':'AKIAIOSFODNN7EXAMPLE',{SESSION}"),
            "'type':'AssumedRole','accessKeyId':'AKIAIOSFODNN7EXAMPLE'".to_string(),
        ] {
            assert_eq!(is_temporary(&identity), None, "{identity}");
        }
        assert_eq!(told("{}"), (None, false));
    }

    #[test]
    fn the_console_is_told_in_four_ways() {
        for (record, is) in [
            ("{'sessionCredentialFromConsole':'true'}", true),
            ("{'userAgent':'[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11.991]'}", true),
            ("{'userAgent':'signin.amazonaws.com'}", true),
            ("{'userAgent':'[console.amazonaws.com]'}", true),
            ("{'userIdentity':{'type':'IAMUser','invokedBy':'signin.amazonaws.com'}}", true),
            ("{'userAgent':'aws-cli/2.15 console.amazonaws.com'}", false),
            ("{'userAgent':'[S3Consoles]'}", false),
            ("{'userIdentity':{'type':'IAMUser','invokedBy':'athena.amazonaws.com'}}", false),
        ] {
            assert_eq!(told(record).1, is, "{record}");
        }
    }
}
