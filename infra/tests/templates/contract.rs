//! What AWS would refuse, or accept and then not do, and cfn-lint does not see.

use std::collections::BTreeSet;

use crate::read::{all, committed, of_type, with_every_branch};
use aws_sdk_config::types::{
    EventSource, MaximumExecutionFrequency, MessageType, OrganizationConfigRuleTriggerType, Owner,
};
use cis_lambda::event::{CHANGED, OVERSIZED_CHANGED, SCHEDULED};
use cis_lambda::metrics;
use cis_lambda::parameters::{ALL, Form, Parameter, Parameters, Values};
use cis_lambda::remediation::Request;
use infra::{
    EVALUATION_SUCCEEDED, FREQUENCIES, FUNCTION_ROLE_PATH, LONGEST_PREFIX, LONGEST_RULE_NAME,
    METRIC_DIMENSION, METRIC_NAMESPACE, PERMISSIONS, RULE_NAME_PREFIX, RULES,
};
use serde_json::{Map, Value, json};

/// Every template with all its branches, with a rule's type and where its properties are.
fn rules() -> Vec<(String, Value)> {
    let mut rules = Vec::new();
    for (name, template) in all() {
        for (_, rule) in of_type(&with_every_branch(&template), "AWS::Config::ConfigRule") {
            rules.push((name.clone(), rule.clone()));
        }
    }
    assert_eq!(rules.len(), 3 * RULES.len(), "rule.yaml and two packs");
    rules
}

