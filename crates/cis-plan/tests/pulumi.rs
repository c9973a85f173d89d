//! What Pulumi prints of a stack: previews and exports.
#![expect(clippy::unwrap_used, reason = "a document that cannot be read is a failed test")]

use std::fs;
use std::path::Path;

use cis_plan::{NO_ACCOUNT, Setting};
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict::{self, Compliant, Indeterminate, NonCompliant};
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

const ONE: &str = "111111111111";
const TWO: &str = "222222222222";
const UNKNOWN: &str = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const PROVIDER: &str = "urn:pulumi:prod::shop::pulumi:providers:aws::default_6_66_2";

fn file(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pulumi").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn read(document: &Value) -> Vec<Snapshot> {
    cis_plan::pulumi(&document.to_string(), &Setting::default()).unwrap()
}

fn refused(document: &Value) -> String {
    cis_plan::pulumi(&document.to_string(), &Setting::default()).unwrap_err().to_string()
}

fn verdict(snapshot: &Snapshot) -> Verdict {
    cis_rules::evaluate(snapshot, &Question::new(Kind::Write, Mode::Any)).verdict
}

fn verdicts(snapshots: &[Snapshot]) -> Vec<(&str, Verdict)> {
    snapshots.iter().map(|one| (one.account_id.as_str(), verdict(one))).collect()
}

fn urn(kind: &str, name: &str) -> String {
    format!("urn:pulumi:prod::shop::{kind}::{name}")
}

/// The inputs of a trail that takes every object.
fn covering() -> Value {
    json!({
        "enableLogging": true, "isMultiRegionTrail": true, "name": "audit", "s3BucketName": "logs",
        "eventSelectors": [{"readWriteType": "All", "dataResources": [
            {"type": "AWS::S3::Object", "values": ["arn:aws:s3"]},
        ]}],
    })
}

/// Some of these members in place of what stood there.
fn with(mut object: Value, members: &Value) -> Value {
    for (name, value) in members.as_object().unwrap() {
        object[name] = value.clone();
    }
    object
}

/// A resource's state.
fn state(kind: &str, name: &str, inputs: &Value, more: &Value) -> Value {
    let state = json!({
        "urn": urn(kind, name), "custom": true, "type": kind, "inputs": inputs,
        "provider": format!("{PROVIDER}::{UNKNOWN}"),
    });
    with(state, more)
}

const TRAIL: &str = "aws:cloudtrail/trail:Trail";

/// A preview with these steps: operation, old state, new state.
fn preview(steps: &[(&str, Value, Value)], summary: &Value) -> Value {
    let step = |(op, old, new): &(&str, Value, Value)| {
        let urn = if new.is_null() { &old["urn"] } else { &new["urn"] };
        json!({"op": op, "urn": urn, "oldState": old, "newState": new, "detailedDiff": null})
    };
    let steps: Vec<Value> = steps.iter().map(step).collect();
    json!({
        "config": {"aws:region": "eu-west-1"}, "steps": steps, "duration": 1,
        "changeSummary": summary,
    })
}

fn created(kind: &str, name: &str, inputs: &Value) -> Value {
    preview(
        &[("create", Value::Null, state(kind, name, inputs, &json!({})))],
        &json!({"create": 1}),
    )
}

/// An export with these resources.
fn export(resources: &[Value]) -> Value {
    let provider = json!({
        "urn": PROVIDER, "custom": true, "id": UNKNOWN, "type": "pulumi:providers:aws",
        "inputs": {"region": "eu-west-1", "version": "6.66.2"},
    });
    let all: Vec<&Value> = std::iter::once(&provider).chain(resources).collect();
    json!({"version": 3, "deployment": {"manifest": {"version": "v3.201.0"}, "resources": all}})
}

fn existing(inputs: &Value, outputs: &Value, more: &Value) -> Value {
    state(TRAIL, "audit", inputs, &with(json!({"outputs": outputs}), more))
}

