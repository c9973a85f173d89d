//! IAM policies, from the permissions that the function needs.

use cis_lambda::parameters::{ORGANIZATION_TRAIL_ROLE_ARN, Parameter, REPORT_ON, SECURITY_HUB};
use serde::Serialize;
use serde_json::{Value, json};

use crate::PERMISSIONS;
use crate::intrinsic::{Function, Items, Property, Text, differs, json, only_if, reference, sub};
use crate::template::{Template, uses};

/// A role's own policy.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Policy {
    pub(crate) policy_name: &'static str,
    pub(crate) policy_document: PolicyDocument,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PolicyDocument {
    version: &'static str,
    statement: Items<Statement>,
}

/// What is allowed; nothing is denied.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Statement {
    #[serde(rename = "#")]
    comment: Option<String>,
    effect: &'static str,
    principal: Option<Value>,
    action: Vec<&'static str>,
    resource: Option<Property<Items<String>>>,
    condition: Option<Value>,
}

impl Statement {
    /// Allows actions on resources. The purpose becomes a comment.
    pub(crate) fn allow(
        purpose: &str,
        action: &[&'static str],
        resource: impl Into<Property<Items<String>>>,
    ) -> Self {
        Self {
            comment: Some(purpose.to_owned()),
            effect: "Allow",
            principal: None,
            action: action.to_vec(),
            resource: Some(resource.into()),
            condition: None,
        }
    }

    /// Allows a principal an action on a resource, in the resource's own policy.
    pub(crate) fn allow_to(
        principal: Value,
        action: &'static str,
        resource: impl Into<Text>,
    ) -> Self {
        Self {
            comment: None,
            effect: "Allow",
            principal: Some(principal),
            action: vec![action],
            resource: Some(Property::Known(vec![resource.into()])),
            condition: None,
        }
    }

    /// Lets a principal assume the role.
    pub(crate) fn trust(principal: Value) -> Self {
        Self {
            comment: None,
            effect: "Allow",
            principal: Some(principal),
            action: vec!["sts:AssumeRole"],
            resource: None,
            condition: None,
        }
    }

    /// The same, where a context key has this value.
    pub(crate) fn where_equal(self, key: &str, value: impl Into<Text>) -> Self {
        self.on_condition("StringEquals", key, value.into())
    }

    /// The same, where a context key that is there has this value.
    pub(crate) fn where_equal_if_there(self, key: &str, value: impl Into<Text>) -> Self {
        self.on_condition("StringEqualsIfExists", key, value.into())
    }

    /// The same, where a context key has an ARN of this pattern.
    pub(crate) fn where_arn_like(self, key: &str, pattern: impl Into<Text>) -> Self {
        self.on_condition("ArnLike", key, pattern.into())
    }

    fn on_condition(mut self, operator: &str, key: &str, value: Text) -> Self {
        let condition = self.condition.get_or_insert_with(|| json!({}));
        condition[operator][key] = json(value);
        self
    }
}

impl PolicyDocument {
    pub(crate) fn new(statement: Items<Statement>) -> Self {
        Self { version: "2012-10-17", statement }
    }

    /// A trust policy for one of AWS's services.
    pub(crate) fn of_service(service: &str) -> Self {
        Self::new(vec![Property::Known(Statement::trust(json!({"Service": service})))])
    }

    /// The same, for work in this account only.
    pub(crate) fn of_service_here(service: &str) -> Self {
        let trust = Statement::trust(json!({"Service": service}));
        let account = reference("AWS::AccountId");
        Self::new(vec![Property::Known(trust.where_equal("aws:SourceAccount", account))])
    }
}

/// Lets a function read the organization trail through the role that a parameter names.
pub(crate) fn organization_trail() -> Property<Statement> {
    let name = ORGANIZATION_TRAIL_ROLE_ARN.name;
    let statement = Statement::allow(
        "read the organization trail's selectors in the account that owns it",
        &["sts:AssumeRole"],
        vec![reference(name).into()],
    );
    only_if(&uses(name), statement).into()
}

/// The one policy of a role.
pub(crate) fn policy(policy_name: &'static str, statement: Items<Statement>) -> Vec<Policy> {
    vec![Policy { policy_name, policy_document: PolicyDocument::new(statement) }]
}

/// What evaluating an account needs, in that account: [`PERMISSIONS`], less the assuming of roles,
/// which each template allows for the very role that it knows. What only some values of a parameter
/// need is allowed only for those.
pub(crate) fn add_evaluating(template: &mut Template) -> Items<Statement> {
    for (parameter, condition) in decisions() {
        template.condition(condition, differs(parameter.name, parameter.default));
    }
    let wanted = PERMISSIONS.iter().filter(|permission| permission.action != "sts:AssumeRole");
    wanted
        .map(|permission| {
            let resource: Text = match permission.resource {
                "*" => "*".into(),
                resource => arn(resource).into(),
            };
            let statement =
                Statement::allow(permission.purpose, &[permission.action], vec![resource]);
            match needed_for(permission.action) {
                Some((_, condition)) => only_if(condition, statement).into(),
                None => Property::Known(statement),
            }
        })
        .collect()
}

/// An ARN in this partition and of this account, in any Region; a trail may be the organization's, and
/// then its ARN has the account that owns it.
fn arn(resource: &str) -> Function {
    let resource = match resource.split_once(":*:*:") {
        Some((service, rest)) if service != "cloudtrail" => {
            // A product of Security Hub has the account in its name, too.
            let rest = rest.replace("/*/", "/${AWS::AccountId}/");
            format!("{service}:*:${{AWS::AccountId}}:{rest}")
        }
        _ => resource.to_owned(),
    };
    sub(format!("arn:${{AWS::Partition}}:{resource}"))
}

/// The parameters whose values decide on what is allowed.
pub(crate) fn deciding_parameters() -> Vec<&'static Parameter> {
    decisions().map(|(parameter, _)| parameter).collect()
}

fn decisions() -> impl Iterator<Item = Decision> {
    PERMISSIONS.iter().filter_map(|permission| needed_for(permission.action))
}

/// A parameter, and the condition that it has another value than its default.
type Decision = (&'static Parameter, &'static str);

/// What decides on an action that the defaults do not need.
fn needed_for(action: &str) -> Option<Decision> {
    match action {
        "config:GetComplianceDetailsByConfigRule" => Some((&REPORT_ON, "ReportsOnTrails")),
        "securityhub:BatchImportFindings" => Some((&SECURITY_HUB, "ImportsFindings")),
        _ => None,
    }
}
