//! Nested templates that lie beside the template that nests them.
#![expect(clippy::unwrap_used, reason = "a template that cannot be read is a failed test")]

use std::collections::BTreeMap;

use cis_plan::{NestingTemplate, PlanError, Setting};
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict::{self, Compliant, Indeterminate, NonCompliant};
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

fn read(files: &[(&str, &Value)], setting: &Setting) -> Result<NestingTemplate, PlanError> {
    let files: BTreeMap<String, Vec<u8>> = files
        .iter()
        .map(|(path, template)| ((*path).to_string(), template.to_string().into_bytes()))
        .collect();
    let text = String::from_utf8(files["main.json"].clone()).unwrap();
    cis_plan::template_beside(&text, &files, "main.json", setting)
}

fn decided(snapshot: &Snapshot, mode: Mode) -> Verdict {
    cis_rules::evaluate(snapshot, &Question::new(Kind::Write, mode)).verdict
}

fn verdict(files: &[(&str, &Value)]) -> Verdict {
    decided(&read(files, &Setting::default()).unwrap().account, Mode::Any)
}

fn refused(files: &[(&str, &Value)]) -> String {
    read(files, &Setting::default()).unwrap_err().to_string()
}

fn of_resource(resource: &Value) -> Value {
    json!({"Resources": {"Nested": resource}})
}

fn stack(url: &str, parameters: &Value) -> Value {
    json!({"Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": url, "Parameters": parameters}})
}

fn nests(url: &str) -> Value {
    of_resource(&stack(url, &json!({})))
}

/// A template with a trail that takes what its parameter says.
fn trail() -> Value {
    json!({
        "Parameters": {"Takes": {"Type": "String", "Default": "arn:aws:s3"}},
        "Resources": {"Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {
            "IsLogging": true, "IsMultiRegionTrail": true, "S3BucketName": "logs",
            "EventSelectors": [{"DataResources": [
                {"Type": "AWS::S3::Object", "Values": [{"Ref": "Takes"}]}]}],
        }}},
    })
}

fn bucket() -> Value {
    of_resource(&json!({"Type": "AWS::S3::Bucket"}))
}

#[test]
fn a_relative_path_is_read_from_the_folder_of_its_template() {
    let (trail, bucket) = (trail(), bucket());
    for (path, url) in [
        ("trail.json", "trail.json"),
        ("trail.json", "./trail.json"),
        ("nested/trail.json", "nested/trail.json"),
        ("trail.json", "nested/../trail.json"),
    ] {
        let main = nests(url);
        assert_eq!(verdict(&[("main.json", &main), (path, &trail)]), Compliant, "{url}");
        assert_eq!(verdict(&[("main.json", &main), (path, &bucket)]), NonCompliant, "{url}");
    }
    let application = json!({"Type": "AWS::Serverless::Application",
        "Properties": {"Location": "trail.json"}});
    let files = [("main.json", &of_resource(&application)), ("trail.json", &trail)];
    assert_eq!(verdict(&files), Compliant);
    // One that is nested in a nested one is looked for beside that.
    let (main, middle) = (nests("a/middle.json"), nests("b/trail.json"));
    let files = [("main.json", &main), ("a/middle.json", &middle), ("a/b/trail.json", &trail)];
    assert_eq!(verdict(&files), Compliant);
    let read = read(&files, &Setting::default()).unwrap();
    assert_eq!(read.nested, ["a/b/trail.json", "a/middle.json"]);
}

#[test]
fn what_lies_elsewhere_stays_in_doubt() {
    let trail = trail();
    for url in [
        "../trail.json",
        "nested/../../trail.json",
        "/trail.json",
        "https://example.com/trail.json",
        "s3://bucket/trail.json",
        "{{resolve:ssm:trail}}",
        "..\\trail.json",
        "missing.json",
        "",
    ] {
        let main = nests(url);
        let files = [("main.json", &main), ("trail.json", &trail), ("../trail.json", &trail)];
        assert_eq!(verdict(&files), Indeterminate, "{url}");
    }
    let location = json!({"Type": "AWS::Serverless::Application", "Properties":
        {"Location": {"ApplicationId": "arn:aws:x", "SemanticVersion": "1.0.0"}}});
    assert_eq!(verdict(&[("main.json", &of_resource(&location))]), Indeterminate);
    let text = nests("trail.json").to_string();
    let alone = cis_plan::template(&text, &Setting::default()).unwrap();
    assert_eq!(decided(&alone, Mode::Any), Indeterminate);
}