#[test]
fn a_preview_is_planned_in_the_region_of_its_configuration() {
    let snapshots = read(&file("preview-create.json"));
    assert_eq!(verdicts(&snapshots), [(NO_ACCOUNT, Compliant)]);
    let [snapshot] = snapshots.try_into().unwrap();
    assert!(snapshot.planned && !snapshot.assumed_partition);
    assert_eq!(
        (snapshot.region.as_deref(), snapshot.partition.as_str()),
        (Some("eu-west-1"), "aws")
    );
    // The name that the preview made up is not the trail's.
    let arn = snapshot.trails.unwrap()[0].trail.arn.clone();
    let start = "arn:aws:cloudtrail:eu-west-1:000000000000:trail/";
    assert_eq!(arn, Some(format!("{start}${{aws:cloudtrail:trail:Trail::audit}}")));
}

#[test]
fn an_export_is_what_exists_in_each_of_its_accounts() {
    let snapshots = read(&file("export.json"));
    assert_eq!(verdicts(&snapshots), [(ONE, Compliant), (TWO, NonCompliant)]);
    assert!(snapshots.iter().all(|one| !one.planned && one.region.as_deref() == Some("eu-west-1")));
    let asked = Setting { account_id: Some(TWO.to_string()), ..Setting::default() };
    let all = cis_plan::pulumi(&file("export.json").to_string(), &asked).unwrap();
    assert_eq!(verdicts(&all), [(TWO, NonCompliant)]);
}

#[test]
fn a_checkpoint_is_read_as_an_export() {
    let export = file("export.json");
    let checkpoint = json!({"version": 3, "checkpoint": {
        "stack": "organization/shop/prod", "latest": export["deployment"],
    }});
    assert_eq!(verdicts(&read(&checkpoint)), [(ONE, Compliant), (TWO, NonCompliant)]);
}

#[test]
fn each_property_of_a_trail_has_the_meaning_of_terraforms() {
    for (changes, expected) in [
        (json!({}), Compliant),
        (json!({"enableLogging": false}), NonCompliant),
        (json!({"enableLogging": null}), Compliant),
        (json!({"isMultiRegionTrail": false}), NonCompliant),
        (json!({"isMultiRegionTrail": null}), NonCompliant),
        (json!({"eventSelectors": []}), NonCompliant),
        (
            json!({"eventSelectors": [{"dataResources": [
            {"type": "AWS::S3::Object", "values": ["arn:aws:s3:::one/"]}]}]}),
            NonCompliant,
        ),
        (
            json!({"eventSelectors": [], "advancedEventSelectors": [{"name": "n", "fieldSelectors": [
            {"field": "eventCategory", "equals": ["Data"]},
            {"field": "resources.type", "equals": ["AWS::S3::Object"]},
            {"field": "readOnly", "equals": ["false"], "notEquals": [], "startsWiths": null}]}]}),
            Compliant,
        ),
        (
            json!({"eventSelectors": [], "advancedEventSelectors": [{"fieldSelectors": [
            {"field": "eventCategory", "equals": ["Data"]},
            {"field": "resources.type", "equals": ["AWS::S3::Object"]},
            {"field": "resources.ARN", "notStartsWiths": ["arn:aws:s3:::one/"]}]}]}),
            NonCompliant,
        ),
        (
            json!({"eventSelectors": [], "advancedEventSelectors": [{"fieldSelectors": [
            {"field": "eventCategory", "equals": ["Data"]},
            {"field": "resources.type", "equals": ["AWS::S3::Object"]},
            {"field": "resources.ARN", "novel": ["x"]}]}]}),
            Indeterminate,
        ),
    ] {
        let document = created(TRAIL, "audit", &with(covering(), &changes));
        assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, expected)], "{changes}");
    }
}

#[test]
fn a_native_trail_has_cloudformations_properties() {
    let covering = json!({
        "isLogging": true, "isMultiRegionTrail": true, "s3BucketName": "logs",
        "eventSelectors": [{"dataResources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}]}],
    });
    for (changes, expected) in [
        (json!({}), Compliant),
        (json!({"isLogging": false}), NonCompliant),
        (json!({"isLogging": null}), Indeterminate),
        (json!({"isMultiRegionTrail": null}), NonCompliant),
        (json!({"eventSelectors": []}), NonCompliant),
    ] {
        let inputs = with(covering.clone(), &changes);
        let document = created("aws-native:cloudtrail:Trail", "audit", &inputs);
        assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, expected)], "{changes}");
        // Properties of an extension resource have CloudFormation's own spelling.
        let name = |name: &str| format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let members = inputs.as_object().unwrap().iter();
        let mut properties: serde_json::Map<String, Value> =
            members.map(|(member, value)| (name(member), value.clone())).collect();
        if changes.get("eventSelectors").is_none() {
            properties["EventSelectors"] = json!([{"DataResources": [
                {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}]);
        }
        let inputs = json!({"type": "AWS::CloudTrail::Trail", "properties": properties});
        let document = created("aws-native:index:ExtensionResource", "audit", &inputs);
        assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, expected)], "{inputs}");
    }
}

