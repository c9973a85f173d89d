//! Roles as the templates make them, and their policies with a permission less.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::Result;
use crate::boto::{Boto, Session};
use crate::servers::Moto;

/// moto's own account, in which its users are until they assume a role elsewhere.
pub const ACCOUNT: &str = "123456789012";

/// The Region of everything.
pub const HOME: &str = "us-east-1";

/// An account in moto, and whoever sets it up while nothing is enforced.
#[derive(Debug)]
pub struct Account {
    /// What is called without a role's session.
    pub user: Boto,
}

/// What a template made: physical ids by logical ones.
pub type Stack = BTreeMap<String, String>;

impl Account {
    /// moto's own account.
    ///
    /// # Errors
    /// Where boto3 does not start.
    pub fn own(moto: &Moto) -> Result<Self> {
        Ok(Self { user: Boto::start(&moto.url())? })
    }

    /// Another account. moto lets a role be assumed that is not there.
    ///
    /// # Errors
    /// Where boto3 does not start.
    pub fn other(moto: &Moto, id: &str) -> Result<Self> {
        let set_up = format!("arn:aws:iam::{id}:role/set-up");
        let session = Boto::start(&moto.url())?.assume(&set_up)?;
        Ok(Self { user: Boto::in_session(&moto.url(), &session)? })
    }

    /// Makes a call that must succeed.
    ///
    /// # Errors
    /// Where it does not.
    pub fn call(&mut self, service: &str, method: &str, parameters: Value) -> Result<Value> {
        let outcome = self.user.call(HOME, service, method, parameters)?;
        outcome.map_err(|code| format!("{service} {method}: {code}").into())
    }

    /// Makes the stack of a committed template.
    ///
    /// # Errors
    /// Where CloudFormation refuses it.
    pub fn deploy(&mut self, name: &str, template: &str, parameters: &Value) -> Result<Stack> {
        let path = xtask::root().join("infra/templates").join(template);
        let text = std::fs::read_to_string(&path)?;
        let given = parameters.as_object().into_iter().flatten();
        let given = given.map(|(key, value)| json!({"ParameterKey": key, "ParameterValue": value}));
        self.call(
            "cloudformation",
            "create_stack",
            json!({
                "StackName": name,
                "TemplateBody": text,
                "Parameters": given.collect::<Vec<_>>(),
                "Capabilities": ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            }),
        )?;
        let stack = json!({"StackName": name});
        let made = self.call("cloudformation", "describe_stack_resources", stack)?;
        let made = made["StackResources"].as_array().into_iter().flatten();
        let ids = made.filter_map(|resource| {
            let text = |member: &str| Some(resource[member].as_str()?.to_owned());
            Some((text("LogicalResourceId")?, text("PhysicalResourceId")?))
        });
        Ok(ids.collect())
    }

    /// CreateTrail, PutEventSelectors and StartLogging: a multi-Region trail that is logging.
    ///
    /// # Errors
    /// Where moto refuses one of them.
    pub fn create_trail(&mut self, name: &str, organization: bool, selectors: &Value) -> Result {
        let bucket = format!("logs-of-{name}");
        self.call("s3", "create_bucket", json!({"Bucket": bucket}))?;
        let trail = json!({
            "Name": name,
            "S3BucketName": bucket,
            "IsMultiRegionTrail": true,
            "IsOrganizationTrail": organization,
        });
        self.call("cloudtrail", "create_trail", trail)?;
        let put = json!({"TrailName": name, "AdvancedEventSelectors": selectors});
        self.call("cloudtrail", "put_event_selectors", put)?;
        self.call("cloudtrail", "start_logging", json!({"Name": name}))?;
        Ok(())
    }