#[test]
fn the_cdk_names_a_nested_template_in_the_metadata() {
    let trail = trail();
    for (property, expected) in [("TemplateURL", Compliant), ("Other", Indeterminate)] {
        let main = of_resource(&json!({
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::Region"}]]}},
            "Metadata": {"aws:asset:path": "a.nested.template.json", "aws:asset:property": property},
        }));
        let files = [("main.json", &main), ("a.nested.template.json", &trail)];
        assert_eq!(verdict(&files), expected, "{property}");
    }
}

#[test]
fn parameters_are_passed_to_the_nested_template() {
    let trail = trail();
    let main = |takes: &Value| {
        json!({
            "Parameters": {"Unset": {"Type": "String"}, "Set": {"Type": "String", "Default": "arn:aws:s3:::"}},
            "Conditions": {"IsOpen": {"Fn::Equals": [{"Ref": "Unset"}, "a"]}},
            "Resources": {"Nested": stack("trail.json", &json!({"Takes": takes, "Undeclared": "x"}))},
        })
    };
    for (takes, expected) in [
        (json!({"Ref": "Set"}), Compliant),
        (json!({"Fn::Sub": "arn:${AWS::Partition}:s3"}), Compliant),
        (json!({"Ref": "AWS::NoValue"}), Compliant),
        (json!("arn:aws:s3:::one/"), NonCompliant),
        (json!({"Ref": "Unset"}), Indeterminate),
        (json!({"Fn::GetAtt": ["Other", "Outputs.Takes"]}), Indeterminate),
        (json!({"Fn::If": ["IsOpen", "arn:aws:s3", "arn:aws:s3:::one/"]}), Indeterminate),
        (json!({"Fn::If": ["IsOpen", "arn:aws:s3", "arn:aws:s3:::"]}), Compliant),
        (json!({"Fn::If": ["IsOpen", {"Ref": "AWS::NoValue"}, "x"]}), Indeterminate),
        (json!(["arn:aws:s3"]), Indeterminate),
        // It never takes everything, whatever is open.
        (json!({"Fn::Sub": "arn:aws:s3:::one/${Unset}"}), NonCompliant),
    ] {
        let files = [("main.json", &main(&takes)), ("trail.json", &trail)];
        assert_eq!(verdict(&files), expected, "{takes}");
    }
    let all =
        json!({"Fn::If": ["IsOpen", {"Takes": "arn:aws:s3:::one/"}, {"Ref": "AWS::NoValue"}]});
    let mut template = main(&json!("x"));
    template["Resources"]["Nested"]["Properties"]["Parameters"] = all;
    let files = [("main.json", &template), ("trail.json", &trail)];
    assert_eq!(verdict(&files), Indeterminate);
    // A value of the outer template's parameter is passed on.
    let setting = Setting {
        parameters: [("Unset".to_string(), "arn:aws:s3".to_string())].into(),
        ..Setting::default()
    };
    let files = [("main.json", &main(&json!({"Ref": "Unset"}))), ("trail.json", &trail)];
    let read = read(&files, &setting).unwrap();
    assert_eq!(decided(&read.account, Mode::Any), Compliant);
}