fn organization_rules() -> Vec<(String, Value)> {
    let template = with_every_branch(&committed()["organization-rule.yaml"]);
    let rules = of_type(&template, "AWS::Config::OrganizationConfigRule");
    assert_eq!(rules.len(), RULES.len());
    rules.into_iter().map(|(name, rule)| (name.to_owned(), rule["Properties"].clone())).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

fn texts(value: &Value) -> BTreeSet<&str> {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list")).iter().map(text).collect()
}

#[test]
fn triggers_are_spelled_as_aws_config_spells_them() {
    for (name, rule) in rules() {
        let source = &rule["Properties"]["Source"];
        assert!(Owner::values().contains(&text(&source["Owner"])), "{name}: {source}");
        assert_eq!(source["Owner"], Owner::CustomLambda.as_str());
        let triggers = source["SourceDetails"].as_array().unwrap();
        for trigger in triggers {
            assert!(EventSource::values().contains(&text(&trigger["EventSource"])), "{trigger}");
            let message = text(&trigger["MessageType"]);
            assert!(MessageType::values().contains(&message), "{name}: {message}");
            // AWS Config refuses a frequency of anything else, and a schedule without one.
            let periodic = message == MessageType::ScheduledNotification.as_str();
            let frequency = trigger.get("MaximumExecutionFrequency");
            assert_eq!(frequency.is_some(), periodic, "{name}: {trigger}");
        }
        assert_eq!(triggers[0]["MessageType"], SCHEDULED, "{name} is evaluated periodically");
        let on_change: Vec<&str> =
            triggers[1..].iter().map(|it| text(&it["MessageType"])).collect();
        // Without a scope, each change in the account would invoke the function.
        if on_change.is_empty() {
            assert_eq!(rule["Properties"].get("Scope"), None, "{name}");
        } else {
            assert_eq!(on_change, [CHANGED, OVERSIZED_CHANGED], "{name}");
            let scope = &rule["Properties"]["Scope"]["ComplianceResourceTypes"];
            assert_eq!(*scope, json!(["AWS::CloudTrail::Trail"]), "{name}");
        }
    }
    for (name, rule) in organization_rules() {
        let rule = &rule["OrganizationCustomRuleMetadata"];
        for message in texts(&rule["OrganizationConfigRuleTriggerTypes"]) {
            let known = OrganizationConfigRuleTriggerType::values();
            assert!(known.contains(&message), "{name}: {message}");
        }
    }
}

#[test]
fn frequencies_are_all_those_that_aws_config_has() {
    let known: BTreeSet<&str> = MaximumExecutionFrequency::values().iter().copied().collect();
    assert_eq!(FREQUENCIES.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>(), known);
    let mut seen = 0;
    for (name, template) in all() {
        if let Some(input) = template["Parameters"].get("MaximumExecutionFrequency") {
            assert_eq!(texts(&input["AllowedValues"]), known, "{name}");
            seen += 1;
        }
    }
    assert_eq!(seen, 8, "templates with a frequency, and packs inside them");
}

/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html>
#[test]
fn names_and_descriptions_are_short_enough() {
    for (name, rule) in rules() {
        match &rule["Properties"]["ConfigRuleName"] {
            Value::String(fixed) => assert!(fixed.len() <= LONGEST_RULE_NAME, "{name}"),
            prefixed => {
                // AWS Config appends nothing to the name of a rule that is in no pack.
                let input = &committed()[&name]["Parameters"][RULE_NAME_PREFIX];
                let longest = usize::try_from(input["MaxLength"].as_u64().unwrap()).unwrap();
                let base = text(&prefixed["Fn::Sub"]).replace("${RuleNamePrefix}", "");
                assert!(base.len() + longest <= 64, "{name}: {base}");
            }
        }
        assert!(text(&rule["Properties"]["Description"]).chars().count() <= 256, "{name}");
    }
    for (name, rule) in organization_rules() {
        assert!(text(&rule["OrganizationConfigRuleName"]).len() <= LONGEST_RULE_NAME, "{name}");
        let description = &rule["OrganizationCustomRuleMetadata"]["Description"];
        assert!(text(description).chars().count() <= 256, "{name}");
    }
    for (_, query) in of_type(&committed()["aggregator.yaml"], "AWS::Config::StoredQuery") {
        let mut query = query["Properties"].clone();
        if let Some(prefixed) = query["QueryExpression"].get("Fn::Sub") {
            let longest = "x".repeat(LONGEST_PREFIX);
            query["QueryExpression"] = text(prefixed).replace("${RuleNamePrefix}", &longest).into();
        }
        assert!((1..=64).contains(&text(&query["QueryName"]).len()), "{query}");
        assert!((1..=256).contains(&text(&query["QueryDescription"]).len()), "{query}");
        assert!((1..=4096).contains(&text(&query["QueryExpression"]).len()), "{query}");
    }
}

/// A rule's `InputParameters` with each value as long as its template's parameter may be.
fn longest(given: &Value, template: &Value) -> Value {
    let filled = |value: &Value| match value.get("Ref") {
        None => value.clone(),
        Some(parameter) => {
            let input = &template["Parameters"][text(parameter)];
            let choices = input["AllowedValues"].as_array().into_iter().flatten();
            let choice = choices.map(|choice| text(choice).len()).max();
            let length = input["MaxLength"].as_u64().map(|length| length as usize);
            let length = choice.or(length).unwrap_or_else(|| panic!("{parameter} has no limit"));
            "x".repeat(length).into()
        }
    };
    given.as_object().unwrap().iter().map(|(name, it)| (name.clone(), filled(it))).collect()
}

/// The text that `Fn::Join` and `Fn::Sub` make, each name in it replaced by this function's value.
fn joined(join: &Value, value_of: &dyn Fn(&str) -> String) -> String {
    let parts = join["Fn::Join"][1].as_array().unwrap();
    let part = |part: &Value| match part.get("Fn::Sub") {
        None => text(part).to_owned(),
        Some(sub) => {
            let (before, rest) = text(sub).split_once("${").unwrap();
            let (name, after) = rest.split_once('}').unwrap();
            format!("{before}{}{after}", value_of(name))
        }
    };
    parts.iter().map(part).collect()
}

/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html>
#[test]
fn input_parameters_are_short_enough_whatever_is_given() {
    const LONGEST: usize = 1024;
    let templates = all();
    for (name, rule) in rules() {
        let given = longest(&rule["Properties"]["InputParameters"], &templates[&name]);
        assert!(given.to_string().len() <= LONGEST, "{name}: {}", given.to_string().len());
    }
    let template = &templates["organization-rule.yaml"];
    for (name, rule) in organization_rules() {
        let given = &rule["OrganizationCustomRuleMetadata"]["InputParameters"];
        let given = joined(given, &|name| {
            text(&longest(&json!({"it": {"Ref": name}}), template)["it"]).to_owned()
        });
        assert!(given.len() <= LONGEST, "{name}: {}", given.len());
    }
}

/// The handler takes what the templates give: the defaults, and each allowed value of each choice.
#[test]
fn the_handler_takes_what_the_templates_give() {
    let mut checked = 0;
    let mut takes = |name: &str, given: &Map<String, Value>| {
        let taken = Parameters::from_json(given, cis_lambda::today());
        assert!(taken.is_ok(), "{name}: {given:?}: {:?}", taken.err());
        checked += 1;
    };
    let templates = all();
    let default = |template: &Value, parameter: &str| {
        text(&template["Parameters"][parameter]["Default"]).to_owned()
    };
    for (name, rule) in rules() {
        let template = &templates[&name];
        let given = rule["Properties"]["InputParameters"].as_object().unwrap();
        let mut values: Map<String, Value> = given
            .iter()
            .map(|(member, value)| match value.get("Ref") {
                Some(parameter) => (member.clone(), default(template, text(parameter)).into()),
                None => (member.clone(), value.clone()),
            })
            .collect();
        takes(&name, &values);
        for (member, value) in given {
            let parameter = ALL.iter().find(|it| it.name == member).unwrap();
            let Some(input) = value.get("Ref").map(|it| &template["Parameters"][text(it)]) else {
                continue;
            };
            let before = values[member].clone();
            if let Values::OneOf(allowed) = parameter.values {
                assert_eq!(texts(&input["AllowedValues"]), allowed.iter().copied().collect());
                for choice in allowed {
                    values.insert(member.clone(), (*choice).into());
                    takes(&name, &values);
                }
            }
            values.insert(member.clone(), before);
        }
    }
    let template = &templates["organization-rule.yaml"];
    for (name, rule) in organization_rules() {
        let given = &rule["OrganizationCustomRuleMetadata"]["InputParameters"];
        let given = joined(given, &|parameter| default(template, parameter));
        takes(&name, serde_json::from_str::<Value>(&given).unwrap().as_object().unwrap());
    }
    assert!(checked > 40, "{checked}");
}

/// The parameters that are texts, with their forms.
fn forms() -> Vec<(&'static str, Form)> {
    let form = |parameter: &'static Parameter| match parameter.values {
        Values::OneOf(_) => None,
        Values::Text(form) => Some((parameter.name, form)),
    };
    ALL.iter().filter_map(form).collect()
}

