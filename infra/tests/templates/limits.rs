//! What an account's owner demands, and how far each shape reaches.

use serde_json::json;

use crate::read::{all, committed, of_type, with_every_branch};

const README: &str = include_str!("../../README.md");

/// The most bytes of a function's policy.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const POLICY: usize = 20 * 1024;

/// How many permissions of `central-function.yaml` fit into a function's policy, as Lambda keeps it:
/// one statement for each, without spaces. CloudFormation makes the function's name and the
/// statement's id of the stack's name, the logical id and up to 13 letters.
fn permissions(stack: &str, partition: &str, region: &str) -> usize {
    let template = with_every_branch(&committed()["central-function.yaml"]);
    let [(logical_id, permission)] = of_type(&template, "AWS::Lambda::Permission")[..] else {
        panic!("one permission")
    };
    let account = "111122223333";
    let random = "x".repeat(13);
    let function = format!("{stack}-Function-{}", "x".repeat(12));
    let mut condition = json!({"StringEquals": {"AWS:SourceAccount": account}});
    if let Some(arn) = permission["Properties"].get("SourceArn") {
        let arn = arn["Fn::Sub"].as_str().unwrap();
        let arn = arn
            .replace("${AWS::Partition}", partition)
            .replace("${AWS::Region}", region)
            .replace("${Account}", account);
        condition["ArnLike"] = json!({"AWS:SourceArn": arn});
    }
    let statement = json!({
        "Sid": format!("{stack}-{}-{random}", logical_id.replace("${Account}", account)),
        "Effect": "Allow",
        "Principal": {"Service": permission["Properties"]["Principal"]},
        "Action": permission["Properties"]["Action"],
        "Resource": format!("arn:{partition}:lambda:{region}:{account}:function:{function}"),
        "Condition": condition,
    });
    let around = json!({"Version": "2012-10-17", "Id": "default", "Statement": []});
    // Each but the first has a comma before it.
    (POLICY - around.to_string().len() + 1) / (statement.to_string().len() + 1)
}

/// The longest names of Regions of each partition.
const REGIONS: [(&str, &str); 5] = [
    ("aws", "ap-southeast-1"),
    ("aws-us-gov", "us-gov-west-1"),
    ("aws-cn", "cn-northwest-1"),
    ("aws-eusc", "eusc-de-east-1"),
    ("aws-iso", "us-iso-east-1"),
];

fn anywhere(stack: &str) -> usize {
    REGIONS
        .map(|(partition, region)| permissions(stack, partition, region))
        .into_iter()
        .min()
        .unwrap()
}

#[test]
fn the_number_of_accounts_of_one_function_is_what_its_policy_holds() {
    let (before, _) =
        README.split_once("--template-file infra/templates/central-function.yaml").unwrap();
    let stack = before.rsplit("--stack-name ").next().unwrap().split_whitespace().next().unwrap();
    let (documented, short) = (anywhere(stack), anywhere("trailproof"));
    assert!(README.contains(&format!("an organization of up to {documented} accounts")));
    assert!(README.contains(&format!("{documented} accounts are what a function's policy holds")));
    assert!(README.contains(&format!("`trailproof`, it holds {short}")), "{short}");
    let template =
        std::fs::read_to_string(infra::synth::directory().join("central-function.yaml")).unwrap();
    let said = template.replace("\n    # ", " ").replace("\n      # ", " ");
    assert!(said.contains(&format!("policy holds {documented} of them")), "{documented}");
}

#[test]
fn every_role_takes_a_boundary() {
    let mut roles = 0;
    for (name, template) in committed() {
        for (role, resource) in of_type(&template, "AWS::IAM::Role") {
            let boundary = &resource["Properties"]["PermissionsBoundary"]["Fn::If"];
            assert_eq!(boundary[1], json!({"Ref": "PermissionsBoundaryArn"}), "{name}: {role}");
            roles += 1;
        }
    }
    assert_eq!(roles, 12, "roles in all templates");
}