    /// The one policy of a role.
    ///
    /// # Errors
    /// Where the role has not one policy of its own.
    pub fn policy(&mut self, role: &str) -> Result<Policy> {
        let names = self.call("iam", "list_role_policies", json!({"RoleName": role}))?;
        let [name] = names["PolicyNames"].as_array().map_or(&[][..], Vec::as_slice) else {
            return Err(format!("{role} has not one policy: {names}").into());
        };
        let asked = json!({"RoleName": role, "PolicyName": name});
        let mut policy = self.call("iam", "get_role_policy", asked)?;
        let attached =
            self.call("iam", "list_attached_role_policies", json!({"RoleName": role}))?;
        if attached["AttachedPolicies"] != json!([]) {
            return Err(format!("{role} has managed policies: {attached}").into());
        }
        Ok(Policy {
            role: role.to_owned(),
            name: name.as_str().unwrap_or_default().to_owned(),
            document: policy["PolicyDocument"].take(),
        })
    }

    /// Gives a role this policy in place of the one of its name. One that allows nothing, which IAM
    /// does not take, is no policy.
    ///
    /// # Errors
    /// Where IAM refuses it.
    pub fn put(&mut self, policy: &Policy) -> Result {
        let Policy { role, name, document } = policy;
        if policy.statements().is_empty() {
            let delete = json!({"RoleName": role, "PolicyName": name});
            self.call("iam", "delete_role_policy", delete)?;
            return Ok(());
        }
        let document = document.to_string();
        let put = json!({"RoleName": role, "PolicyName": name, "PolicyDocument": document});
        self.call("iam", "put_role_policy", put)?;
        Ok(())
    }

    /// The ARN of a role.
    ///
    /// # Errors
    /// Where there is none of this name.
    pub fn role_arn(&mut self, role: &str) -> Result<String> {
        let found = self.call("iam", "get_role", json!({"RoleName": role}))?;
        Ok(found["Role"]["Arn"].as_str().ok_or("a role without an ARN")?.to_owned())
    }

    /// Assumes a role, as the service that it trusts does.
    ///
    /// # Errors
    /// Where moto refuses it.
    pub fn assume(&mut self, role: &str) -> Result<Session> {
        let arn = self.role_arn(role)?;
        self.user.assume(&arn)
    }
}

/// The policy of a role.
#[derive(Clone, Debug)]
pub struct Policy {
    role: String,
    name: String,
    document: Value,
}

/// One action that a statement of a policy allows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The statement's position.
    statement: usize,
    /// The action.
    pub action: String,
    /// What it is allowed on.
    pub resources: Vec<String>,
}

impl Policy {
    /// Everything that it allows.
    ///
    /// # Errors
    /// Where a statement does anything but allow named actions on named resources.
    pub fn grants(&self) -> Result<Vec<Grant>> {
        let mut grants = Vec::new();
        for (position, statement) in self.statements().iter().enumerate() {
            let texts = |member: &str| -> Result<Vec<String>> {
                let texts = statement[member].as_array().filter(|texts| !texts.is_empty());
                let texts = texts.ok_or_else(|| format!("no list of {member}: {statement}"))?;
                Ok(texts.iter().filter_map(|text| Some(text.as_str()?.to_owned())).collect())
            };
            if statement["Effect"] != "Allow" {
                return Err(format!("not allowed: {statement}").into());
            }
            for action in texts("Action")? {
                let resources = texts("Resource")?;
                grants.push(Grant { statement: position, action, resources });
            }
        }
        Ok(grants)
    }

    /// The policy with this one action less.
    #[must_use]
    pub fn without(&self, grant: &Grant) -> Self {
        let mut less = self.clone();
        let mut statements = self.statements().to_vec();
        if let Some(actions) = statements[grant.statement]["Action"].as_array_mut() {
            actions.retain(|action| action != &grant.action);
        }
        statements.retain(|statement| statement["Action"] != json!([]));
        less.document["Statement"] = json!(statements);
        less
    }

    fn statements(&self) -> &[Value] {
        self.document["Statement"].as_array().map_or(&[], Vec::as_slice)
    }
}
