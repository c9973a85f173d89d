//! What a JSON document of Terraform's is, and the lines that CI writes around it.

use crate::error::PlanError;
use crate::json;
use crate::node::Node;

/// A document of Terraform's.
pub(super) enum Document {
    /// What `terraform show -json PLANFILE` writes.
    Plan(Node),
    /// What `terraform show -json` writes without a plan: what exists now.
    State(Node),
    /// A state as Terraform stores it.
    StoredState(Node),
    /// What another tool says that exists, as a plan.
    Existing(Node),
}

impl Document {
    /// Reads a plan or a state.
    pub(super) fn read(text: &str) -> Result<Self, PlanError> {
        let text = unwrapped(text.trim_start_matches('\u{feff}'));
        if !text.starts_with('{') {
            return Err(PlanError::Kind(
                "not a Terraform plan in JSON: `terraform show -json PLANFILE` writes one"
                    .to_string(),
            ));
        }
        if is_log(text) {
            return Err(PlanError::Kind(
                "this is the output of `terraform plan -json`, which says what Terraform does and \
                 not what it plans: save the plan with `terraform plan -out=PLANFILE`, and give \
                 the output of `terraform show -json PLANFILE`"
                    .to_string(),
            ));
        }
        Self::of(json::read(text)?)
    }

    fn of(root: Node) -> Result<Self, PlanError> {
        let has = |name| root.get(name).is_some();
        let other = |what: &str| Err(PlanError::Kind(format!("not a Terraform plan, but {what}")));
        if has("Resources") {
            return other("a CloudFormation template: use `--template`");
        }
        if has("schemaVersion") {
            return other("a snapshot: use `--snapshot`");
        }
        if has("deployment") || has("changeSummary") {
            return other("what Pulumi prints: give the path without `--plan`");
        }
        let version = root.get("format_version").and_then(Node::text);
        if let Some(version) = version
            && !matches!(version.split('.').next(), Some("0" | "1"))
        {
            return Err(PlanError::Kind(format!(
                "format_version `{version}` of Terraform's plans is not supported, only 0 and 1"
            )));
        }
        let is = |name: &str| match root.get(name) {
            None | Some(Node::Null) => Ok(false),
            Some(Node::Map(_)) => Ok(true),
            Some(_) => Err(PlanError::shape(name, "expected an object")),
        };
        if is("planned_values")? {
            return Ok(Self::Plan(root));
        }
        if is("values")? {
            return Ok(Self::State(root));
        }
        if has("lineage") && matches!(root.get("resources"), Some(Node::List(_))) {
            return match root.get("version").and_then(Node::text) {
                Some("4") => Ok(Self::StoredState(root)),
                _ => other(
                    "a Terraform state of a version that is not supported, only 4: \
                     `terraform show -json` writes one that is",
                ),
            };
        }
        if matches!(root.get("resource_changes"), Some(Node::List(_))) {
            return Ok(Self::Plan(root));
        }
        // A state without resources has no `values`; where there is no state, only its version.
        let is_empty = root.members().len() == 1;
        if version.is_some() && (has("terraform_version") || is_empty) && !has("configuration") {
            return Ok(Self::State(root));
        }
        if has("encrypted_data") {
            return other("a state that OpenTofu encrypted: give what `tofu show -json` prints");
        }
        if has("backend") {
            return other("where a state is kept: give what `terraform state pull` prints");
        }
        if root.get("errored") == Some(&Node::Bool(true)) {
            return other("the end of one that failed: it plans nothing");
        }
        Err(PlanError::Kind(
            "not a Terraform plan: it has no member `planned_values`; `terraform show -json \
             PLANFILE` writes it"
                .to_string(),
        ))
    }

    /// All of it.
    pub(super) const fn root(&self) -> &Node {
        match self {
            Self::Plan(root)
            | Self::State(root)
            | Self::StoredState(root)
            | Self::Existing(root) => root,
        }
    }

    /// Whether this is what is planned, and not what exists.
    pub(super) const fn is_plan(&self) -> bool {
        matches!(self, Self::Plan(_))
    }
}

/// A text without the lines that `hashicorp/setup-terraform` writes around the output of a command
/// in GitHub Actions.
///
/// Source: <https://github.com/hashicorp/setup-terraform>
fn unwrapped(text: &str) -> &str {
    let is_around = |line: &str| line.starts_with("[command]") || line.starts_with("::");
    let mut text = text.trim();
    while is_around(text) {
        text = text.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
    }
    loop {
        match text.rsplit_once('\n') {
            Some((before, last)) if is_around(last.trim_start()) => text = before.trim_end(),
            _ => return text,
        }
    }
}

/// Whether the first line is a message of Terraform's own log.
///
/// Source: <https://developer.hashicorp.com/terraform/internals/machine-readable-ui>
fn is_log(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    json::read(first).is_ok_and(|message| message.get("@level").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_around_a_plan_are_left_out() {
        for text in [
            "{}",
            "\n{}\n\n",
            "[command]/bin/terraform show -json p\n{}\n",
            "::group::plan\n[command]x\r\n{}\r\n\n\n::debug::Terraform exited with code 0.\n",
        ] {
            assert_eq!(unwrapped(text), "{}", "{text}");
        }
        assert_eq!(unwrapped("[command]x"), "");
    }

    #[test]
    fn other_documents_are_named_with_what_to_do() {
        for (text, part) in [
            ("{\"@level\":\"info\"}\n{\"@level\":\"info\"}", "`terraform show -json PLANFILE`"),
            ("{\"Resources\": {}}", "use `--template`"),
            ("{\"deployment\": {}}", "without `--plan`"),
            ("{\"a\": 1}", "it has no member `planned_values`"),
            ("{\"lineage\": \"x\", \"encrypted_data\": \"x\"}", "`tofu show -json`"),
            ("{\"backend\": {}, \"version\": 3}", "`terraform state pull`"),
            ("{\"format_version\": \"1.2\", \"errored\": true}", "it plans nothing"),
            ("{\"lineage\": \"x\", \"version\": 3, \"resources\": []}", "only 4"),
            ("Terraform will perform", "not a Terraform plan in JSON"),
        ] {
            let error = Document::read(text).map(|_| ()).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