#[test]
fn functions_take_a_path_a_key_a_reservation_and_rules_a_prefix() {
    let templates = committed();
    for name in ["rule.yaml", "central-function.yaml"] {
        let resources = &templates[name]["Resources"];
        let property = |resource: &str, property: &str| {
            resources[resource]["Properties"][property]["Fn::If"][1].clone()
        };
        let key = json!({"Ref": "KmsKeyArn"});
        assert_eq!(property("Log", "KmsKeyId"), key, "{name}");
        assert_eq!(property("FailedEvents", "KmsMasterKeyId"), key, "{name}");
        // One of the two encrypts the queue, and SQS refuses both.
        let own = &resources["FailedEvents"]["Properties"]["SqsManagedSseEnabled"]["Fn::If"];
        assert_eq!(own, &json!(["UsesKmsKeyArn", {"Ref": "AWS::NoValue"}, true]), "{name}");
        let reserved = property("Function", "ReservedConcurrentExecutions");
        assert_eq!(reserved, json!({"Ref": "ReservedConcurrency"}), "{name}");
    }
    for rule in ["WriteRule", "ReadRule"] {
        let name = &templates["rule.yaml"]["Resources"][rule]["Properties"]["ConfigRuleName"];
        assert!(name["Fn::Sub"].as_str().unwrap().starts_with("${RuleNamePrefix}"), "{rule}");
    }
    let set = &templates["stackset.yaml"];
    let set = with_every_branch(&set["Resources"]["Accounts"]["Properties"]);
    let given = set["Parameters"].to_string();
    for name in [
        "FunctionRolePath",
        "PermissionsBoundaryArn",
        "KmsKeyArn",
        "ReservedConcurrency",
        "RuleNamePrefix",
        "CreateAlarms",
        "Metrics",
    ] {
        assert!(given.contains(&format!("\"{name}\"")), "the set does not give {name}");
    }
    let targets = &set["StackInstancesGroup"][0]["DeploymentTargets"];
    assert_eq!(targets["AccountFilterType"], "DIFFERENCE", "{targets}");
}

/// A bucket and a topic are of one Region, so a set is too.
#[test]
fn a_set_is_of_one_region() {
    let template = &committed()["stackset.yaml"];
    assert_eq!(template["Parameters"]["Region"]["Type"], "String");
    let group = &template["Resources"]["Accounts"]["Properties"]["StackInstancesGroup"][0];
    assert_eq!(group["Regions"], json!([{"Ref": "Region"}]));
}

/// CloudFormation shows other characters as `?`.
#[test]
fn templates_are_plain_ascii() {
    for (name, template) in all() {
        for part in ["Parameters", "Metadata", "Description", "Outputs"] {
            assert!(template[part].to_string().is_ascii(), "{name}: {part}");
        }
    }
}

/// Which account needs what, command by command, is where people fail first.
#[test]
fn the_page_says_what_each_organizations_template_is_registered_for() {
    for (template, principal) in [
        ("stackset.yaml", "member.org.stacksets.cloudformation.amazonaws.com"),
        ("organization-rule.yaml", "config-multiaccountsetup.amazonaws.com"),
        ("organization-conformance-pack.yaml", "config-multiaccountsetup.amazonaws.com"),
        ("aggregator.yaml", "config.amazonaws.com"),
        ("organization-trail-role.yaml", "cloudtrail.amazonaws.com"),
    ] {
        let row = README.lines().find(|line| {
            line.starts_with('|') && line.contains(template) && line.contains("register")
        });
        let row = row.unwrap_or_else(|| panic!("no row registers the account of {template}"));
        assert!(row.contains(&format!("`{principal}`")), "{row}");
    }
    for denied in ["organizations:ListDelegatedAdministrators", "iam:CreateServiceLinkedRole"] {
        assert!(README.contains(denied), "whoever deploys needs {denied}");
    }
}

/// `s3:GetObject` does not read a version, and a set has `CodeVersion`.
#[test]
fn the_buckets_policy_lets_versions_be_read() {
    let policies = README.matches("s3:GetObjectVersion").count();
    assert!(policies >= 1 && README.contains("[\"s3:GetObject\", \"s3:GetObjectVersion\"]"));
}

/// The text of a page under a heading, without that of its own sections.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let start = page.find(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no `{heading}`"));
    let text = &page[start + heading.len() + 2..];
    text.find("\n#").map_or(text, |end| &text[..end])
}

