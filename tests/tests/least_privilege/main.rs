//! Least privilege, measured: the binary runs with exactly the policy that a template gives a role,
//! and with each of its actions taken away, one at a time.
//!
//! moto makes the stacks of the committed templates and enforces the policies of their roles; what
//! it does not look at is said in `drivers/moto_enforcing.py`. Every action of every template is in
//! one of the tables here, with what notices that it is missing.

mod deployment;
mod measure;
mod need;
mod place;
mod tables;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use e2e::Result;
use e2e::boto::Boto;
use e2e::policies::{ACCOUNT, Account, HOME, Stack};
use e2e::process::{aws_environment, python};
use e2e::setup;
use e2e::trails::all_s3;
use serde_json::{Value, json};

use crate::deployment::DEPLOYMENTS;
use crate::measure::{Question, Role, measure};
use crate::need::Need;
use crate::place::{
    MEMBER, MEMBER_ROLE, ORGANIZATION, Organization, Place, TOPIC, code, make_others, name_of,
    start, with,
};
use crate::tables::{
    AGGREGATING, ALL, ASSUMING_THE_MEMBER_ROLE, DEPLOYING, EVALUATING, EVALUATING_AGAIN, IMPORTING,
    NOTHING, READER_S, READING_THE_ORGANIZATION_TRAIL, REPORTING_ON_TRAILS, RUNNING, STARTING,
    TELLING,
};

/// A trail's name that leaves little of an annotation: AWS Control Tower's.
const TRAIL: &str = "aws-controltower-BaselineCloudTrail";