/// Texts that differ from this one in one place: a character gone, another one, or one more.
fn near(text: &str) -> Vec<String> {
    let strange = ['a', 'Z', '0', '.', '_', '-', '*', '/', ',', ':', '"', '\\', '$', '+'];
    let mut near = vec![text.to_owned()];
    for (place, character) in text.char_indices() {
        let (before, from) = text.split_at(place);
        let after = &from[character.len_utf8()..];
        near.push(format!("{before}{after}"));
        for strange in strange {
            near.push(format!("{before}{strange}{after}"));
            near.push(format!("{before}{strange}{from}"));
        }
    }
    near
}

/// Whatever a template takes for a text, the handler takes, and the other way round.
#[test]
fn texts_have_the_forms_that_the_handler_takes() {
    let templates = all();
    for (name, form) in forms() {
        let patterns: BTreeSet<&str> = templates
            .values()
            .filter_map(|template| template["Parameters"][name].get("AllowedPattern"))
            .map(text)
            .collect();
        assert!(!patterns.is_empty(), "no template has {name}");
        for pattern in patterns {
            let pattern = regex_lite::Regex::new(pattern).unwrap();
            assert!(pattern.is_match(form.example), "{name}: {}", form.example);
            let mut refused = 0;
            for value in near(form.example).into_iter().filter(|value| !value.is_empty()) {
                let given = Map::from_iter([(name.to_owned(), value.clone().into())]);
                let handler = Parameters::from_json(&given, cis_lambda::today());
                assert_eq!(
                    handler.is_ok(),
                    pattern.is_match(&value),
                    "{name} {value}: {handler:?}"
                );
                refused += usize::from(handler.is_err());
            }
            assert!(refused > form.example.len(), "{name}: {refused}");
        }
    }
}

