//! Which provider configuration a resource has, and what that says of the account.

use std::collections::HashMap;

use super::resources::Resource;
use crate::node::Node;

/// The provider configurations of a plan.
pub(super) struct Providers<'a> {
    configurations: HashMap<&'a str, &'a Node>,
    /// By the address of a resource, without indexes.
    of_resource: HashMap<String, &'a str>,
    /// The resources as they are configured.
    configured: HashMap<String, &'a Node>,
}

/// What of a provider's configuration does not tell accounts apart.
const SAYS_NO_ACCOUNT: [&str; 12] = [
    "region",
    "default_tags",
    "ignore_tags",
    "endpoints",
    "max_retries",
    "retry_mode",
    "s3_use_path_style",
    "skip_credentials_validation",
    "skip_metadata_api_check",
    "skip_region_validation",
    "skip_requesting_account_id",
    "user_agent",
];

impl<'a> Providers<'a> {
    pub(super) fn of(root: &'a Node) -> Self {
        let configuration = root.get("configuration");
        let mut providers = Self {
            configurations: HashMap::new(),
            of_resource: HashMap::new(),
            configured: HashMap::new(),
        };
        let all = configuration.and_then(|all| all.get("provider_config"));
        for (key, node) in all.map(Node::members).unwrap_or_default() {
            providers.configurations.insert(key, node);
        }
        let root = configuration.and_then(|all| all.get("root_module"));
        let mut modules: Vec<(String, &Node)> =
            root.into_iter().map(|module| (String::new(), module)).collect();
        while let Some((path, module)) = modules.pop() {
            for node in module.get("resources").map(Node::elements).unwrap_or_default() {
                let text = |name| node.get(name).and_then(Node::text);
                let Some(address) = text("address") else { continue };
                let address = format!("{path}{address}");
                if let Some(key) = text("provider_config_key") {
                    providers.of_resource.insert(address.clone(), key);
                }
                providers.configured.insert(address, node);
            }
            for (name, call) in module.get("module_calls").map(Node::members).unwrap_or_default() {
                if let Some(module) = call.get("module") {
                    modules.push((format!("{path}module.{name}."), module));
                }
            }
        }
        providers
    }

    /// A resource as it is configured.
    pub(super) fn configured(&self, resource: &Resource<'_>) -> Option<&'a Node> {
        self.configured.get(&without_indexes(&resource.address)).copied()
    }

    /// The key of a resource's provider configuration.
    pub(super) fn key(&self, resource: &Resource<'_>) -> String {
        if let Some(key) = self.of_resource.get(&without_indexes(&resource.address)) {
            return (*key).to_string();
        }
        // A stored state names it: `provider["registry.terraform.io/hashicorp/aws"].alias`.
        let named = resource.provider_name.unwrap_or("aws");
        match named.rsplit_once("\"]") {
            Some((name, alias)) => format!("{}{alias}", last(name)),
            None => last(named).to_string(),
        }
    }

    /// A provider's configuration: a module's own, else the one that it has from its parents.
    pub(super) fn configuration(&self, key: &str) -> Option<&'a Node> {
        let of_root = key.rsplit(':').next().unwrap_or(key);
        self.configurations.get(key).or_else(|| self.configurations.get(of_root)).copied()
    }

    /// What tells the account of a provider from others': two providers with the same text have one
    /// account.
    pub(super) fn account_text(&self, key: &str) -> String {
        let Some(configuration) = self.configuration(key) else {
            let of_root = key.rsplit(':').next().unwrap_or(key);
            return match of_root.split_once('.') {
                Some((_, alias)) => format!("alias {alias}"),
                None => String::new(),
            };
        };
        let all = configuration.get("expressions").map(Node::members).unwrap_or_default();
        let mut all: Vec<String> = all
            .iter()
            .filter(|(name, _)| !SAYS_NO_ACCOUNT.contains(&name.as_str()))
            .map(|(name, value)| format!("{name}: {value:?}"))
            .collect();
        all.sort_unstable();
        all.join(", ")
    }
}

/// A constant in a provider's configuration.
pub(super) fn constant<'a>(configuration: &'a Node, name: &str) -> Option<&'a Node> {
    configuration.get("expressions")?.get(name)?.get("constant_value")
}

/// The constant ARN of the role that a provider assumes last.
pub(super) fn role(configuration: &Node) -> Option<&str> {
    let roles = configuration.get("expressions")?.get("assume_role")?;
    let last = match roles {
        Node::List(roles) => roles.last()?,
        role => role,
    };
    last.get("role_arn")?.get("constant_value")?.text()
}

fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// An address without indexes: `module.a["b"].c.d[0]` is `module.a.c.d`.
fn without_indexes(address: &str) -> String {
    let mut plain = String::with_capacity(address.len());
    let (mut is_index, mut is_quoted, mut is_escaped) = (false, false, false);
    for character in address.chars() {
        match (is_index, is_quoted, character) {
            (false, _, '[') => is_index = true,
            (false, _, other) => plain.push(other),
            (true, false, ']') => is_index = false,
            (true, quoted, '"') if !is_escaped => is_quoted = !quoted,
            (true, _, _) => {}
        }
        is_escaped = is_quoted && character == '\\' && !is_escaped;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_are_left_out_of_addresses() {
        for (address, plain) in [
            ("aws_cloudtrail.a", "aws_cloudtrail.a"),
            ("module.a[\"b].c\"].aws_cloudtrail.d[0]", "module.a.aws_cloudtrail.d"),
            ("module.a[\"\\\"]\"].b.c", "module.a.b.c"),
        ] {
            assert_eq!(without_indexes(address), plain);
        }
    }
}