#[test]
fn every_way_ends_with_seeing_that_it_works() {
    let landing_zones = include_str!("../../landing-zones/README.md");
    let results = "```sh\nresults";
    for (page, heading, commands) in [
        (
            README,
            "### From a release",
            &["./trailproof invoke --live", "describe-compliance-by"][..],
        ),
        (README, "## One account", &[results]),
        (README, "### With conformance packs", &[results]),
        (README, "## Every account of an organization", &["\nfailed_in ", "\nwithout_result\n"]),
        (
            README,
            "## A central function",
            &[
                "get-organization-config-rule-detailed-status",
                "get-organization-conformance-pack-detailed-status",
                "\nfailed_in ",
                "\nwithout_result\n",
            ],
        ),
        (README, "## Terraform", &[results]),
        (README, "## CDK", &[results]),
        (README, "## Landing zones", &[results, "\nwithout_result\n"]),
        (landing_zones, "## See that it works", &[results, "\nwithout_result\n"]),
    ] {
        let text = section(page, heading);
        for command in commands {
            assert!(text.contains(command), "{heading}: no {command}");
        }
    }
    let before = section(README, "## Before");
    assert!(before.contains("trailproof invoke --live --kind write,read"));
}

#[test]
fn the_page_says_of_each_registration_what_it_is_for() {
    for text in [README, include_str!("../../landing-zones/README.md")] {
        assert!(!text.contains("delegated administrator of AWS Config"), "of which service?");
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let template = std::fs::read_to_string(&path).unwrap();
        assert!(!template.contains("delegated administrator of AWS Config"), "{}", path.display());
    }
}

/// What is known of AWS and no template can hold, at the place where it is needed.
#[test]
fn the_page_says_what_is_documented_what_was_seen_and_what_to_do() {
    let said = |heading: &str| {
        let text = section(README, heading);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for (heading, statements) in [
        // A missing recorder mostly refuses rules, and stops none that are scheduled.
        ("## Before", &["custom Lambda rules were also", "go on while the recorder is off"][..]),
        // Nobody can name an account before AWS Config reaches it.
        (
            "## A central function",
            &[
                "before anyone can name it in `MemberAccounts`",
                "update the function's stack with the new list, then the rules' stack",
                "better off with the StackSet",
            ],
        ),
        // The status of a delegated administrator's pack never leaves it.
        ("### In an organization", &["For conformance packs take the management account"]),
        (
            "## Minutes, not a day",
            &[
                "an account leaves",
                "trusted access ends",
                "delegated administrator is removed",
                "`PutInsightSelectors` and `PutEventConfiguration` change nothing",
            ],
        ),
        ("## Every account of an organization", &["those of the partition `aws`"]),
        ("## What is checked, and what is not", &["Nothing was checked in China"]),
    ] {
        let text = said(heading);
        for statement in statements {
            assert!(text.contains(statement), "{heading}: no \"{statement}\"");
        }
    }
    // Whoever is woken by silence is not sent to the recorder: scheduled rules do without it.
    assert!(!said("## When an alarm rings").contains("recorder"));
    let pack = include_str!("../../templates/organization-conformance-pack.yaml");
    let head = pack.split("AWSTemplateFormatVersion").next().unwrap();
    assert!(head.contains("Deploy it in the management account"), "{head}");
}

/// A set's operation is under way when the command returns, and an instance that failed fails nothing.
#[test]
fn every_command_on_a_set_says_as_whom_and_is_waited_for_and_looked_at() {
    let page = README.replace("\\\n", " ");
    let mut seen = 0;
    for line in page.lines() {
        let of_a_set = [
            "create-stack-set ",
            "create-stack-instances ",
            "list-stack-instances ",
            "delete-stack-instances ",
            "delete-stack-set ",
            "describe-stack-set-operation ",
        ];
        if of_a_set.iter().any(|command| line.contains(&format!("cloudformation {command}"))) {
            assert!(line.contains("--call-as"), "as whom? {line}");
            seen += 1;
        }
    }
    assert!(seen >= 6, "{seen} commands on sets");
    // Whatever is not `SUCCEEDED`: the account that is closed is `INOPERABLE`, and not `FAILED`.
    assert!(
        page.contains("StackInstanceStatus.DetailedStatus!='SUCCEEDED'"),
        "what failed is looked at"
    );
    assert!(page.contains("for _ in $(seq 720)"), "no wait is without an end");
    assert!(page.contains("--retain-stacks"), "accounts that are closed");
}
