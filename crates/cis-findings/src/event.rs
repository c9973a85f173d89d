//! One event as a sentence a person recognises.

use cis_rules::RecordField;
use cis_rules::record::Record;
use cis_rules::record::caller::Caller;
use cis_rules::report::Witness;

/// A lost event: "DeleteObject on arn:aws:s3:::payroll/2026/11.csv by arn:aws:iam::…:user/alice".
#[must_use]
pub fn sentence(witness: &Witness) -> String {
    of_record(&witness.record, None)
}

/// An event, with who made the request where a whole record says it.
#[must_use]
pub fn of_record(record: &Record, caller: Option<&Caller>) -> String {
    let name = match record.get(RecordField::EventName) {
        None | Some("") => "an event without a name",
        Some(name) => name,
    };
    let by = match caller {
        Some(caller) => format!("{caller}{}", session(record)),
        None => without_record(record),
    };
    format!("{name} on {} by {by}{}", object(record.arn()), source(record))
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

fn session(record: &Record) -> &'static str {
    match record.get(RecordField::SessionCredentialFromConsole) {
        Some(_) => " in a console session",
        None => "",
    }
}

/// The caller, where only the fields are known that selectors compare.
fn without_record(record: &Record) -> String {
    let session = session(record);
    let service = record.get(RecordField::InvokedBy);
    let through = service.map(|service| format!(" through {service}")).unwrap_or_default();
    match (record.get(RecordField::UserIdentityArn), service) {
        (Some(""), _) => format!("a caller with an empty ARN{through}{session}"),
        (Some(arn), _) => format!("{arn}{through}{session}"),
        (None, Some(service)) => format!("the AWS service {service}"),
        (None, None) if !session.is_empty() => format!("a caller without an ARN{session}"),
        (None, None) if record.get(RecordField::EventType) == Some("AwsServiceEvent") => {
            "an AWS service".to_string()
        }
        (None, None) => "a caller without an ARN, such as an anonymous one".to_string(),
    }
}

/// Where the event comes from, if not from where S3 events usually do.
fn source(record: &Record) -> String {
    let mut unusual = Vec::new();
    let source = record.get(RecordField::EventSource).unwrap_or_default();
    if source != "s3.amazonaws.com" {
        unusual.push(format!("event source `{source}`"));
    }
    let event_type = record.get(RecordField::EventType).unwrap_or_default();
    if !matches!(event_type, "AwsApiCall" | "AwsServiceEvent") {
        unusual.push(format!("event type `{event_type}`"));
    }
    if unusual.is_empty() { String::new() } else { format!(" ({})", unusual.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::witness_with;

    #[test]
    fn a_call_without_an_arn() {
        assert_eq!(
            sentence(&witness_with(&[])),
            "DeleteObject on arn:aws:s3:::payroll/2026/11.csv by a caller without an ARN, such \
             as an anonymous one"
        );
    }

    #[test]
    fn a_service_event_without_an_object() {
        let witness = witness_with(&[
            (RecordField::EventName, "DeleteObjects"),
            (RecordField::EventType, "AwsServiceEvent"),
            (RecordField::ResourcesArn, "arn:aws:s3:::payroll/"),
        ]);
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
        let witness = witness_with(&[
            (RecordField::EventName, ""),
            (RecordField::EventSource, "s3lifecycle.amazonaws.com"),
            (RecordField::UserIdentityArn, "arn:aws:iam::111122223333:user/eve"),
            (RecordField::SessionCredentialFromConsole, "true"),
        ]);
        assert_eq!(
            sentence(&witness),
            "an event without a name on arn:aws:s3:::payroll/2026/11.csv by \
             arn:aws:iam::111122223333:user/eve in a console session \
             (event source `s3lifecycle.amazonaws.com`)"
        );
    }
}