#[test]
fn values_that_only_the_update_tells_are_open() {
    let secret = json!({"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "ciphertext": "v1:AAAA"});
    let resources = |value: &Value| json!({"eventSelectors": [{"dataResources": [{"type": "AWS::S3::Object", "values": [value]}]}]});
    for value in [json!(UNKNOWN), json!(format!("{UNKNOWN}/")), secret, json!("[secret]")] {
        for changes in [
            resources(&value),
            json!({"eventSelectors": value}),
            json!({"enableLogging": value}),
            json!({"isMultiRegionTrail": value}),
        ] {
            let document = created(TRAIL, "audit", &with(covering(), &changes));
            let snapshots = read(&document);
            assert_eq!(verdicts(&snapshots), [(NO_ACCOUNT, Indeterminate)], "{changes}");
        }
    }
    let document = created(TRAIL, "audit", &with(covering(), &json!({"enableLogging": UNKNOWN})));
    let question = Question::new(Kind::Write, Mode::Any);
    let result = cis_rules::evaluate(&read(&document)[0], &question);
    let reasons: Vec<&str> = result.unknowns.iter().map(|it| it.reason.as_str()).collect();
    let at = "`aws:cloudtrail/trail:Trail::audit.enableLogging` is not known";
    assert!(reasons.iter().any(|reason| reason.contains(at)), "{reasons:?}");
}

#[test]
fn a_name_that_the_preview_made_up_is_not_the_one_that_the_update_makes_up() {
    let bucket = |inputs: &Value| state("aws:s3/bucket:Bucket", "Scratch", inputs, &json!({}));
    let trail = |bucket: &str| {
        let changes = json!({"eventSelectors": [], "advancedEventSelectors": [{"fieldSelectors": [
            {"field": "eventCategory", "equals": ["Data"]},
            {"field": "resources.type", "equals": ["AWS::S3::Object"]},
            {"field": "resources.ARN", "notStartsWiths": [format!("arn:aws:s3:::{bucket}/")]}]}]});
        state(TRAIL, "audit", &with(covering(), &changes), &json!({}))
    };
    let of = |inputs: &Value, excluded: &str| {
        let steps =
            [("create", Value::Null, bucket(inputs)), ("create", Value::Null, trail(excluded))];
        let [snapshot] = read(&preview(&steps, &json!({"create": 2}))).try_into().unwrap();
        let mut question = Question::new(Kind::Write, Mode::Any);
        question.allow_unlogged = vec![excluded.parse().unwrap()];
        cis_rules::evaluate(&snapshot, &question).verdict
    };
    let made_up = "scratch-58790f7";
    assert_eq!(of(&json!({"bucket": made_up, "__defaults": ["bucket"]}), made_up), Indeterminate);
    assert_eq!(of(&json!({"bucketName": made_up}), made_up), Indeterminate);
    assert_eq!(of(&json!({"bucket": "scratch", "__defaults": []}), "scratch"), Compliant);
}

#[test]
fn a_preview_that_leaves_out_what_stays_the_same_does_not_say_that_there_is_no_trail() {
    let stack = json!({"urn": urn("pulumi:pulumi:Stack", "shop-prod"), "custom": false,
        "type": "pulumi:pulumi:Stack"});
    let bare = state(TRAIL, "bare", &with(covering(), &json!({"eventSelectors": []})), &json!({}));
    let full = state(TRAIL, "full", &covering(), &json!({}));
    for (trail, same, any, every) in [
        (&bare, 1, NonCompliant, NonCompliant),
        (&bare, 2, Indeterminate, NonCompliant),
        (&full, 1, Compliant, Compliant),
        (&full, 2, Compliant, Indeterminate),
    ] {
        let steps =
            [("same", stack.clone(), stack.clone()), ("create", Value::Null, trail.clone())];
        let document = preview(&steps, &json!({"create": 1, "same": same}));
        let [snapshot] = read(&document).try_into().unwrap();
        assert_eq!(verdict(&snapshot), any, "{document}");
        let question = Question::new(Kind::Write, Mode::Every);
        assert_eq!(cis_rules::evaluate(&snapshot, &question).verdict, every, "{document}");
    }
    let steps = [("same", stack.clone(), stack)];
    let mut document = preview(&steps, &json!({"same": 1}));
    assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, NonCompliant)]);
    document["diagnostics"] = json!([{"message": "no credentials", "severity": "warning"}]);
    assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, NonCompliant)]);
    document["diagnostics"][0]["severity"] = json!("error");
    assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, Indeterminate)]);
    let mut document = preview(&steps, &json!({"same": 1}));
    document.as_object_mut().unwrap().remove("changeSummary");
    assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, Indeterminate)]);
}