/// Organization rules are given their parameters as a text, into which values come as they are.
#[test]
fn forms_admit_nothing_that_json_escapes() {
    let escaped = |character: &char| json!(character.to_string()).to_string().len() != 3;
    let escaped: Vec<char> = (0..=0x7f_u8).map(char::from).filter(escaped).collect();
    assert!(escaped.contains(&'"') && escaped.contains(&'\\') && escaped.contains(&'\n'));
    for (name, form) in forms() {
        let pattern = regex_lite::Regex::new(&format!("^({})$", form.pattern)).unwrap();
        for (place, _) in form.example.char_indices() {
            let (before, after) = form.example.split_at(place);
            for character in &escaped {
                let value = format!("{before}{character}{after}");
                assert!(!pattern.is_match(&value), "{name}: {value:?}");
            }
        }
    }
    for parameter in &ALL {
        if let Values::OneOf(values) = parameter.values {
            assert!(values.iter().all(|value| !value.contains(escaped.as_slice())));
        }
    }
}

/// AWS Config refuses a rule whose function it may not invoke, so the permission comes first.
#[test]
fn rules_wait_for_the_permission() {
    let template = &committed()["rule.yaml"];
    let permissions = of_type(template, "AWS::Lambda::Permission");
    let [(permission, _)] = permissions[..] else { panic!("one permission") };
    for (name, rule) in of_type(template, "AWS::Config::ConfigRule") {
        assert_eq!(rule["DependsOn"], permission, "{name}");
        let function = &rule["Properties"]["Source"]["SourceIdentifier"];
        assert_eq!(*function, json!({"Fn::GetAtt": "Function.Arn"}), "{name}");
    }
}

/// AWS Config checks the permission before it makes the rule, which has no ARN then. By the account
/// it is documented to check it.
#[test]
fn permissions_are_for_any_rule_of_their_account() {
    for (name, account) in [("rule.yaml", "AWS::AccountId"), ("central-function.yaml", "Account")] {
        let template = with_every_branch(&committed()[name]);
        let permissions = of_type(&template, "AWS::Lambda::Permission");
        assert_eq!(permissions.len(), 1, "{name}");
        let permission = &permissions[0].1["Properties"];
        assert_eq!(permission["SourceAccount"], json!({"Ref": account}), "{name}");
        assert_eq!(permission.get("SourceArn"), None, "{name}");
    }
}

/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_PutConformancePack.html>
#[test]
fn packs_hold_what_packs_may_hold() {
    let mut packs = 0;
    for (name, template) in all() {
        let Some((file, _)) = name.split_once('/') else { continue };
        packs += 1;
        let outer = &committed()[file]["Resources"]["Pack"]["Properties"];
        assert!(text(&outer["TemplateBody"]).len() <= 51_200, "{name}");
        for (_, resource) in template["Resources"].as_object().unwrap() {
            assert_eq!(resource["Type"], "AWS::Config::ConfigRule", "{name}");
        }
        let sections: BTreeSet<&str> =
            template.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(sections, ["Conditions", "Parameters", "Resources"].into(), "{name}");
        let inputs = template["Parameters"].as_object().unwrap();
        assert!(inputs.len() <= 60, "{name}");
        let passed = with_every_branch(&outer["ConformancePackInputParameters"]);
        let passed: BTreeSet<&str> =
            passed.as_array().unwrap().iter().map(|it| text(&it["ParameterName"])).collect();
        assert_eq!(passed, inputs.keys().map(String::as_str).collect(), "{name}");
    }
    assert_eq!(packs, 2);
}

/// What stands in many accounts must not meet itself or a stack that is there.
#[test]
fn the_rule_fits_into_a_stack_set() {
    let rule = &committed()["rule.yaml"];
    assert_eq!(rule.get("Transform"), None);
    for (name, resource) in rule["Resources"].as_object().unwrap() {
        for given in ["FunctionName", "RoleName", "QueueName", "LogGroupName", "AlarmName", "Name"]
        {
            let named = resource["Properties"].get(given);
            assert!(named.is_none_or(Value::is_object), "{name} has a fixed name");
        }
    }
    for output in rule["Outputs"].as_object().unwrap().values() {
        assert_eq!(output.get("Export"), None, "{output}");
    }
    let set = &committed()["stackset.yaml"];
    let set = with_every_branch(&set["Resources"]["Accounts"]["Properties"]);
    let mut required: BTreeSet<&str> = BTreeSet::new();
    for (name, input) in rule["Parameters"].as_object().unwrap() {
        if input.get("Default").is_none() {
            required.insert(name);
        }
    }
    for passed in set["Parameters"].as_array().unwrap() {
        let name = text(&passed["ParameterKey"]);
        assert!(rule["Parameters"].get(name).is_some(), "rule.yaml has no {name}");
        required.remove(name);
    }
    assert_eq!(required, BTreeSet::new(), "not given to rule.yaml");
}

