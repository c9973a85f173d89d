//! Texts of no form that is read, which their owner may take for one, and what to give instead.

use super::folder::next_step;

/// What a text is, and what to give in its place; none where that is not known.
pub(super) fn instead(name: &str, text: &str) -> Option<String> {
    let by_name = next_step(name).map(|step| step.trim_start_matches("; it ").to_string());
    let is_source =
        [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|end| name.ends_with(end));
    if is_source {
        return Some("is Terraform source, which is read by the folder: give that".to_string());
    }
    let shown = |text: &str| {
        text.lines().any(|line| line.starts_with("Terraform will perform the following actions"))
            || text.contains("Terraform used the selected providers to generate")
            || text.starts_with("# ") && text.contains("\nresource \"")
    };
    if shown(text) {
        return Some(
            "is what Terraform prints for people: give what `terraform show -json PLANFILE` prints"
                .to_string(),
        );
    }
    if text.contains("Supply a stack id (") || text.contains("Successfully synthesized to ") {
        return Some("is what `cdk synth` says of several stacks: give `cdk.out`".to_string());
    }
    if ["Previewing update", "Updating (", "Refreshing ("].iter().any(|it| text.starts_with(it)) {
        return Some(
            "is what Pulumi prints for people: give what `pulumi preview --json` or `pulumi stack \
             export` prints"
                .to_string(),
        );
    }
    let is_table = text.starts_with("-----") && text.contains("\n|");
    if is_table || text.starts_with("TRAILLIST\t") || text.starts_with("DATARESOURCES\t") {
        return Some(
            "is what the AWS CLI prints for people: give what it prints with `--output json`"
                .to_string(),
        );
    }
    by_name.or_else(|| is_other_json(text).then(|| OTHER_JSON.to_string()))
}

const OTHER_JSON: &str = "is JSON of no form that is read: it has no `schemaVersion` of a snapshot, \
                          no `Resources` of a template, no `planned_values` of a plan and no \
                          member of an answer of the AWS CLI";

/// Whether a text is an object with members, none of which tells what it is.
fn is_other_json(text: &str) -> bool {
    let mut documents = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    let first = documents.next().and_then(Result::ok);
    first.is_some_and(|first| first.as_object().is_some_and(|members| !members.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_not_read_says_what_to_give() {
        let plan = "Terraform will perform the following actions:\n  # aws_cloudtrail.a\n";
        let state = "# aws_cloudtrail.a:\nresource \"aws_cloudtrail\" \"a\" {\n}\n";
        let table = "----------\n|  DescribeTrails  |\n";
        for (name, text, part) in [
            ("main.tf", "", "by the folder"),
            ("main.tofu", "", "by the folder"),
            ("plan.txt", plan, "`terraform show -json PLANFILE`"),
            ("show.txt", state, "`terraform show -json PLANFILE`"),
            ("out.txt", "Supply a stack id (A, B) to display its template.\n", "`cdk.out`"),
            ("p.txt", "Previewing update (dev):\n", "`pulumi preview --json`"),
            ("a.txt", table, "`--output json`"),
            ("a.txt", "TRAILLIST\tTrue\n", "`--output json`"),
            ("a.json", "{\"Stacks\": []}", "is JSON of no form that is read"),
            ("serverless.yml", "service: a\n", "is a project of the Serverless Framework's: run"),
        ] {
            let said = instead(name, text).unwrap_or_default();
            assert!(said.contains(part), "{name}: {said}");
        }
        assert_eq!(instead("a.yaml", "# comment\nA: 1\n"), None);
    }
}