#[test]
fn each_operation_says_what_is_there_afterwards() {
    let full = state(TRAIL, "audit", &covering(), &json!({"outputs": covering()}));
    let bare_inputs = with(covering(), &json!({"enableLogging": false}));
    let bare = state(TRAIL, "audit", &bare_inputs, &json!({"outputs": bare_inputs}));
    let (none, as_it_is) = (Value::Null, json!({"retainOnDelete": true}));
    for (steps, expected) in [
        (vec![("create", &none, &full)], Compliant),
        (vec![("update", &bare, &full)], Compliant),
        (vec![("update", &full, &bare)], NonCompliant),
        (vec![("same", &full, &full)], Compliant),
        (vec![("same", &bare, &bare)], NonCompliant),
        (vec![("delete", &full, &none)], NonCompliant),
        (vec![("replace", &bare, &full)], Compliant),
        (
            vec![
                ("create-replacement", &none, &full),
                ("replace", &bare, &full),
                ("delete-replaced", &bare, &none),
            ],
            Compliant,
        ),
        (
            vec![("delete-replaced", &full, &none), ("create-replacement", &none, &bare)],
            NonCompliant,
        ),
        // What is not given, as `advancedEventSelectors`, is taken over as it is.
        (vec![("import", &none, &full)], Indeterminate),
        (vec![("read", &none, &full)], Compliant),
        (vec![("refresh", &full, &full)], Indeterminate),
        (vec![("refresh", &full, &full), ("update", &full, &bare)], NonCompliant),
        (vec![("novel", &full, &full)], Indeterminate),
        (vec![("discard", &full, &none)], Indeterminate),
        (vec![("delete", &with(full.clone(), &as_it_is), &none)], Indeterminate),
        // A leftover of an earlier replacement is deleted, and not the trail.
        (
            vec![
                ("same", &full, &full),
                ("delete", &with(bare.clone(), &json!({"delete": true})), &none),
            ],
            Compliant,
        ),
    ] {
        let steps: Vec<(&str, Value, Value)> =
            steps.into_iter().map(|(op, old, new)| (op, old.clone(), new.clone())).collect();
        let same = steps.iter().filter(|(op, _, _)| *op == "same").count();
        let document = preview(&steps, &json!({"same": same}));
        assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, expected)], "{document}");
    }
}

#[test]
fn what_an_update_is_not_told_may_stay() {
    let old = state(TRAIL, "audit", &covering(), &json!({"outputs": covering()}));
    let without = with(covering(), &json!({"eventSelectors": null}));
    let new = state(TRAIL, "audit", &without, &json!({}));
    let of = |new: &Value, changed: &[&str]| {
        let mut document = preview(&[("update", old.clone(), new.clone())], &json!({"update": 1}));
        document["steps"][0]["diffReasons"] = json!(changed);
        read(&document)
    };
    assert_eq!(verdicts(&of(&new, &["eventSelectors"])), [(NO_ACCOUNT, NonCompliant)]);
    assert_eq!(verdicts(&of(&new, &["tags"])), [(NO_ACCOUNT, Indeterminate)]);
    // `ignoreChanges` leaves what is there.
    let bare = with(covering(), &json!({"enableLogging": false}));
    let ignoring =
        |ignored: &str| state(TRAIL, "audit", &bare, &json!({"ignoreChanges": [ignored]}));
    assert_eq!(verdicts(&of(&ignoring("enableLogging"), &[])), [(NO_ACCOUNT, Indeterminate)]);
    assert_eq!(verdicts(&of(&ignoring("eventSelectors[0]"), &[])), [(NO_ACCOUNT, NonCompliant)]);
}

