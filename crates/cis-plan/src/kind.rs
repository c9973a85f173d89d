//! What a file is, by its content.

mod names;

use serde::Deserialize;
use serde::de::IgnoredAny;

use self::names::Names;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Snapshots, or nothing that is known.
    Snapshot,
    /// A CloudFormation template.
    Template,
    /// A Terraform plan or state.
    Plan,
    /// Answers of the AWS CLI.
    Answers,
    /// The manifest of a cloud assembly, which the AWS CDK writes.
    Assembly,
    /// What `pulumi preview --json` or `pulumi stack export` prints.
    Pulumi,
}

/// The members that tell.
#[derive(Deserialize)]
struct Members {
    #[serde(rename = "schemaVersion")]
    schema_version: Option<IgnoredAny>,
    #[serde(rename = "Resources")]
    resources: Option<IgnoredAny>,
    #[serde(rename = "AWSTemplateFormatVersion")]
    template_version: Option<IgnoredAny>,
    #[serde(rename = "TemplateBody")]
    template_body: Option<IgnoredAny>,
    format_version: Option<IgnoredAny>,
    planned_values: Option<IgnoredAny>,
    resource_changes: Option<IgnoredAny>,
    lineage: Option<IgnoredAny>,
    terraform_version: Option<IgnoredAny>,
    #[serde(rename = "@level")]
    level: Option<IgnoredAny>,
    #[serde(rename = "trailList")]
    trail_list: Option<IgnoredAny>,
    #[serde(rename = "Trails")]
    trails: Option<IgnoredAny>,
    #[serde(rename = "Trail")]
    trail: Option<IgnoredAny>,
    #[serde(rename = "TrailARN")]
    trail_arn: Option<IgnoredAny>,
    #[serde(rename = "IsLogging")]
    is_logging: Option<IgnoredAny>,
    #[serde(rename = "UserId")]
    user_id: Option<IgnoredAny>,
    artifacts: Option<IgnoredAny>,
    deployment: Option<Names>,
    checkpoint: Option<Names>,
    steps: Option<Names>,
    diagnostics: Option<Names>,
    duration: Option<IgnoredAny>,
    #[serde(rename = "changeSummary")]
    change_summary: Option<IgnoredAny>,
    sequence: Option<IgnoredAny>,
    timestamp: Option<IgnoredAny>,
}

impl Members {
    fn kind(&self) -> Option<Kind> {
        let any = |members: &[&Option<IgnoredAny>]| members.iter().any(|member| member.is_some());
        let plan = [
            &self.format_version,
            &self.planned_values,
            &self.resource_changes,
            &self.lineage,
            &self.terraform_version,
            &self.level,
        ];
        let answers =
            [&self.trail_list, &self.trails, &self.trail, &self.trail_arn, &self.is_logging];
        if self.schema_version.is_some() {
            Some(Kind::Snapshot)
        } else if any(&[&self.resources, &self.template_version, &self.template_body]) {
            Some(Kind::Template)
        } else if any(&plan) {
            Some(Kind::Plan)
        } else if any(&answers) || self.user_id.is_some() {
            Some(Kind::Answers)
        } else if self.artifacts.is_some() {
            Some(Kind::Assembly)
        } else if self.is_of_pulumi() {
            Some(Kind::Pulumi)
        } else {
            None
        }
    }

    /// Whether this is what Pulumi prints: its members have common names, so what they hold tells.
    fn is_of_pulumi(&self) -> bool {
        let has = |part: &Option<Names>, names: &[&str]| {
            part.as_ref().is_some_and(|part| names.iter().all(|name| part.has(name)))
        };
        has(&self.deployment, &["manifest"])
            || has(&self.checkpoint, &["stack"])
            || has(&self.steps, &["op", "urn"])
            || self.change_summary.is_some() && self.duration.is_some()
            // A preview that ended before its first step.
            || has(&self.diagnostics, &["severity", "message"]) && self.duration.is_some()
            || self.sequence.is_some() && self.timestamp.is_some()
    }
}