/// The actions that the roles of a template are allowed, and what assumes roles apart.
fn allowed(template: &Value, role: &str) -> BTreeSet<String> {
    let template = with_every_branch(template);
    let policies = &template["Resources"][role]["Properties"]["Policies"];
    let mut actions = BTreeSet::new();
    for policy in policies.as_array().unwrap() {
        for statement in policy["PolicyDocument"]["Statement"].as_array().unwrap() {
            actions.extend(texts(&statement["Action"]).into_iter().map(str::to_owned));
        }
    }
    actions
}

#[test]
fn roles_are_allowed_what_the_code_needs_and_no_more() {
    let templates = committed();
    let set = |actions: &[&str]| actions.iter().map(|it| (*it).to_owned()).collect();
    let assume = "sts:AssumeRole";
    let evaluating: BTreeSet<String> = PERMISSIONS
        .iter()
        .map(|it| it.action.to_owned())
        .filter(|action| action != assume)
        .collect();
    let running: BTreeSet<String> =
        set(&["logs:CreateLogStream", "logs:PutLogEvents", "events:PutEvents", assume]);
    assert_eq!(allowed(&templates["member-role.yaml"], "MemberRole"), evaluating);
    assert_eq!(allowed(&templates["central-function.yaml"], "FunctionRole"), running);
    let reading: BTreeSet<String> =
        set(&["cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"]);
    assert!(reading.is_subset(&evaluating));
    assert_eq!(allowed(&templates["organization-trail-role.yaml"], "TrailRole"), reading);
    let both = evaluating.union(&running).cloned().collect();
    assert_eq!(allowed(&templates["rule.yaml"], "FunctionRole"), both);
    let reevaluation: BTreeSet<String> = set(&["config:StartConfigRulesEvaluation"]);
    assert_eq!(allowed(&templates["rule.yaml"], "ReevaluationRole"), reevaluation);
    let telling: BTreeSet<String> = set(&["sns:Publish", "kms:Decrypt", "kms:GenerateDataKey"]);
    for name in ["rule.yaml", "central-function.yaml", "member-role.yaml"] {
        assert_eq!(allowed(&templates[name], "NoticeRole"), telling, "{name}");
    }
}

/// The role that reads the organization's trail knows the functions by the path of their roles, or by
/// the pattern that is given instead, and allows them only what was given by name.
#[test]
fn the_organizations_trail_is_read_by_the_functions_alone() {
    let templates = committed();
    for name in ["rule.yaml", "central-function.yaml"] {
        let role = &templates[name]["Resources"]["FunctionRole"]["Properties"];
        assert_eq!(role["Path"], json!({"Ref": "FunctionRolePath"}), "{name}");
        let path = &templates[name]["Parameters"]["FunctionRolePath"];
        assert_eq!(path["Default"], FUNCTION_ROLE_PATH, "{name}");
    }
    let role = &templates["organization-trail-role.yaml"]["Resources"]["TrailRole"]["Properties"];
    let trust = role["AssumeRolePolicyDocument"]["Statement"].as_array().unwrap();
    let functions = "arn:${AWS::Partition}:iam::*:${TrustedRolePattern}";
    let pattern = &templates["organization-trail-role.yaml"]["Parameters"]["TrustedRolePattern"];
    assert_eq!(pattern["Default"], format!("role{FUNCTION_ROLE_PATH}*"));
    let allowed = regex_lite::Regex::new(text(&pattern["AllowedPattern"])).unwrap();
    for named in ["role/trailproof/*", "role/AWSAccelerator-*", "role/rdk/x", "role/team/*-rule"] {
        assert!(allowed.is_match(named), "{named}");
    }
    for any in ["*", "role/*", "role/**", "role/?*", "role/a*", "role/", "user/name", "r:role/abc"]
    {
        assert!(!allowed.is_match(any), "{any} would trust roles that nobody named");
    }
    let [trust] = &trust[..] else { panic!("one statement: {trust:?}") };
    assert_eq!(
        trust["Condition"],
        json!({
            "StringEquals": {"aws:PrincipalOrgID": {"Ref": "OrganizationId"}},
            "ArnLike": {"aws:PrincipalArn": {"Fn::Sub": functions}},
        })
    );
    let statements = role["Policies"][0]["PolicyDocument"]["Statement"].as_array().unwrap();
    let [read] = &statements[..] else { panic!("one statement: {statements:?}") };
    assert_eq!(read["Resource"], json!({"Ref": "OrganizationTrailArns"}));
}

