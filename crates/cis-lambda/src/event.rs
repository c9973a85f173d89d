//! The event that AWS Config invokes a custom rule with.
//!
//! Two of its members, `invokingEvent` and `ruleParameters`, are JSON inside strings. Members that
//! the rule does not need are not looked at, so newer versions of the event are accepted.
//!
//! An account does not leave its rule's scope: that a trail was deleted, or has left the scope
//! (`eventLeftScope`), is a reason to evaluate the account again, and says something only of the
//! trail.
//!
//! Source: <https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html>

use serde_json::{Map, Value};

use crate::evaluation::{Evaluation, ResultToken, Timestamp};
use crate::json_object::{Object, embedded};

/// The type of a periodic notification.
pub const SCHEDULED: &str = "ScheduledNotification";

/// The type of the notification that a snapshot was delivered.
pub const SNAPSHOT_DELIVERED: &str = "ConfigurationSnapshotDeliveryCompleted";

/// The type of the notification that a resource changed.
pub const CHANGED: &str = "ConfigurationItemChangeNotification";

/// The same, where the resource is too large to be in it.
pub const OVERSIZED_CHANGED: &str = "OversizedConfigurationItemChangeNotification";

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
    /// The rule's name, where the event says it: in a conformance pack or an organization rule
    /// longer than the one that was given.
    pub rule_name: Option<String>,
    /// The last part of the rule's ARN.
    pub rule_id: String,
    /// Whether a change of some resource is the event.
    pub is_change: bool,
    /// The trail in the rule's account and Region whose change is the event.
    pub changed_trail: Option<ChangedTrail>,
}

/// A trail as AWS Config recorded it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedTrail {
    /// AWS Config's own id of the trail.
    pub id: String,
    /// The trail's ARN.
    pub arn: Option<String>,
    /// Whether the trail was deleted, is not recorded any more, or has left the rule's scope.
    pub is_gone: bool,
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
        let home = rule_home(&event, account_id)?;
        let parameters = match event.optional("ruleParameters") {
            None => Map::new(),
            Some(Value::String(text)) if text.trim().is_empty() => Map::new(),
            Some(value) => match embedded("ruleParameters", value)? {
                Value::Null => Map::new(),
                Value::Object(parameters) => parameters,
                _ => return Err(event.error("ruleParameters", "must hold a JSON object")),
            },
        };
        let left_scope = event.flag("eventLeftScope")?.unwrap_or(false);
        let Notification { time, is_change, changed_trail } =
            notification(&event, account_id, &home)?;
        Ok(Self {
            account_id: account_id.to_owned(),
            partition: home.partition,
            region: home.region,
            ordering_timestamp: time,
            parameters,
            result_token: ResultToken::new(event.text("resultToken")?.to_owned()),
            rule_name: event.optional_text("configRuleName")?.map(str::to_owned),
            rule_id: home.rule_id,
            is_change,
            changed_trail: changed_trail
                .map(|trail| ChangedTrail { is_gone: trail.is_gone || left_scope, ..trail }),
        })
    }
}

/// What a rule's ARN says.
struct RuleHome {
    partition: String,
    region: Option<String>,
    rule_id: String,
}

/// Where the rule of the event's ARN is, which must be of the event's account. Partition and Region
/// become parts of role ARNs and of the names of AWS's endpoints, so they must look like ones.
///
/// The ARN's last part is not looked at: rules of conformance packs and organization rules have
/// other forms, such as `config-rule/aws-service-rule/config-conforms.amazonaws.com/config-rule-…`.
fn rule_home(event: &Object<'_>, account_id: &str) -> Result<RuleHome, EventError> {
    const MEMBER: &str = "configRuleArn";
    let arn = event.text(MEMBER)?;
    let mut parts = arn.splitn(6, ':');
    let mut part = || parts.next().unwrap_or_default();
    let (scheme, partition, service, region, account) = (part(), part(), part(), part(), part());
    let rule = part();
    let is_rule = scheme == "arn" && service == "config" && !rule.is_empty();
    if !is_rule || !is_name(partition) || !(region.is_empty() || is_name(region)) {
        return Err(event.error(MEMBER, format!("`{arn}` is not the ARN of an AWS Config rule")));
    }
    if account != account_id {
        return Err(event.error(
            MEMBER,
            format!("belongs to account `{account}`, but `accountId` is `{account_id}`"),
        ));
    }
    Ok(RuleHome {
        partition: partition.to_owned(),
        region: Some(region).filter(|region| !region.is_empty()).map(str::to_owned),
        rule_id: rule.rsplit('/').next().unwrap_or(rule).to_owned(),
    })
}

