//! An event that is told by options.

use cis_rules::RecordField;
use cis_rules::catalogue;
use cis_rules::question::{BucketName, Kind};
use cis_rules::record::event::{Event, Members, NamedResource, Subject};

use crate::outcome::complain;
use cis_findings::near::nearest;

/// The members of an event.
#[derive(Debug, clap::Args)]
pub(super) struct EventArgs {
    /// An event by its `eventName`: DeleteObject
    #[arg(long, value_name = "NAME", requires = "arn")]
    event_name: Option<String>,

    /// The object's ARN, or `s3://BUCKET/KEY`; with nothing after the bucket's slash, the `ARNPrefix` of a request that
    /// names no object
    #[arg(long, value_name = "ARN", requires = "event_name", value_parser = object_arn)]
    arn: Option<String>,

    /// Whether the event is a read; where it is not said, the name decides if it always is one or
    /// never
    #[arg(long, value_name = "BOOL", requires = "event_name")]
    read_only: Option<bool>,

    /// The caller's `userIdentity.arn`; left out for anonymous callers and AWS services
    #[arg(long, value_name = "ARN", requires = "event_name")]
    principal: Option<String>,

    /// The event's `eventSource`
    #[arg(long, value_name = "NAME", requires = "event_name", default_value = "s3.amazonaws.com")]
    event_source: String,

    /// The event's `eventType`
    #[arg(long, value_name = "TYPE", requires = "event_name", default_value = "AwsApiCall")]
    event_type: String,

    /// The AWS service that makes the call, by itself or for the caller: `userIdentity.invokedBy`
    #[arg(long, value_name = "SERVICE", requires = "event_name")]
    invoked_by: Option<String>,

    /// The event's `awsRegion`; without it, what single-Region trails do is not known
    #[arg(long, value_name = "REGION", requires = "event_name")]
    aws_region: Option<String>,

    /// The call comes from a session of the AWS Management Console
    #[arg(long, requires = "event_name")]
    console: bool,
}

impl EventArgs {
    /// The event, where one is told, in an account of a partition. A note says so where the name is none
    /// of S3's, but near to one: names that AWS adds are not refused.
    pub(super) fn event(&self, partition: &str) -> Option<Event> {
        let (name, arn) = (self.event_name.clone()?, self.arn.clone()?);
        if let Some(meant) = misspelt(&name) {
            let known = format!(
                "`{name}` is no event on objects that AWS documents: did you mean `{meant}`?"
            );
            complain("note", &known);
        }
        let arn = match arn.strip_prefix(S3_URI) {
            Some(object) => format!("arn:{partition}:s3:::{object}"),
            None => arn,
        };
        let members = Members {
            event_name: name.clone(),
            read_only: self.read_only,
            others: vec![
                (RecordField::EventSource, self.event_source.as_str().into()),
                (RecordField::EventType, self.event_type.as_str().into()),
                (RecordField::UserIdentityArn, self.principal.clone().into()),
                (RecordField::InvokedBy, self.invoked_by.clone().into()),
                (RecordField::SessionCredentialFromConsole, self.console.then_some("true").into()),
                (RecordField::AwsRegion, self.aws_region.clone().into()),
            ],
            resources: vec![NamedResource::object(arn)],
            caller: None,
        };
        Some(Event {
            id: None,
            time: None,
            name: Some(name),
            subject: Subject::Object(members.event()),
        })
    }
}

/// What begins the other spelling of an object, that of the AWS CLI.
const S3_URI: &str = "s3://";

/// The documented name that is near to one that is not documented.
fn misspelt(name: &str) -> Option<&'static str> {
    let kinds = [Some(Kind::Write), Some(Kind::Read), None];
    let known = || kinds.into_iter().flat_map(catalogue::object_events);
    if catalogue::is_documented(name) { None } else { nearest(name, known()) }
}

/// The ARN of an object, or of no object in a bucket; or the object as the AWS CLI spells it.
fn object_arn(text: &str) -> Result<String, String> {
    if let Some((bucket, _)) = text.strip_prefix(S3_URI).and_then(|rest| rest.split_once('/'))
        && BucketName::is_valid(bucket)
    {
        return Ok(text.to_string());
    }
    let object = text
        .strip_prefix("arn:")
        .and_then(|rest| rest.split_once(":s3:::"))
        .filter(|(partition, _)| !partition.is_empty() && !partition.contains(':'))
        .and_then(|(_, object)| object.split_once('/'));
    match object {
        Some((bucket, _)) if BucketName::is_valid(bucket) => Ok(text.to_string()),
        _ => Err("an object's ARN is `arn:<partition>:s3:::<bucket>/<key>`, or `s3://<bucket>/<key>`; a \
                  bucket has 3 to 255 of A-Z, a-z, 0-9, `.`, `_`, `-`"
            .to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_the_option_that_its_row_names() {
        let command = <EventArgs as clap::Args>::augment_args(clap::Command::new("explain"));
        for field in RecordField::all() {
            if let Some(option) = field.facts().option {
                let has = command.get_arguments().any(|arg| arg.get_long() == Some(option));
                assert!(has, "`--{option}` for {field}");
            }
        }
        for field in RecordField::SHOWN {
            assert!(field.facts().option.is_some(), "{field} has no option");
        }
    }

    #[test]
    fn a_misspelt_event_has_a_near_one() {
        assert_eq!(misspelt("DeleteObjet"), Some("DeleteObject"));
        assert_eq!(misspelt("getobject"), Some("GetObject"));
        assert_eq!(misspelt("DeleteObject"), None);
        assert_eq!(misspelt("SomethingNew"), None);
    }

    #[test]
    fn objects_and_buckets_with_a_slash_have_such_arns() {
        for arn in [
            "arn:aws:s3:::logs/a",
            "arn:aws-cn:s3:::logs/",
            "arn:aws:s3:::logs/a/b:::c",
            "s3://logs/a",
        ] {
            assert_eq!(object_arn(arn).as_deref(), Ok(arn));
        }
        for arn in [
            "",
            "logs/a",
            "arn:aws:s3:::logs",
            "arn:aws:s3:::lo*s/a",
            "arn::s3:::logs/a",
            "s3://logs",
            "s3://a/b",
        ] {
            assert!(object_arn(arn).is_err(), "{arn}");
        }
    }
}