/// The console shows parameters by group, and what is in none at the end, unsorted.
#[test]
fn every_parameter_is_described_and_in_one_group() {
    for (name, template) in committed() {
        let groups = &template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"];
        let mut grouped: Vec<&str> = Vec::new();
        for group in groups.as_array().unwrap() {
            assert!(!text(&group["Label"]["default"]).is_empty(), "{name}");
            grouped.extend(group["Parameters"].as_array().unwrap().iter().map(text));
        }
        let parameters = template["Parameters"].as_object().unwrap();
        assert_eq!(grouped, parameters.keys().map(String::as_str).collect::<Vec<_>>(), "{name}");
        for (parameter, input) in parameters {
            assert!(text(&input["Description"]).ends_with('.'), "{name}: {parameter}");
        }
    }
}

/// The page for people says what each permission is for, and names each template.
#[test]
fn the_readme_names_every_template_and_every_permission() {
    let readme = include_str!("../../README.md");
    for (file, template) in committed() {
        assert!(readme.contains(&format!("(templates/{file})")), "{file}");
        let roles = of_type(&template, "AWS::IAM::Role");
        for action in roles.iter().flat_map(|(role, _)| allowed(&template, role)) {
            assert!(readme.contains(&format!("`{action}`")), "{file}: {action}");
        }
    }
    let alarms = of_type(&committed()["rule.yaml"], "AWS::CloudWatch::Alarm").len();
    assert!(readme.contains("three alarms"), "{alarms} alarms");
    assert_eq!(alarms, 3);
}

/// CloudWatch looks back seven days at most, and silence is two periods at least.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html>
#[test]
fn silence_is_heard_after_two_periods() {
    for name in ["rule.yaml", "central-function.yaml"] {
        let template = &committed()[name];
        let alarm = &template["Resources"]["SilenceAlarm"]["Properties"];
        assert_eq!(alarm["TreatMissingData"], "breaching", "{name}");
        for (frequency, hours) in FREQUENCIES {
            let mut periods = &alarm["EvaluationPeriods"];
            while let Some(branches) = periods.get("Fn::If") {
                let condition = &template["Conditions"][text(&branches[0])];
                let holds = condition["Fn::Equals"][1] == frequency;
                periods = &branches[if holds { 1 } else { 2 }];
            }
            let seconds = periods.as_u64().unwrap() * alarm["Period"].as_u64().unwrap();
            let two_periods = 2 * 3600 * u64::from(hours);
            assert!((two_periods..=604_800).contains(&seconds), "{name}, {frequency}: {seconds}");
        }
    }
}

/// Alarms and the dashboard look at what the function writes.
#[test]
fn metrics_are_the_functions_own() {
    assert_eq!(METRIC_NAMESPACE, metrics::NAMESPACE);
    assert_eq!(METRIC_DIMENSION, metrics::DIMENSION);
    let written: Vec<&str> = metrics::METRICS.iter().map(|(name, _)| *name).collect();
    assert!(written.contains(&EVALUATION_SUCCEEDED), "{written:?}");
    let dashboard = &committed()["dashboard.yaml"]["Resources"]["Dashboard"]["Properties"];
    let body = text(&dashboard["DashboardBody"]["Fn::Sub"]);
    let body: Value = serde_json::from_str(body).unwrap();
    let mut own = 0;
    for widget in body["widgets"].as_array().unwrap() {
        for metric in widget["properties"]["metrics"].as_array().unwrap() {
            if metric[0] == METRIC_NAMESPACE {
                assert!(written.contains(&text(&metric[1])), "{metric}");
                assert_eq!(metric[2], METRIC_DIMENSION);
                own += 1;
            }
        }
    }
    assert_eq!(own, 4, "metrics of the function on the dashboard");
}

