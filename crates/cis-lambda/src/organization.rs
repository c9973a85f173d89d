//! In which roles an invocation works.
//!
//! The role that an event names itself, `executionRoleArn`, is AWS Config's own and is never used:
//! mostly it is a service-linked role, which no other service can assume.

use cis_aws::{Access, Account, Role};

use crate::event::Event;
use crate::parameters::Parameters;

/// The most and the fewest characters of a session's name.
///
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
const SESSION_NAME: std::ops::RangeInclusive<usize> = 2..=64;

/// The account that an event names, and the roles that it is read in. `own_region` is the function's, where
/// the rule's ARN has none.
pub(crate) fn access(event: &Event, parameters: &Parameters, own_region: &str) -> Access {
    let account = Account {
        id: event.account_id.clone(),
        partition: event.partition.clone(),
        region: event.region.clone().unwrap_or_else(|| own_region.to_owned()),
    };
    let role = |arn: String| Role {
        arn,
        session_name: session_name(event),
        region: account.region.clone(),
        external_id: None,
    };
    Access {
        role: parameters
            .member_role_name
            .as_ref()
            .map(|name| format!("arn:{}:iam::{}:role/{name}", account.partition, account.id))
            .map(role),
        organization_role: parameters.organization_trail_role_arn.clone().map(role),
        is_after_change: event.is_change,
        account,
    }
}

/// A session's name, which says in the role's account for which rule it was opened.
fn session_name(event: &Event) -> String {
    let rule = event.rule_name.as_deref().unwrap_or(&event.rule_id);
    let allowed = |character: char| match character {
        'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '+' | '=' | ',' | '.' | '@' | '-' => character,
        _ => '-',
    };
    let name: String = rule.chars().map(allowed).take(*SESSION_NAME.end()).collect();
    if name.len() < *SESSION_NAME.start() { format!("rule-{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn access_of(rule_name: &Value, parameters: &Value) -> Access {
        let mut event: Value =
            serde_json::from_str(include_str!("../tests/events/scheduled.json")).unwrap();
        event["configRuleName"] = rule_name.clone();
        let parameters =
            Parameters::from_json(parameters.as_object().unwrap(), crate::today()).unwrap();
        access(&Event::from_json(&event).unwrap(), &parameters, "eu-north-1")
    }

    #[test]
    fn roles_are_in_the_events_account_or_as_given_and_their_sessions_name_the_rule() {
        let given = json!({
            "MemberRoleName": "reader",
            "OrganizationTrailRoleArn": "arn:aws:iam::999988887777:role/team/trails",
        });
        let access = access_of(&json!("s3-writes"), &given);
        let role = |arn: &str| {
            let (session_name, region) = ("s3-writes".to_owned(), "us-east-2".to_owned());
            Some(Role { arn: arn.to_owned(), session_name, region, external_id: None })
        };
        assert_eq!(access.role, role("arn:aws:iam::123456789012:role/reader"));
        assert_eq!(access.organization_role, role("arn:aws:iam::999988887777:role/team/trails"));

        let access = access_of(&json!("s3-writes"), &json!({}));
        assert_eq!((access.role, access.organization_role), (None, None));
        assert!(!access.is_after_change);
    }

    #[test]
    fn a_session_has_a_name_that_sts_takes() {
        let name = |rule_name: Value| {
            let access = access_of(&rule_name, &json!({"MemberRoleName": "reader"}));
            access.role.unwrap().session_name
        };
        assert_eq!(name(json!("a rule/ü+=,.@_-")), "a-rule--+=,.@_-");
        assert_eq!(name(json!("r".repeat(128))), "r".repeat(64));
        assert_eq!(name(json!("r")), "rule-r");
        assert_eq!(name(Value::Null), "config-rule-0123456");
    }
}