impl Kind {
    /// What a text is: JSON by the members of its first object, what it is not known to be being
    /// snapshots; what is not JSON is YAML, so a template.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        Self::known(text).unwrap_or(if text.is_empty() || text.starts_with(['[', '{']) {
            Self::Snapshot
        } else {
            Self::Template
        })
    }

    /// What a text surely is; none where its content does not tell, as in a file that is none of
    /// these.
    #[must_use]
    pub fn known(text: &str) -> Option<Self> {
        let mut text = text.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with("[command]") || text.starts_with("::debug") {
            // The lines that a CI action writes around what Terraform prints.
            return Some(Self::Plan);
        }
        while let Some(inside) = text.strip_prefix('[') {
            text = inside.trim_start();
        }
        if text.starts_with('"') {
            // `aws cloudformation get-template --query TemplateBody` prints a template so.
            let inside = serde_json::from_str::<String>(text.trim_end()).ok()?;
            return Self::known(&inside).filter(|kind| *kind == Self::Template);
        }
        if !text.starts_with('{') {
            let is_section = |line: &str| line.trim_end() == "Resources:";
            let is_template = |line: &str| {
                is_section(line)
                    || line.starts_with("Resources: ")
                    || line.starts_with("AWSTemplateFormatVersion:")
            };
            if text.lines().any(is_template) {
                return Some(Self::Template);
            }
            return text.lines().any(is_of_answer).then_some(Self::Answers);
        }
        serde_json::Deserializer::from_str(text).into_iter::<Members>().next()?.ok()?.kind()
    }
}

/// Whether a line begins an answer of the AWS CLI in YAML.
fn is_of_answer(line: &str) -> bool {
    let line = line.strip_prefix("- ").unwrap_or(line);
    ["trailList:", "Trails:", "Trail:", "TrailARN:", "IsLogging:", "UserId:"]
        .iter()
        .any(|member| line.starts_with(member))
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
            ("{\"TemplateBody\": {}, \"StagesAvailable\": []}", Kind::Template),
            ("\u{feff}Resources:\n", Kind::Template),
            ("# comment\nResources: {}\n", Kind::Template),
            ("{\"format_version\": \"1.2\", \"planned_values\": {}}", Kind::Plan),
            ("{\"version\": 4, \"terraform_version\": \"1.9.0\", \"lineage\": \"\"}", Kind::Plan),
            ("[command]/opt/terraform-bin show -json\n{}", Kind::Plan),
            ("{\"trailList\": []}", Kind::Answers),
            ("[{\"TrailARN\": \"\"}]", Kind::Answers),
            ("[[ {\"IsLogging\": true}]]", Kind::Answers),
            ("trailList:\n- Name: a\n", Kind::Answers),
            ("- IsLogging: true\n", Kind::Answers),
            ("\"Resources:\\n  A: {}\\n\"", Kind::Template),
            ("{\"version\": \"36.0.0\", \"artifacts\": {}}", Kind::Assembly),
            ("{\"version\": 3, \"deployment\": {\"manifest\": {}}}", Kind::Pulumi),
            ("{\"version\": 3, \"checkpoint\": {\"stack\": \"a/b\"}}", Kind::Pulumi),
            ("{\"config\": {}, \"steps\": [{\"op\": \"same\", \"urn\": \"u\"}]}", Kind::Pulumi),
            ("{\"duration\": 1, \"changeSummary\": {\"same\": 3}}", Kind::Pulumi),
            ("{\"sequence\": 0, \"timestamp\": 1, \"preludeEvent\": {}}\n{}", Kind::Pulumi),
        ] {
            assert_eq!(Kind::of(text), kind, "{text}");
        }
    }

    #[test]
    fn other_files_are_not_known() {
        for text in [
            "",
            "[]",
            "{\"name\": \"package\"}",
            "# Read me\n",
            "{ // comment",
            "\"just a text\"",
            "a:\n  trailList:\n",
            "{\"steps\": [{\"run\": \"make\"}, {\"op\": 1}]}",
            "{\"deployment\": {\"id\": 1}, \"version\": 2}",
            "{\"deployment\": null, \"steps\": 7, \"diagnostics\": \"none\"}",
        ] {
            assert_eq!(Kind::known(text), None, "{text}");
        }
    }
}
