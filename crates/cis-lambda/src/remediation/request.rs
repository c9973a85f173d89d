//! What a remediation is asked to do.

use cis_rules::question::{BucketName, Date, Question};
use serde_json::{Map, Value};

use super::RemediationError;
use crate::event::{EventError, is_account_id};
use crate::json_object::Object;
use crate::parameters::Parameters;

/// The member that says what the function is to do, and its only value.
const REMEDIATION: (&str, &str) = ("remediation", "fix");
const ACCOUNT_ID: &str = "accountId";
const APPLY: &str = "apply";
const ALLOW_MANAGED_TRAILS: &str = "allowManagedTrails";
const LOG_BUCKET: &str = "logBucket";

/// Whether an event is one of the Automation document, and not one of AWS Config.
#[must_use]
pub fn is_remediation(event: &Value) -> bool {
    event.get(REMEDIATION.0).is_some()
}

/// A remediation, as the Automation document asks for it: all members are strings, and those that
/// are not named here are the rule's parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The account, 12 digits.
    pub account_id: String,
    /// Whether the calls are made, and not only worked out.
    pub is_applied: bool,
    /// Whether a trail is changed, too, that a stack or a landing zone owns.
    pub allows_managed: bool,
    /// The bucket of a new trail, where one must be made.
    pub log_bucket: Option<BucketName>,
    /// What is to be COMPLIANT, one question for each kind of event.
    pub questions: Vec<Question>,
}

impl Request {
    /// Reads an event. Exceptions that ended before today do not count.
    ///
    /// # Errors
    /// Where a member is missing, malformed or unknown: which one.
    pub fn from_json(event: &Value, today: Date) -> Result<Self, RemediationError> {
        let object = Object::outermost(event)?;
        let (name, value) = REMEDIATION;
        let asked = object.text(name)?;
        if asked != value {
            return Err(object.error(name, format!("`{asked}` is not `{value}`")).into());
        }
        let account_id = object.text(ACCOUNT_ID)?.to_owned();
        if !is_account_id(&account_id) {
            return Err(object
                .error(ACCOUNT_ID, format!("`{account_id}` is not 12 digits"))
                .into());
        }
        let log_bucket = match object.optional_text(LOG_BUCKET)? {
            None | Some("") => None,
            Some(text) => {
                Some(text.parse().map_err(|error: cis_rules::question::InvalidBucketName| {
                    object.error(LOG_BUCKET, error.to_string())
                })?)
            }
        };
        let own = [name, ACCOUNT_ID, APPLY, ALLOW_MANAGED_TRAILS, LOG_BUCKET];
        let parameters: Map<String, Value> = event
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| !own.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        Ok(Self {
            account_id,
            is_applied: switch(&object, APPLY)?,
            allows_managed: switch(&object, ALLOW_MANAGED_TRAILS)?,
            log_bucket,
            questions: Parameters::from_json(&parameters, today)?.questions,
        })
    }
}

/// A switch, which is off where it is not given.
fn switch(object: &Object<'_>, name: &str) -> Result<bool, EventError> {
    match object.optional_text(name)? {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => Err(object.error(name, format!("`{other}` is not `true` or `false`"))),
    }
}

#[cfg(test)]
mod tests {
    use cis_rules::Kind;
    use serde_json::json;

    use super::*;

    fn refusal(event: &Value) -> String {
        Request::from_json(event, crate::today()).unwrap_err().to_string()
    }

    #[test]
    fn what_is_not_given_changes_nothing() {
        let event = json!({"remediation": "fix", "accountId": "111122223333"});
        let request = Request::from_json(&event, crate::today()).unwrap();
        assert!(!request.is_applied && !request.allows_managed && request.log_bucket.is_none());
        assert_eq!(request.questions.len(), 1);
        assert!(is_remediation(&event) && !is_remediation(&json!({"invokingEvent": "{}"})));
    }

    #[test]
    fn the_rest_are_the_rules_parameters() {
        let event = json!({
            "remediation": "fix", "accountId": "111122223333", "apply": "true",
            "allowManagedTrails": "true", "logBucket": "trail-logs",
            "EventKinds": "write,read", "AllowedUnloggedBuckets": "scratch",
        });
        let request = Request::from_json(&event, crate::today()).unwrap();
        assert!(request.is_applied && request.allows_managed);
        assert_eq!(request.log_bucket.unwrap().to_string(), "trail-logs");
        let kinds: Vec<Kind> = request.questions.iter().map(|question| question.kind).collect();
        assert_eq!(kinds, [Kind::Write, Kind::Read]);
        assert_eq!(request.questions[1].allow_unlogged[0].to_string(), "scratch");
    }

    #[test]
    fn each_mistake_is_named() {
        let with = |name: &str, value: Value| {
            let mut event = json!({"remediation": "fix", "accountId": "111122223333"});
            event[name] = value;
            refusal(&event)
        };
        for (name, value, named) in [
            ("remediation", json!("delete"), "`delete`"),
            ("accountId", json!("1111"), "`1111`"),
            ("accountId", Value::Null, "accountId"),
            ("apply", json!("yes"), "`yes`"),
            ("apply", json!(true), "apply"),
            ("allowManagedTrails", json!("TRUE"), "`TRUE`"),
            ("logBucket", json!("No Bucket"), "logBucket"),
            ("EventKinds", json!("writes"), "EventKinds"),
            ("Apply", json!("true"), "Apply"),
        ] {
            let refused = with(name, value);
            assert!(refused.contains(named), "{refused}");
        }
        assert!(refusal(&json!([])).contains("object"));
    }
}