#[test]
fn a_parameter_of_another_type_is_what_its_template_makes_of_it() {
    let main = nests("trail.json");
    for (kind, given, expected) in [
        ("CommaDelimitedList", json!("arn:aws:s3, arn:aws:s3:::x/"), Compliant),
        ("CommaDelimitedList", json!({"Ref": "Unset"}), Indeterminate),
        ("AWS::SSM::Parameter::Value<String>", json!("arn:aws:s3"), Indeterminate),
    ] {
        let mut trail = trail();
        trail["Parameters"]["Takes"] = json!({"Type": kind});
        let values = if kind == "CommaDelimitedList" {
            json!({"Ref": "Takes"})
        } else {
            json!([{"Ref": "Takes"}])
        };
        trail["Resources"]["Trail"]["Properties"]["EventSelectors"][0]["DataResources"][0]["Values"] =
            values;
        let mut main = main.clone();
        main["Parameters"] = json!({"Unset": {"Type": "String"}});
        main["Resources"]["Nested"]["Properties"]["Parameters"] = json!({"Takes": given});
        assert_eq!(verdict(&[("main.json", &main), ("trail.json", &trail)]), expected, "{kind}");
    }
    let mut trail = trail();
    trail["Parameters"]["Takes"] = json!({"Type": "String"});
    assert_eq!(verdict(&[("main.json", &main), ("trail.json", &trail)]), Indeterminate);
    trail["Parameters"]["Takes"] = json!({"Type": "String", "AllowedValues": ["a"]});
    let given = of_resource(&stack("trail.json", &json!({"Takes": "b"})));
    let message = refused(&[("main.json", &given), ("trail.json", &trail)]);
    assert!(message.contains("in `trail.json`: parameter `Takes` cannot be `b`"), "{message}");
}

#[test]
fn a_stack_that_may_not_be_made_leaves_its_trails_in_doubt() {
    let (trail, bucket) = (trail(), bucket());
    let main = |equals: &Value| {
        let mut template = nests("trail.json");
        template["Parameters"] = json!({"Unset": {"Type": "String"}});
        template["Conditions"] = json!({"Is": {"Fn::Equals": [equals, "a"]}});
        template["Resources"]["Nested"]["Condition"] = json!("Is");
        template
    };
    for (equals, nested, expected) in [
        (json!("a"), &trail, Compliant),
        (json!("b"), &trail, NonCompliant),
        (json!({"Ref": "Unset"}), &trail, Indeterminate),
        (json!({"Ref": "Unset"}), &bucket, NonCompliant),
    ] {
        let files = [("main.json", &main(&equals)), ("trail.json", nested)];
        assert_eq!(verdict(&files), expected, "{equals}");
    }
    // So it is with a template that could not be deployed.
    let mut refused_one = trail.clone();
    refused_one["Parameters"]["Takes"] = json!({"Type": "String", "AllowedValues": ["a"]});
    let mut template = main(&json!({"Ref": "Unset"}));
    template["Resources"]["Nested"]["Properties"]["Parameters"] = json!({"Takes": "arn:aws:s3"});
    let files = [("main.json", &template), ("trail.json", &refused_one)];
    assert_eq!(verdict(&files), Indeterminate);
}

#[test]
fn open_values_are_filled_in_across_templates() {
    // The outer parameter decides a condition of the nested template.
    let nested = |other: &str| {
        let mut trail = trail();
        trail["Parameters"]["Stage"] = json!({"Type": "String"});
        trail["Conditions"] = json!({"IsProduction": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}});
        trail["Resources"]["Trail"]["Properties"]["EventSelectors"][0]["DataResources"][0]["Values"] =
            json!([{"Fn::If": ["IsProduction", "arn:aws:s3", other]}]);
        trail
    };
    let mut main = of_resource(&stack("nested.json", &json!({"Stage": {"Ref": "Stage"}})));
    main["Parameters"] = json!({"Stage": {"Type": "String"}});
    for (other, allowed, expected) in [
        ("arn:aws:s3:::", Value::Null, Compliant),
        ("arn:aws:s3:::one/", Value::Null, Indeterminate),
        ("arn:aws:s3:::one/", json!(["prod"]), Compliant),
        ("arn:aws:s3:::one/", json!(["prod", "test"]), Indeterminate),
    ] {
        let mut main = main.clone();
        if !allowed.is_null() {
            main["Parameters"]["Stage"]["AllowedValues"] = allowed;
        }
        let files = [("main.json", &main), ("nested.json", &nested(other))];
        assert_eq!(verdict(&files), expected, "{other} {main}");
    }
    // What the nested template allows is no reason to leave a value out.
    let mut nested_one = nested("arn:aws:s3:::one/");
    nested_one["Parameters"]["Stage"]["AllowedValues"] = json!(["prod", "dev"]);
    assert_eq!(verdict(&[("main.json", &main), ("nested.json", &nested_one)]), Indeterminate);
}