#[test]
fn an_export_is_read_from_what_the_provider_answered() {
    let bare = with(covering(), &json!({"enableLogging": false}));
    let empty = json!({});
    for (inputs, outputs, more, expected) in [
        (&covering(), &covering(), json!({}), Compliant),
        (&covering(), &bare, json!({}), NonCompliant),
        (&bare, &covering(), json!({}), Compliant),
        (&covering(), &empty, json!({}), Indeterminate),
        (&covering(), &with(covering(), &json!({"eventSelectors": []})), json!({}), Indeterminate),
        (&covering(), &covering(), json!({"initErrors": ["failed"]}), Indeterminate),
        (&covering(), &covering(), json!({"delete": true}), Indeterminate),
        (&covering(), &covering(), json!({"pendingReplacement": true}), NonCompliant),
        (&covering(), &covering(), json!({"external": true}), Compliant),
    ] {
        let document = export(&[existing(inputs, outputs, &more)]);
        assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, expected)], "{document}");
    }
}

#[test]
fn an_interrupted_operation_leaves_open_what_became_of_it() {
    let trail = existing(&covering(), &covering(), &json!({}));
    for (kind, resources, expected) in [
        ("creating", vec![], Indeterminate),
        ("updating", vec![trail.clone()], Indeterminate),
        ("deleting", vec![trail.clone()], Indeterminate),
        ("reading", vec![trail.clone()], Compliant),
        ("reading", vec![], NonCompliant),
    ] {
        let mut document = export(&resources);
        document["deployment"]["pending_operations"] = json!([{"resource": trail, "type": kind}]);
        assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, expected)], "{document}");
    }
}

#[test]
fn what_may_bring_trails_leaves_open_whether_there_are_any() {
    let template = "{\"Resources\": {\"B\": {\"Type\": \"AWS::S3::Bucket\"}}}";
    let stack = "aws:cloudformation/stack:Stack";
    for (kind, inputs, expected) in [
        (stack, json!({"templateBody": template}), NonCompliant),
        (stack, json!({"templateUrl": "https://x"}), Indeterminate),
        (stack, json!({"templateBody": UNKNOWN}), Indeterminate),
        ("aws-native:cloudformation:Stack", json!({"templateUrl": "https://x"}), Indeterminate),
        ("aws:cloudformation/stackSet:StackSet", json!({"templateBody": template}), NonCompliant),
        ("aws:servicecatalog/provisionedProduct:ProvisionedProduct", json!({}), Indeterminate),
        ("aws-native:controltower:LandingZone", json!({}), Indeterminate),
        (
            "aws:cloudcontrol/resource:Resource",
            json!({"typeName": "AWS::S3::Bucket"}),
            NonCompliant,
        ),
        ("aws:cloudcontrol/resource:Resource", json!({"typeName": UNKNOWN}), Indeterminate),
        ("aws-native:index:ExtensionResource", json!({"type": "AWS::S3::Bucket"}), NonCompliant),
        ("aws-native:index:ExtensionResource", json!({"type": UNKNOWN}), Indeterminate),
        ("pulumi-nodejs:dynamic:Resource", json!({"__provider": "exports.handler"}), Indeterminate),
        ("command:local:Command", json!({"create": "make"}), NonCompliant),
        ("kubernetes:core/v1:Namespace", json!({}), NonCompliant),
        ("kubernetes:cloudtrail.services.k8s.aws/v1alpha1:Trail", json!({}), Indeterminate),
        ("random:index/randomId:RandomId", json!({}), NonCompliant),
        ("aws:s3/bucket:Bucket", json!({}), NonCompliant),
        ("acme:index:Landing", json!({}), Indeterminate),
    ] {
        let document = created(kind, "r", &inputs);
        assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, expected)], "{kind} {inputs}");
    }
    // A component holds others, which are listed.
    let component = json!({"urn": urn("acme:index:Landing", "r"), "custom": false,
        "type": "acme:index:Landing"});
    let document = preview(&[("create", Value::Null, component)], &json!({"create": 1}));
    assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, NonCompliant)]);
}

