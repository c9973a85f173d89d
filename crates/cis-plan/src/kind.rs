//! What a file is, by its content.

use serde::Deserialize;
use serde::de::IgnoredAny;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Snapshots, or nothing that is known.
    Snapshot,
    /// A CloudFormation template.
    Template,
    /// A Terraform plan.
    Plan,
}

/// The members that tell.
#[derive(Deserialize)]
struct Members {
    #[serde(rename = "Resources")]
    resources: Option<IgnoredAny>,
    #[serde(rename = "AWSTemplateFormatVersion")]
    template_version: Option<IgnoredAny>,
    format_version: Option<IgnoredAny>,
    planned_values: Option<IgnoredAny>,
}

impl Kind {
    /// What a text is: JSON with `Resources` is a template, with `format_version` or
    /// `planned_values` a plan, and any other JSON snapshots; what is not JSON is YAML, so a
    /// template.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.is_empty() || text.starts_with('[') {
            return Self::Snapshot;
        }
        if !text.starts_with('{') {
            return Self::Template;
        }
        match serde_json::Deserializer::from_str(text).into_iter::<Members>().next() {
            Some(Ok(members)) if members.resources.is_some() => Self::Template,
            Some(Ok(members)) if members.template_version.is_some() => Self::Template,
            Some(Ok(members)) if members.format_version.is_some() => Self::Plan,
            Some(Ok(members)) if members.planned_values.is_some() => Self::Plan,
            _ => Self::Snapshot,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_what_a_file_is() {
        for (text, kind) in [
            ("{\"schemaVersion\": 1}\n{\"schemaVersion\": 1}", Kind::Snapshot),
            ("[{}]", Kind::Snapshot),
            ("", Kind::Snapshot),
            ("{\"broken\"", Kind::Snapshot),
            ("{\"Resources\": {}}", Kind::Template),
            ("\u{feff}Resources:\n", Kind::Template),
            ("# comment\nResources: {}\n", Kind::Template),
            ("{\"format_version\": \"1.2\", \"planned_values\": {}}", Kind::Plan),
        ] {
            assert_eq!(Kind::of(text), kind, "{text}");
        }
    }
}
