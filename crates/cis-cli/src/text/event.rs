//! One event as a sentence a person recognises.

use cis_rules::report::Witness;

/// The event: "DeleteObject on arn:aws:s3:::payroll/2026/11.csv by an anonymous caller".
pub(super) fn sentence(witness: &Witness) -> String {
    let name =
        if witness.event_name.is_empty() { "an event without a name" } else { &witness.event_name };
    format!(
        "{name} on {} by {}{}",
        object(&witness.resources_arn),
        caller(witness),
        source(witness)
    )
}

/// The object, or the bucket where the record names no object.
fn object(arn: &str) -> String {
    match arn.split_once(":::") {
        Some((_, object)) if names_a_bucket(arn) => {
            format!("the bucket {} (ARNPrefix {arn})", object.trim_end_matches('/'))
        }
        _ => arn.to_string(),
    }
}

/// Whether an object's ARN has an empty key: it stands for a record with an `ARNPrefix`.
fn names_a_bucket(arn: &str) -> bool {
    arn.split_once(":::")
        .and_then(|(_, object)| object.split_once('/'))
        .is_some_and(|(_, key)| key.is_empty())
}

fn caller(witness: &Witness) -> String {
    let session = match &witness.session_credential_from_console {
        Some(_) => " in a console session",
        None => "",
    };
    match &witness.user_identity_arn {
        Some(arn) if arn.is_empty() => format!("a caller with an empty ARN{session}"),
        Some(arn) => format!("{arn}{session}"),
        None if !session.is_empty() => format!("a caller without an ARN{session}"),
        None if witness.event_type == "AwsServiceEvent" => "an AWS service".to_string(),
        None => "an anonymous caller".to_string(),
    }
}

/// Where the event comes from, if not from where S3 events usually do.
fn source(witness: &Witness) -> String {
    let mut unusual = Vec::new();
    if witness.event_source != "s3.amazonaws.com" {
        unusual.push(format!("event source `{}`", witness.event_source));
    }
    if !matches!(witness.event_type.as_str(), "AwsApiCall" | "AwsServiceEvent") {
        unusual.push(format!("event type `{}`", witness.event_type));
    }
    if unusual.is_empty() { String::new() } else { format!(" ({})", unusual.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::samples;

    #[test]
    fn an_anonymous_call() {
        assert_eq!(
            sentence(&samples::witness()),
            "DeleteObject on arn:aws:s3:::payroll/2026/11.csv by an anonymous caller"
        );
    }

    #[test]
    fn a_service_event_without_an_object() {
        let witness = Witness {
            event_name: "DeleteObjects".into(),
            event_type: "AwsServiceEvent".into(),
            resources_arn: "arn:aws:s3:::payroll/".into(),
            ..samples::witness()
        };
        assert_eq!(
            sentence(&witness),
            "DeleteObjects on the bucket payroll (ARNPrefix arn:aws:s3:::payroll/) by an AWS service"
        );
    }

    #[test]
    fn an_object_whose_key_ends_in_a_slash_is_an_object() {
        assert_eq!(object("arn:aws:s3:::payroll/a/"), "arn:aws:s3:::payroll/a/");
    }

    #[test]
    fn a_console_session_from_an_unusual_source() {
        let witness = Witness {
            event_name: String::new(),
            event_source: "s3lifecycle.amazonaws.com".into(),
            user_identity_arn: Some("arn:aws:iam::111122223333:user/eve".into()),
            session_credential_from_console: Some("true".into()),
            ..samples::witness()
        };
        assert_eq!(
            sentence(&witness),
            "an event without a name on arn:aws:s3:::payroll/2026/11.csv by \
             arn:aws:iam::111122223333:user/eve in a console session \
             (event source `s3lifecycle.amazonaws.com`)"
        );
    }
}