/// Whether a text can be the name of a partition or a Region.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// What the notification inside an event says.
struct Notification {
    /// When AWS Config triggered the rule, or when it recorded the change that triggered it.
    time: Timestamp,
    is_change: bool,
    changed_trail: Option<ChangedTrail>,
}

fn notification(
    event: &Object<'_>,
    account_id: &str,
    home: &RuleHome,
) -> Result<Notification, EventError> {
    const INVOKING_EVENT: &str = "invokingEvent";
    let value =
        event.optional(INVOKING_EVENT).ok_or_else(|| event.error(INVOKING_EVENT, "is missing"))?;
    let value = embedded(INVOKING_EVENT, value)?;
    let invoking = Object::of(INVOKING_EVENT.to_owned(), &value)?;
    let item = match invoking.text("messageType")? {
        SCHEDULED | SNAPSHOT_DELIVERED => {
            let time = timestamp(&invoking, "notificationCreationTime")?;
            return Ok(Notification { time, is_change: false, changed_trail: None });
        }
        CHANGED => invoking.object("configurationItem")?,
        OVERSIZED_CHANGED => invoking.object("configurationItemSummary")?,
        other => {
            return Err(invoking.error(
                "messageType",
                format!(
                    "`{other}` is not one of `{SCHEDULED}`, `{CHANGED}`, `{OVERSIZED_CHANGED}`, \
                     `{SNAPSHOT_DELIVERED}`"
                ),
            ));
        }
    };
    Ok(Notification {
        time: timestamp(&item, "configurationItemCaptureTime")?,
        is_change: true,
        changed_trail: changed_trail(&item, account_id, home)?,
    })
}

/// The trail that a configuration item is of; none where it is of something else, or of a trail of
/// another account or Region. The account is read live, so no more of the item is needed.
fn changed_trail(
    item: &Object<'_>,
    account_id: &str,
    home: &RuleHome,
) -> Result<Option<ChangedTrail>, EventError> {
    /// <https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html>
    const GONE: [&str; 3] =
        ["ResourceDeleted", "ResourceDeletedNotRecorded", "ResourceNotRecorded"];
    let is_trail = item.optional_text("resourceType")? == Some(Evaluation::TRAIL);
    let account = item.optional_text("awsAccountId")?;
    let region = item.optional_text("awsRegion")?;
    let id = item.optional_text("resourceId")?;
    let arn = match item.optional_text("ARN")? {
        None => item.optional_text("arn")?,
        arn => arn,
    };
    let status = item.optional_text("configurationItemStatus")?;
    let is_here = account.is_none_or(|account| account == account_id)
        && region.zip(home.region.as_deref()).is_none_or(|(region, home)| region == home);
    Ok(id.filter(|id| is_trail && is_here && !id.is_empty()).map(|id| ChangedTrail {
        id: id.to_owned(),
        arn: arn.map(str::to_owned),
        is_gone: status.is_some_and(|status| GONE.contains(&status)),
    }))
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

/// The account in a function's ARN, whose credentials the function has.
#[cfg(feature = "function")]
pub(crate) fn own_account(function_arn: &str) -> Option<&str> {
    let account = function_arn.split(':').nth(4)?;
    is_account_id(account).then_some(account)
}