#[test]
fn the_trails_of_a_stack_are_read_with_its_parameters() {
    let template = "Parameters: {Takes: {Type: String, Default: 'arn:aws:s3:::x/'}}\nResources:\n  T:\n    \
        Type: AWS::CloudTrail::Trail\n    Properties: {IsLogging: true, IsMultiRegionTrail: true, \
        EventSelectors: [{DataResources: [{Type: 'AWS::S3::Object', Values: [!Ref Takes]}]}]}\n";
    for (takes, expected) in [
        (json!("arn:aws:s3"), Compliant),
        (Value::Null, NonCompliant),
        (json!(UNKNOWN), Indeterminate),
    ] {
        let inputs = json!({"templateBody": template, "parameters": {"Takes": takes}});
        let document = created("aws:cloudformation/stack:Stack", "s", &inputs);
        assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, expected)], "{inputs}");
    }
}

#[test]
fn what_calls_cloudtrail_puts_all_trails_in_doubt() {
    let trail = state(TRAIL, "audit", &covering(), &json!({}));
    let call = "aws cloudtrail put-event-selectors --trail-name audit";
    for (kind, inputs, expected) in [
        ("command:local:Command", json!({"create": call}), Indeterminate),
        ("command:remote:Command", json!({"update": call}), Indeterminate),
        ("command:local:Command", json!({"create": "aws cloudtrail list-trails"}), Compliant),
        (
            "aws:lambda/invocation:Invocation",
            json!({"input": "{\"service\": \"cloudtrail\", \"action\": \"StopLogging\"}"}),
            Indeterminate,
        ),
        (
            "pulumi-python:dynamic:Resource",
            json!({"__provider": "client('cloudtrail').stop_logging()"}),
            Indeterminate,
        ),
        (
            "aws-native:cloudformation:CustomResourceEmulator",
            json!({"customResourceProperties": {"Create": "CloudTrail.putEventSelectors"}}),
            Indeterminate,
        ),
    ] {
        let caller = state(kind, "call", &inputs, &json!({}));
        let steps = [("create", Value::Null, trail.clone()), ("create", Value::Null, caller)];
        let document = preview(&steps, &json!({"create": 2}));
        assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, expected)], "{kind} {inputs}");
    }
}

/// An export with a covering trail of the default provider and a bare one of another, with these
/// inputs.
fn of_two_providers(other: &Value) -> Value {
    let reference = format!("{}::id", urn("pulumi:providers:aws", "other"));
    let provider = json!({
        "urn": urn("pulumi:providers:aws", "other"), "custom": true, "id": "id",
        "type": "pulumi:providers:aws", "inputs": other,
    });
    let bare = with(covering(), &json!({"eventSelectors": []}));
    let bare = state(TRAIL, "bare", &bare, &json!({"outputs": bare, "provider": reference}));
    export(&[provider, existing(&covering(), &covering(), &json!({})), bare])
}

