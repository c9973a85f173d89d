//! The event that AWS Config invokes a custom rule with.
//!
//! Two of its members, `invokingEvent` and `ruleParameters`, are JSON inside strings. Members that
//! the rule does not need are not looked at, so newer versions of the event are accepted.
//! `eventLeftScope` is one of them: an account does not leave its rule's scope, and that a trail
//! was deleted is a reason to evaluate the account again.
//!
//! Source: <https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html>

use serde_json::{Map, Value};

use crate::evaluation::{ResultToken, Timestamp};
use crate::member::{Object, embedded};

/// An invocation, as far as the rule needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The account that owns the rule and is evaluated.
    pub account_id: String,
    /// The rule's partition.
    pub partition: String,
    /// The rule's Region, where its ARN has one.
    pub region: Option<String>,
    /// The event's own time.
    pub ordering_timestamp: Timestamp,
    /// The rule's parameters, not yet validated.
    pub parameters: Map<String, Value>,
    /// What names the invocation to AWS Config.
    pub result_token: ResultToken,
}

/// A member of an event that is missing or malformed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{member}`: {problem}")]
pub struct EventError {
    member: String,
    problem: String,
}

impl EventError {
    pub(crate) fn new(member: String, problem: String) -> Self {
        let member = if member.is_empty() { "event".to_owned() } else { member };
        Self { member, problem }
    }
}

impl Event {
    /// Reads an event.
    ///
    /// # Errors
    /// Where a member that the rule needs is missing or malformed: which one, by its path.
    pub fn from_json(event: &Value) -> Result<Self, EventError> {
        let event = Object::outermost(event)?;
        let account_id = event.text("accountId")?;
        if !is_account_id(account_id) {
            return Err(event.error("accountId", format!("`{account_id}` is not 12 digits")));
        }
        let (partition, region) = rule_home(&event, account_id)?;
        let parameters = match event.optional("ruleParameters") {
            None => Map::new(),
            Some(Value::String(text)) if text.trim().is_empty() => Map::new(),
            Some(value) => match embedded("ruleParameters", value)? {
                Value::Null => Map::new(),
                Value::Object(parameters) => parameters,
                _ => return Err(event.error("ruleParameters", "must hold a JSON object")),
            },
        };
        Ok(Self {
            account_id: account_id.to_owned(),
            partition,
            region,
            ordering_timestamp: ordering_timestamp(&event)?,
            parameters,
            result_token: ResultToken::new(event.text("resultToken")?.to_owned()),
        })
    }
}

/// The partition and the Region of the rule's ARN, which must be of the event's account.
///
/// The ARN's last part is not looked at: rules of conformance packs and organization rules have
/// other forms, such as `config-rule/aws-service-rule/config-conforms.amazonaws.com/config-rule-…`.
fn rule_home(event: &Object<'_>, account_id: &str) -> Result<(String, Option<String>), EventError> {
    const MEMBER: &str = "configRuleArn";
    let arn = event.text(MEMBER)?;
    let mut parts = arn.splitn(6, ':');
    let mut part = || parts.next().unwrap_or_default();
    let (scheme, partition, service, region, account) = (part(), part(), part(), part(), part());
    if scheme != "arn" || partition.is_empty() || service != "config" || part().is_empty() {
        return Err(event.error(MEMBER, format!("`{arn}` is not the ARN of an AWS Config rule")));
    }
    if account != account_id {
        return Err(event.error(
            MEMBER,
            format!("is a rule of account `{account}`, but `accountId` is `{account_id}`"),
        ));
    }
    let region = Some(region).filter(|region| !region.is_empty());
    Ok((partition.to_owned(), region.map(str::to_owned)))
}

/// When AWS Config triggered the rule, or when it recorded the change that triggered it.
fn ordering_timestamp(event: &Object<'_>) -> Result<Timestamp, EventError> {
    const INVOKING_EVENT: &str = "invokingEvent";
    let value =
        event.optional(INVOKING_EVENT).ok_or_else(|| event.error(INVOKING_EVENT, "is missing"))?;
    let value = embedded(INVOKING_EVENT, value)?;
    let invoking = Object::of(INVOKING_EVENT.to_owned(), &value)?;
    match invoking.text("messageType")? {
        "ScheduledNotification" | "ConfigurationSnapshotDeliveryCompleted" => {
            timestamp(&invoking, "notificationCreationTime")
        }
        "ConfigurationItemChangeNotification" => {
            timestamp(&invoking.object("configurationItem")?, "configurationItemCaptureTime")
        }
        "OversizedConfigurationItemChangeNotification" => {
            timestamp(&invoking.object("configurationItemSummary")?, "configurationItemCaptureTime")
        }
        other => Err(invoking.error(
            "messageType",
            format!(
                "`{other}` is not one of `ScheduledNotification`, \
                 `ConfigurationItemChangeNotification`, \
                 `OversizedConfigurationItemChangeNotification`, \
                 `ConfigurationSnapshotDeliveryCompleted`"
            ),
        )),
    }
}

fn timestamp(object: &Object<'_>, name: &str) -> Result<Timestamp, EventError> {
    let text = object.text(name)?;
    Timestamp::parse(text)
        .ok_or_else(|| object.error(name, format!("`{text}` is not an RFC 3339 time")))
}

/// Whether a text is an account's id.
pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