fn all_of(needs: &[&'static [Need]]) -> Vec<&'static Need> {
    needs.iter().copied().flatten().collect()
}

#[test]
fn the_function_of_an_account_needs_each_action_of_its_role() -> Result {
    let (moto, Organization { mut own, reader, .. }) = start()?;
    own.create_trail(TRAIL, false, &all_s3())?;
    let mut place = Place { moto, reader: reader.clone(), stack: Stack::new() };
    let features: [(&str, Value, &'static [Need]); 4] = [
        ("plain", json!({}), &[]),
        ("trails", json!({"ReportOn": "account+trails"}), &REPORTING_ON_TRAILS),
        ("findings", json!({"SecurityHub": "asff"}), &IMPORTING),
        (
            "organization",
            // Each trail must be read, so that the organization's is not spared.
            json!({"OrganizationTrailRoleArn": reader, "TrailMode": "every"}),
            &READING_THE_ORGANIZATION_TRAIL,
        ),
    ];
    for (name, parameters, needs) in features {
        place.stack = own.deploy(name, "rule.yaml", &with(code(), &parameters))?;
        make_others(&mut own, &place)?;
        let question = Question {
            session: own.assume(place.id("FunctionRole"))?,
            account: ACCOUNT,
            rule: place.id("WriteRule").to_owned(),
            parameters,
        };
        let role = Role {
            owner: &mut own,
            name: place.id("FunctionRole"),
            question: Some(&question),
            needs: all_of(&[&RUNNING, &EVALUATING, needs]),
        };
        measure(&place, role).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

#[test]
fn a_central_function_needs_each_action_of_its_role_and_of_those_that_it_assumes() -> Result {
    let (moto, Organization { mut own, mut management, reader }) = start()?;
    let mut member = Account::other(&moto, MEMBER)?;
    member.create_trail(TRAIL, false, &all_s3())?;
    let central = json!({
        "OrganizationId": ORGANIZATION,
        "MemberAccounts": MEMBER,
        "OrganizationTrailRoleArn": reader,
    });
    let stack = own.deploy("central", "central-function.yaml", &with(code(), &central))?;
    let place = Place { moto, reader, stack };
    make_others(&mut own, &place)?;
    let trusted = json!({
        "FunctionRoleArn": own.role_arn(place.id("FunctionRole"))?,
        "OrganizationId": ORGANIZATION,
    });
    let reported = json!({"ReportOn": "account+trails", "SecurityHub": "asff"});
    let in_member = member.deploy("member", "member-role.yaml", &with(trusted, &reported))?;
    assert_eq!(in_member["MemberRole"], MEMBER_ROLE);

    let roles = json!({
        "MemberRoleName": MEMBER_ROLE,
        "OrganizationTrailRoleArn": place.reader,
        "TrailMode": "every",
    });
    let question = Question {
        session: own.assume(place.id("FunctionRole"))?,
        account: MEMBER,
        rule: "OrgConfigRule-cis-3-8-s3-object-level-write-logging-abcdefgh".to_owned(),
        parameters: with(reported, &roles),
    };
    let roles: [(&mut Account, &str, Vec<&'static Need>); 3] = [
        (
            &mut own,
            place.id("FunctionRole"),
            all_of(&[&RUNNING, &ASSUMING_THE_MEMBER_ROLE, &READING_THE_ORGANIZATION_TRAIL]),
        ),
        (&mut member, MEMBER_ROLE, all_of(&[&EVALUATING, &REPORTING_ON_TRAILS, &IMPORTING])),
        (&mut management, name_of(&place.reader), all_of(&[&READER_S])),
    ];
    for (owner, name, needs) in roles {
        let role = Role { owner, name, question: Some(&question), needs };
        measure(&place, role).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

#[test]
fn what_aws_does_with_the_other_roles_needs_each_of_their_actions() -> Result {
    let (moto, Organization { mut own, reader, .. }) = start()?;
    own.call("organizations", "create_organization", json!({"FeatureSet": "ALL"}))?;
    let aggregator = own.deploy("aggregator", "aggregator.yaml", &json!({}))?;
    for name in ["security", "security-2"] {
        own.call("sns", "create_topic", json!({"Name": name}))?;
    }
    let both = with(code(), &json!({"EventKinds": "write,read", "AlarmTopicArn": TOPIC}));
    let stack = own.deploy("rule", "rule.yaml", &both)?;
    let place = Place { moto, reader, stack };
    let roles: [(&str, &[&'static [Need]]); 4] = [
        (place.id("NoticeRole"), &[&TELLING]),
        (place.id("ReevaluationRole"), &[&EVALUATING_AGAIN]),
        (place.id("TrailChangedRole"), &[&STARTING]),
        (&aggregator["AggregatorRole"], &[&AGGREGATING]),
    ];
    for (name, needs) in roles {
        let role = Role { owner: &mut own, name, question: None, needs: all_of(needs) };
        measure(&place, role).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

/// What CloudFormation's own calls take of whoever deploys. Its policies have them in one statement, which
/// is the same in all of them.
#[test]
fn whoever_deploys_needs_each_of_cloudformation_s_calls() -> Result {
    let (moto, Organization { mut own, reader, .. }) = start()?;
    let place = Place { moto, reader, stack: Stack::new() };
    let mut statements = BTreeSet::new();
    for file in std::fs::read_dir(xtask::root().join("infra/deployer"))? {
        let policy: Value = serde_json::from_str(&std::fs::read_to_string(file?.path())?)?;
        let all = policy["Statement"].as_array().into_iter().flatten();
        let of_stacks = all.filter(|it| it["Resource"].to_string().contains(":stack/"));
        statements.extend(of_stacks.map(Value::to_string));
    }
    let [statement] = &statements.into_iter().collect::<Vec<_>>()[..] else {
        return Err("more than one statement about stacks".into());
    };
    let trust = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole",
    }]});
    let role = json!({"RoleName": "deployer", "AssumeRolePolicyDocument": trust.to_string()});
    own.call("iam", "create_role", role)?;
    let document = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statement}]}}");
    let put = json!({"RoleName": "deployer", "PolicyName": "deploy", "PolicyDocument": document});
    own.call("iam", "put_role_policy", put)?;
    let needs = all_of(&[&DEPLOYING]);
    measure(&place, Role { owner: &mut own, name: "deployer", question: None, needs })?;

    // The AWS CLI makes no other call for what the page shows.
    let session = own.assume("deployer")?;
    place.moto.enforce(true)?;
    let template = setup::scratch()?.join("nothing.yaml");
    std::fs::write(&template, NOTHING)?;
    let template = template.to_str().ok_or("a path of other bytes")?;
    let stack = "s3-object-level-logging-topic-2";
    for command in [
        vec!["deploy", "--template-file", template],
        vec!["describe-stacks"],
        vec!["delete-stack"],
        vec!["wait", "stack-delete-complete"],
    ] {
        let cli = Path::new(python(&[])?.get_program()).with_file_name("aws");
        let mut aws = Command::new(cli);
        aws_environment(&mut aws, &place.moto.url(), HOME);
        aws.envs(session.variables()).arg("cloudformation").args(&command);
        let ran = aws.args(["--stack-name", stack]).output()?;
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{command:?}: {said}");
    }
    Ok(())
}

/// Deployments in a role with exactly their policy, and that of an account with each action less that
/// making its resources takes.
#[test]
fn a_deployment_needs_each_action_that_making_its_resources_takes() -> Result {
    let (moto, Organization { mut own, reader, .. }) = start()?;
    own.call("s3", "create_bucket", json!({"Bucket": "my-code"}))?;
    let code = json!({"Bucket": "my-code", "Key": "trailproof/bootstrap.zip", "Body": "code"});
    own.call("s3", "put_object", code)?;
    let place = Place { moto, reader, stack: Stack::new() };
    let trust = json!({"Version": "2012-10-17", "Statement": []}).to_string();
    for deployment in &DEPLOYMENTS {
        let template = deployment.template;
        let role = format!("deployer-of-{template}");
        own.call(
            "iam",
            "create_role",
            json!({"RoleName": role, "AssumeRolePolicyDocument": trust}),
        )?;
        let path = xtask::root().join("infra/deployer").join(format!("{template}.json"));
        let mut policy: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
        // A stack is made here by one call, which the page's commands do not make.
        let create = json!({
            "Effect": "Allow", "Action": ["cloudformation:CreateStack"], "Resource": ["*"],
        });
        policy["Statement"].as_array_mut().ok_or("no statements")?.push(create);
        let put = json!({
            "RoleName": role, "PolicyName": "deploy", "PolicyDocument": policy.to_string(),
        });
        own.call("iam", "put_role_policy", put)?;
        let policy = own.policy(&role)?;
        let mut session = Boto::in_session(&place.moto.url(), &own.assume(&role)?)?;
        place.moto.enforce(true)?;
        deployment.make(&mut session, 0)?.map_err(|code| format!("{template}: {code}"))?;
        let mut needed = BTreeSet::new();
        for (number, grant) in policy.grants()?.iter().enumerate() {
            if !deployment.measured.contains(&grant.action.as_str()) {
                continue;
            }
            place.moto.enforce(false)?;
            own.put(&policy.without(grant))?;
            place.moto.enforce(true)?;
            // An action that is allowed on two kinds of things may be needed for one of them only.
            if let Err(code) = deployment.make(&mut session, number + 1)? {
                assert!(code.starts_with("AccessDenied"), "{}: {code}", grant.action);
                needed.insert(grant.action.clone());
            }
        }
        place.moto.enforce(false)?;
        let measured: BTreeSet<String> =
            deployment.measured.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(needed, measured, "{template}");
    }
    Ok(())
}

/// What making takes is measured, apart from types that moto does not make, or gives no ARN.
#[test]
fn what_is_measured_of_an_account_s_deployment_is_what_is_published() -> Result {
    const NOT_MADE: [&str; 4] = [
        "AWS::CloudWatch::Alarm",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::Permission",
        "AWS::SQS::QueuePolicy",
    ];
    let infra = xtask::root().join("infra");
    let template = std::fs::read_to_string(infra.join("templates/rule.yaml"))?;
    let kinds = template.lines().filter_map(|line| line.strip_prefix("    Type: "));
    let kinds: BTreeSet<&str> = kinds.filter(|it| it.starts_with("AWS::")).collect();
    let published: Value =
        serde_json::from_str(&std::fs::read_to_string(infra.join("data/handlers.json"))?)?;
    let policy: Value =
        serde_json::from_str(&std::fs::read_to_string(infra.join("deployer/rule.json"))?)?;
    let allowed = policy["Statement"].as_array().into_iter().flatten();
    let allowed: BTreeSet<&str> = allowed
        .flat_map(|it| it["Action"].as_array().into_iter().flatten())
        .filter_map(Value::as_str)
        .collect();
    let mut taken = BTreeSet::new();
    for kind in kinds.into_iter().filter(|kind| !NOT_MADE.contains(kind)) {
        let create = published["types"][kind]["create"].as_array().into_iter().flatten();
        taken.extend(create.filter_map(Value::as_str).filter(|it| allowed.contains(it)));
    }
    assert_eq!(taken, DEPLOYMENTS[0].measured.iter().copied().collect());
    let said = format!("each of the {} actions that making it takes", taken.len());
    let page = std::fs::read_to_string(infra.join("README.md"))?;
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains(&said), "{said}");
    Ok(())
}

#[test]
fn every_action_of_every_template_is_needed_here_and_explained() -> Result {
    let infra = xtask::root().join("infra");
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(infra.join("templates"))? {
        let template = std::fs::read_to_string(file?.path())?;
        found.extend(template.lines().filter_map(action).map(str::to_owned));
    }
    let mut needed: BTreeSet<String> =
        ALL.iter().copied().flatten().map(|need| need.action.to_owned()).collect();
    // What AWS Config may do with the function, and EventBridge with the queue: by their own policies.
    // A key's policy decides on the key as well.
    for action in ["lambda:InvokeFunction", "sqs:SendMessage", "kms:Decrypt", "kms:GenerateDataKey"]
    {
        needed.insert(action.to_owned());
    }
    // tests/remediation.rs measures them.
    let remediating =
        ["ListTags", "PutEventSelectors", "StartLogging", "UpdateTrail", "CreateTrail"];
    needed.extend(remediating.map(|call| format!("cloudtrail:{call}")));
    assert_eq!(found, needed);

    let readme = std::fs::read_to_string(infra.join("README.md"))?;
    let (uses, amiss) = readme
        .split_once("\n### What is amiss without it\n")
        .ok_or("no section says what is amiss without a permission")?;
    for action in needed {
        let row = |line: &str| line.starts_with('|') && line.contains(&format!("`{action}`"));
        assert!(uses.lines().any(row), "what is {action} for?");
        assert!(amiss.lines().any(row), "what is amiss without {action}?");
    }
    let tests = [
        xtask::root().join("tests/tests/least_privilege/main.rs"),
        xtask::root().join("tests/tests/remediation.rs"),
        infra.join("tests/templates/contract.rs"),
    ];
    let tests =
        tests.map(std::fs::read_to_string).into_iter().collect::<std::io::Result<String>>()?;
    for name in amiss.split('`').filter(|text| text.matches('_').count() > 3) {
        assert!(tests.contains(&format!("\nfn {name}(")), "no test is named {name}");
    }
    Ok(())
}

/// The action that a line of a template names, as an item of a list or as the only one.
fn action(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let item = line.strip_prefix("- ").or_else(|| line.strip_prefix("Action: "))?;
    let (service, call) = item.split_once(':')?;
    let is_action = service.chars().all(|letter| letter.is_ascii_lowercase())
        && call.starts_with(|first: char| first.is_ascii_uppercase() || first == '*')
        && call.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '*');
    is_action.then_some(item)
}