#[test]
fn providers_tell_accounts_apart() {
    let role = format!("{{\"roleArn\":\"arn:aws:iam::{TWO}:role/x\"}}");
    let roles = json!([{"roleArn": format!("arn:aws:iam::{TWO}:role/x")}]);
    let open = json!({"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "ciphertext": "v1:AAAA"});
    for (other, expected) in [
        // Only the Region differs: one account.
        (json!({"region": "us-east-1"}), vec![(NO_ACCOUNT, Compliant)]),
        (json!({"assumeRole": role}), vec![(NO_ACCOUNT, Compliant), (TWO, Indeterminate)]),
        (json!({"assumeRoles": roles}), vec![(NO_ACCOUNT, Compliant), (TWO, Indeterminate)]),
        (json!({"profile": "archive"}), vec![(NO_ACCOUNT, Compliant), (NO_ACCOUNT, Indeterminate)]),
        (json!({"secretKey": open}), vec![(NO_ACCOUNT, Compliant), (NO_ACCOUNT, Indeterminate)]),
        (
            json!({"allowedAccountIds": format!("[\"{TWO}\"]")}),
            vec![(NO_ACCOUNT, Compliant), (TWO, Indeterminate)],
        ),
    ] {
        assert_eq!(verdicts(&read(&of_two_providers(&other))), expected, "{other}");
    }
    let mut document = of_two_providers(&json!({"allowedAccountIds": format!("[\"{TWO}\"]")}));
    document["deployment"]["resources"][0]["inputs"]["allowedAccountIds"] =
        json!(format!("[\"{ONE}\"]"));
    assert_eq!(verdicts(&read(&document)), [(ONE, Compliant), (TWO, NonCompliant)]);
    // A provider that the export does not have may be of any account.
    document["deployment"]["resources"].as_array_mut().unwrap().remove(1);
    assert_eq!(verdicts(&read(&document)), [(ONE, Compliant), (NO_ACCOUNT, Indeterminate)]);
}

#[test]
fn contradictions_name_both_places() {
    let mut document = of_two_providers(&json!({"region": "us-gov-west-1"}));
    let message = refused(&document);
    assert_eq!(
        message,
        "contradictory partition: `pulumi:providers:aws::default_6_66_2.inputs.region` says \
         `aws`, but `pulumi:providers:aws::other.inputs.region` says `aws-us-gov`"
    );
    document["deployment"]["resources"][1]["inputs"] = json!({"region": "eu-west-1"});
    let arn = format!("arn:aws:cloudtrail:eu-west-1:{ONE}:trail/audit");
    document["deployment"]["resources"][2]["outputs"]["arn"] = json!(arn);
    let asked = Setting { account_id: Some(TWO.to_string()), ..Setting::default() };
    let message = cis_plan::pulumi(&document.to_string(), &asked).unwrap_err().to_string();
    assert!(message.contains("`aws:cloudtrail/trail:Trail::audit.arn` says"), "{message}");
}

#[test]
fn the_partition_is_the_one_of_the_providers_region() {
    for (selected, region, expected) in [
        ("aws-us-gov", "us-gov-west-1", Compliant),
        ("aws", "us-gov-west-1", NonCompliant),
        ("aws-cn", "cn-north-1", Compliant),
    ] {
        let takes = json!({"eventSelectors": [{"dataResources": [
            {"type": "AWS::S3::Object", "values": [format!("arn:{selected}:s3")]}]}]});
        let mut document = created(TRAIL, "audit", &with(covering(), &takes));
        document["config"]["aws:region"] = json!(region);
        assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, expected)], "{document}");
    }
    // Without a Region, one that is configured for something else may be it.
    let mut document = created(TRAIL, "audit", &covering());
    document["config"] = json!({"shop:region": "us-gov-west-1"});
    assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, Indeterminate)]);
    document["config"] = json!({"shop:region": "us-west-1"});
    assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, Compliant)]);
    document["steps"][0]["newState"]["inputs"]["tags"] = json!({"place": "arn:aws-cn:iam::x"});
    assert_eq!(verdicts(&read(&document)), [(NO_ACCOUNT, Indeterminate)]);
}

#[test]
fn other_documents_are_named_with_what_to_do() {
    for (text, part) in [
        ("{\"sequence\": 0, \"timestamp\": 1, \"preludeEvent\": {}}\n{}", "log of events"),
        ("{\"version\": 9, \"deployment\": {}}", "version `9` of Pulumi's deployments"),
        ("{\"version\": 3, \"deployment\": []}", "in `deployment`: expected an object"),
        ("{\"version\": 3, \"deployment\": {\"resources\": {}}}", "in `deployment.resources`"),
        ("{\"version\": 3, \"deployment\": {\"resources\": [{}]}}", "`deployment.resources[0]`"),
        ("{\"version\": 3, \"deployment\": {\"pending_operations\": [1]}}", "[0]`: expected an op"),
        ("{\"steps\": {}}", "in `steps`: expected a list"),
        ("{\"steps\": [{\"op\": \"create\"}]}", "in `steps[0]`: expected a step"),
        ("{\"steps\": [{\"op\": \"same\", \"urn\": \"u\", \"newState\": 1}]}", "`steps[0]`"),
        ("{\"result\": \"succeeded\"}", "not what Pulumi prints of a stack"),
        ("{\"steps\": [}", "at line 1 column 12"),
    ] {
        let error = cis_plan::pulumi(text, &Setting::default()).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    let twice = existing(&covering(), &covering(), &json!({}));
    let message = refused(&export(&[twice.clone(), twice]));
    assert!(message.contains("stands twice"), "{message}");
}