/// What starts an evaluation is not among what an evaluation calls: there is no loop.
#[test]
fn an_evaluation_does_not_start_another_one() {
    let template = &committed()["rule.yaml"];
    let pattern = &template["Resources"]["TrailChanged"]["Properties"]["EventPattern"];
    let taken = texts(&pattern["detail"]["eventName"]);
    for required in ["PutEventSelectors", "StopLogging", "DeleteTrail", "UpdateTrail"] {
        assert!(taken.contains(required), "{required}");
    }
    let called =
        PERMISSIONS.iter().map(|it| it.action).chain(["config:StartConfigRulesEvaluation"]);
    for call in called {
        let (_, name) = call.split_once(':').unwrap();
        assert!(!taken.contains(name), "{name} starts an evaluation and is part of one");
    }
    assert_eq!(pattern["detail"]["errorCode"], json!([{"exists": false}]));
    let states = &template["Resources"]["Reevaluation"]["Properties"]["Definition"]["States"];
    assert_eq!(states.as_object().map(Map::len), Some(1), "one call, and no other way out");
}

/// What the Automation document sends, with the default of each of its parameters, is what the function
/// takes; and AWS Config gives the document all that has none.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_RemediationConfiguration.html>
#[test]
fn the_remediation_asks_what_the_function_takes() {
    let committed = committed();
    let template = with_every_branch(&committed["remediation.yaml"]);
    let default = |value: &Value| match value.get("Ref") {
        Some(parameter) => template["Parameters"][text(parameter)]["Default"].clone(),
        None => value.clone(),
    };
    let content = &template["Resources"]["Document"]["Properties"]["Content"];
    let steps = content["mainSteps"].as_array().unwrap();
    let invoke = steps.last().unwrap();
    assert_eq!(invoke["maxAttempts"], 1, "a second try would plan on a changed account");
    let of_document = |name: &str| match name {
        "AccountId" => json!("111122223333"),
        name => default(&content["parameters"][name]["default"]),
    };
    let payload = invoke["inputs"]["InputPayload"].as_object().unwrap();
    let event: Map<String, Value> = payload
        .iter()
        .map(|(member, value)| {
            let named = text(value).strip_prefix("{{ ").and_then(|it| it.strip_suffix(" }}"));
            (member.clone(), named.map_or_else(|| value.clone(), of_document))
        })
        .collect();
    let request = Request::from_json(&Value::Object(event), cis_lambda::today()).unwrap();
    assert!(!request.is_applied && !request.allows_managed, "nothing is changed by default");
    let remediations = of_type(&template, "AWS::Config::RemediationConfiguration");
    assert_eq!(remediations.len(), RULES.len());
    for (name, remediation) in remediations {
        let properties = &remediation["Properties"];
        let given = properties["Parameters"].as_object().unwrap();
        for (parameter, value) in given {
            assert!(content["parameters"].get(parameter).is_some(), "{name}: {parameter}");
            let is_fixed =
                value["StaticValue"]["Values"].as_array().is_some_and(|it| it.len() == 1);
            assert!(is_fixed || value["ResourceValue"]["Value"] == "RESOURCE_ID", "{parameter}");
        }
        for parameter in ["AccountId", "AutomationAssumeRole", "ApplyFix", "EventKinds"] {
            assert!(given.contains_key(parameter), "{name}: {parameter}");
        }
        assert_eq!(default(&properties["Automatic"]), "false");
    }
}

/// Only where the fix is to be applied may the remediation's function change a trail.
#[test]
fn the_remediations_function_may_change_trails_only_where_that_is_asked() {
    let committed = committed();
    let role = &committed["remediation.yaml"]["Resources"]["FunctionRole"]["Properties"];
    let statements = role["Policies"][0]["PolicyDocument"]["Statement"].as_array().unwrap();
    for statement in statements {
        let (condition, statement) = match statement.get("Fn::If") {
            Some(choice) => (text(&choice[0]), &choice[1]),
            None => ("", statement),
        };
        for action in texts(&statement["Action"]) {
            let expected = match action.rsplit(':').next().unwrap() {
                "PutEventSelectors" | "StartLogging" | "UpdateTrail" => "AppliesFix",
                "CreateTrail" => "UsesLogBucket",
                _ => "",
            };
            assert_eq!(condition, expected, "{action}");
        }
    }
}