#[test]
fn values_of_the_same_name_are_others_in_each_template() {
    // Both templates have a bucket without a name; only one of them is left out.
    let excluding = |excluded: Value| {
        json!({"Type": "AWS::CloudTrail::Trail", "Properties": {
            "IsLogging": true, "IsMultiRegionTrail": true, "S3BucketName": "logs",
            "AdvancedEventSelectors": [{"FieldSelectors": [
                {"Field": "eventCategory", "Equals": ["Data"]},
                {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                {"Field": "resources.ARN", "NotStartsWith": [excluded]}]}]}})
    };
    let own = json!({"Fn::Sub": "arn:${AWS::Partition}:s3:::${Logs}/"});
    let bucket = json!({"Type": "AWS::S3::Bucket"});
    let mut main = nests("nested.json");
    main["Resources"]["Logs"] = bucket.clone();
    let nested = json!({"Resources": {"Logs": bucket, "Trail": excluding(own)}});
    let files = [("main.json", &main), ("nested.json", &nested)];
    let account = read(&files, &Setting::default()).unwrap().account;
    let mut question = Question::new(Kind::Write, Mode::Any);
    let result = cis_rules::evaluate(&account, &question);
    assert_eq!(result.verdict, NonCompliant, "{:?}", result.unknowns);
    // The outer template's bucket may stay unlogged, and the nested one's may not.
    question.allow_unlogged = vec!["Logs".parse().unwrap()];
    assert_ne!(cis_rules::evaluate(&account, &question).verdict, Compliant);
    // Conditions of the same name, too: one trail is there if it holds, the other if it does not.
    let mut nested = trail();
    nested["Parameters"]["Stage"] = json!({"Type": "String", "Default": "x"});
    nested["Conditions"] =
        json!({"Is": {"Fn::Equals": [{"Ref": "Stage"}, {"Fn::ImportValue": "A"}]}});
    nested["Resources"]["Trail"]["Condition"] = json!("Is");
    let mut main = trail();
    main["Conditions"] = json!({
        "IsNot": {"Fn::Equals": [{"Fn::ImportValue": "B"}, "y"]},
        "Is": {"Fn::Not": [{"Condition": "IsNot"}]},
    });
    main["Resources"]["Trail"]["Condition"] = json!("IsNot");
    main["Resources"]["Nested"] = stack("nested.json", &json!({}));
    assert_eq!(verdict(&[("main.json", &main), ("nested.json", &nested)]), Indeterminate);
}

#[test]
fn a_macro_of_the_outer_template_may_change_the_nested_stack() {
    let mut main = nests("trail.json");
    main["Transform"] = json!("Company::Macro");
    assert_eq!(verdict(&[("main.json", &main), ("trail.json", &trail())]), Indeterminate);
    main["Transform"] = json!("AWS::Serverless-2016-10-31");
    assert_eq!(verdict(&[("main.json", &main), ("trail.json", &trail())]), Compliant);
}

#[test]
fn what_calls_cloudtrail_in_one_template_puts_the_trails_of_all_in_doubt() {
    let call = json!({"Type": "Custom::AWS", "Properties": {
        "Create": "{\"service\":\"CloudTrail\",\"action\":\"putEventSelectors\"}"}});
    let mut main = nests("nested.json");
    main["Resources"]["Call"] = call.clone();
    assert_eq!(verdict(&[("main.json", &main), ("nested.json", &trail())]), Indeterminate);
    let mut main = trail();
    main["Resources"]["Nested"] = stack("nested.json", &json!({}));
    let caller = of_resource(&call);
    assert_eq!(verdict(&[("main.json", &main), ("nested.json", &caller)]), Indeterminate);
    main["Parameters"]["Unset"] = json!({"Type": "String"});
    main["Conditions"] = json!({"Is": {"Fn::Equals": [{"Ref": "Unset"}, "a"]}});
    main["Resources"]["Nested"]["Condition"] = json!("Is");
    assert_eq!(verdict(&[("main.json", &main), ("nested.json", &caller)]), Indeterminate);
    main["Conditions"] = json!({"Is": {"Fn::Equals": ["b", "a"]}});
    assert_eq!(verdict(&[("main.json", &main), ("nested.json", &caller)]), Compliant);
}

#[test]
fn trails_are_named_by_the_stack_that_they_are_in() {
    let mut main = nests("trail.json");
    main["Resources"]["Second"] = stack("trail.json", &json!({}));
    let files = [("main.json", &main), ("trail.json", &trail())];
    let read = read(&files, &Setting::default()).unwrap();
    let trails = read.account.trails.unwrap();
    let arns: Vec<&str> = trails.iter().map(|one| one.trail.arn.as_deref().unwrap()).collect();
    let start = "arn:aws:cloudtrail:REGION:000000000000:trail/";
    assert_eq!(arns, [format!("{start}${{Nested.Trail}}"), format!("{start}${{Second.Trail}}")]);
}

#[test]
fn the_partition_of_a_nested_template_is_that_of_the_outer_one() {
    let mut nested = trail();
    nested["Parameters"]["Takes"]["Default"] = json!("arn:aws-us-gov:s3");
    let main = nests("trail.json");
    let files = [("main.json", &main), ("trail.json", &nested)];
    // The nested template names a partition that is not the assumed one.
    assert_eq!(verdict(&files), Indeterminate);
    let setting = Setting { region: Some("us-gov-west-1".to_string()), ..Setting::default() };
    assert_eq!(decided(&read(&files, &setting).unwrap().account, Mode::Any), Compliant);
}

#[test]
fn templates_that_nest_themselves_or_too_much_are_refused() {
    let (one, two) = (nests("two.json"), nests("main.json"));
    assert_eq!(
        refused(&[("main.json", &one), ("two.json", &two)]),
        "in `two.json`: the template nests itself: `main.json` > `two.json` > `main.json`"
    );
    assert_eq!(
        refused(&[("main.json", &nests("./main.json"))]),
        "in `main.json`: the template nests itself: `main.json` > `main.json`"
    );
    let names: Vec<String> = (0..18).map(|level| format!("{level}.json")).collect();
    let levels: Vec<Value> = (1..18).map(|level| nests(&format!("{level}.json"))).collect();
    let mut files: Vec<(&str, &Value)> = names.iter().map(String::as_str).zip(&levels).collect();
    files[0].0 = "main.json";
    let message = refused(&files);
    assert!(message.ends_with("templates are nested more than 16 deep"), "{message}");
    // Each nests the next ten times.
    let levels: Vec<Value> = (1..5)
        .map(|level| {
            let url = format!("{level}.json");
            let stacks = (0..10).map(|name| (format!("S{name}"), stack(&url, &json!({}))));
            json!({"Resources": stacks.collect::<serde_json::Map<String, Value>>()})
        })
        .collect();
    let mut files: Vec<(&str, &Value)> = names.iter().map(String::as_str).zip(&levels).collect();
    files[0].0 = "main.json";
    let message = refused(&files);
    assert!(message.ends_with("there are more than 500 nested stacks"), "{message}");
}

#[test]
fn faults_of_a_nested_template_name_its_file() {
    let main = nests("nested.json");
    for (nested, part) in [
        (json!({"Resources": []}), "in `nested.json`: in `Resources`: expected a map"),
        (json!({"planned_values": {}}), "in `nested.json`: not a CloudFormation template"),
        (
            json!({"Resources": {"T": {"Type": "AWS::CloudTrail::Trail", "Properties": {
                "IsLogging": "perhaps"}}}}),
            "in `nested.json`: in `Resources.T.Properties.IsLogging`",
        ),
    ] {
        let message = refused(&[("main.json", &main), ("nested.json", &nested)]);
        assert!(message.starts_with(part), "{message}");
    }
}
