//! Which account, partition and Region a plan is for: from all that it says, whatever the order.
#![expect(clippy::unwrap_used, reason = "a plan that cannot be read is a failed test")]

use cis_plan::{NO_ACCOUNT, Setting};
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::{Assumption, Verdict};
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

use Verdict::{Compliant, Indeterminate, NonCompliant};

/// A trail that selects all objects of a partition, with more values.
fn trail(name: &str, partition: &str, more: &Value) -> Value {
    let mut values = json!({
        "name": name,
        "s3_bucket_name": "logs",
        "enable_logging": true,
        "is_multi_region_trail": true,
        "event_selector": [{
            "read_write_type": "All",
            "data_resource": [{"type": "AWS::S3::Object", "values": [format!("arn:{partition}:s3:::")]}],
        }],
    });
    for (name, value) in more.as_object().unwrap() {
        values[name] = value.clone();
    }
    resource("aws_cloudtrail", name, &values)
}

/// A trail that selects no objects.
fn bare(name: &str, more: &Value) -> Value {
    let mut trail = trail(name, "aws", more);
    trail["values"]["event_selector"] = json!([]);
    trail
}

fn resource(kind: &str, name: &str, values: &Value) -> Value {
    json!({
        "address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws", "values": values,
    })
}

fn data(kind: &str, values: &Value) -> Value {
    json!({
        "address": format!("data.{kind}.current"), "mode": "data", "type": kind, "name": "current",
        "provider_name": "registry.terraform.io/hashicorp/aws", "values": values,
    })
}

fn plan(resources: &[Value], prior: &[Value], configuration: &Value) -> Value {
    let changes: Vec<Value> = resources
        .iter()
        .map(|one| json!({"address": one["address"], "change": {"after_unknown": {}}}))
        .collect();
    json!({
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": changes,
        "prior_state": {"values": {"root_module": {"resources": prior}}},
        "configuration": configuration,
    })
}

/// Providers by key, and the key of each resource.
fn configured(providers: &Value, of: &[(&str, &str)]) -> Value {
    let resources: Vec<Value> = of
        .iter()
        .map(|(address, key)| json!({"address": address, "provider_config_key": key}))
        .collect();
    json!({"provider_config": providers, "root_module": {"resources": resources}})
}

fn read(plan: &Value, setting: &Setting) -> Vec<Snapshot> {
    cis_plan::plans(&plan.to_string(), setting).unwrap()
}

fn refused(plan: &Value, setting: &Setting) -> String {
    cis_plan::plans(&plan.to_string(), setting).unwrap_err().to_string()
}

/// The id and the verdict of each account.
fn verdicts(snapshots: &[Snapshot]) -> Vec<(&str, Verdict)> {
    let question = Question::new(Kind::Write, Mode::Any);
    let verdict = |one: &Snapshot| cis_rules::evaluate(one, &question).verdict;
    snapshots.iter().map(|one| (one.account_id.as_str(), verdict(one))).collect()
}

fn arn(partition: &str, region: &str, account: &str, name: &str) -> String {
    format!("arn:{partition}:cloudtrail:{region}:{account}:trail/{name}")
}

const ONE: &str = "111122223333";
const TWO: &str = "222233334444";

#[test]
fn each_place_that_says_the_partition_is_read() {
    for (partition, region) in [
        ("aws-cn", "cn-north-1"),
        ("aws-us-gov", "us-gov-east-1"),
        ("aws-iso", "us-iso-west-1"),
        ("aws-iso-b", "us-isob-east-1"),
        ("aws-iso-e", "eu-isoe-west-1"),
        ("aws-iso-f", "us-isof-east-1"),
        ("aws-eusc", "eusc-de-east-1"),
    ] {
        let none = json!({});
        let role = format!("arn:{partition}:iam::{ONE}:role/x");
        let prior = [
            data("aws_partition", &json!({"partition": partition})),
            data("aws_region", &json!({"name": region})),
            data("aws_region", &json!({"region": region})),
            data("aws_caller_identity", &json!({"arn": role})),
            resource("aws_s3_bucket", "b", &json!({"arn": format!("arn:{partition}:s3:::b")})),
        ];
        let providers = [
            json!({"aws": {"expressions": {"region": {"constant_value": region}}}}),
            json!({"aws": {"expressions": {"assume_role": [{"role_arn": {"constant_value": role}}]}}}),
        ];
        let values = [
            json!({"region": region}),
            json!({"home_region": region}),
            json!({"arn": arn(partition, region, ONE, "t")}),
        ];
        for (selected, expected) in [(partition, Compliant), ("aws", NonCompliant)] {
            let of = |more: &Value, prior: &[Value], configuration: &Value| {
                let plan = plan(&[trail("t", selected, more)], prior, configuration);
                let snapshots = read(&plan, &Setting::default());
                assert_eq!(snapshots[0].partition, partition, "{plan}");
                assert!(!snapshots[0].assumed_partition);
                assert_eq!(verdicts(&snapshots)[0].1, expected, "{plan}");
            };
            prior.iter().for_each(|one| of(&none, std::slice::from_ref(one), &none));
            values.iter().for_each(|one| of(one, &[], &none));
            for one in &providers {
                of(&none, &[], &configured(one, &[("aws_cloudtrail.t", "aws")]));
            }
        }
    }
}

#[test]
fn an_assumed_partition_is_named_where_something_rests_on_it() {
    let none = json!({});
    let of = |selected: &str| {
        let plan = plan(&[trail("t", selected, &none)], &[], &none);
        let [snapshot] = read(&plan, &Setting::default()).try_into().unwrap();
        let result = cis_rules::evaluate(&snapshot, &Question::new(Kind::Read, Mode::Any));
        (
            result.verdict,
            result.assumptions.contains(&Assumption::AssumedPartition),
            result.unknowns.clone(),
        )
    };
    let (verdict, is_assumed, _) = of("aws");
    assert_eq!((verdict, is_assumed), (Compliant, true));
    let (verdict, is_assumed, unknowns) = of("aws-us-gov");
    assert_eq!((verdict, is_assumed), (Indeterminate, false));
    assert_eq!(unknowns[0].settled_by, "give it with `--partition` or `--region`");
    let plan = plan(&[bare("t", &none)], &[], &none);
    let [snapshot] = read(&plan, &Setting::default()).try_into().unwrap();
    assert!(!snapshot.assumed_partition, "it misses in each partition");
}

#[test]
fn a_variable_that_is_a_region_may_be_where_the_plan_is_for() {
    let none = json!({});
    let of = |region: &str, selected: &str| {
        let mut plan = plan(&[trail("t", selected, &none)], &[], &none);
        plan["variables"] = json!({"region": {"value": region}});
        verdicts(&read(&plan, &Setting::default()))[0].1
    };
    assert_eq!(of("us-gov-west-1", "aws"), Indeterminate);
    assert_eq!(of("us-gov-west-1", "aws-us-gov"), Indeterminate);
    assert_eq!(of("us-west-1", "aws"), Compliant);
}

#[test]
fn contradictions_name_both_places() {
    let none = json!({});
    let gov = |setting| {
        let prior = [data("aws_partition", &json!({"partition": "aws-us-gov"}))];
        refused(&plan(&[trail("t", "aws", &none)], &prior, &none), &setting)
    };
    let region = Some("us-east-1".to_string());
    assert_eq!(
        gov(Setting { region: region.clone(), ..Setting::default() }),
        "contradictory partition: `data.aws_partition.current.partition` says `aws-us-gov`, but \
         `--region` says `aws`"
    );
    let both = Setting { partition: Some("aws-cn".to_string()), region, ..Setting::default() };
    assert_eq!(
        gov(both),
        "contradictory partition: `--partition` gives `aws-cn`, but `--region` gives `us-east-1`, \
         which is in `aws`"
    );
    let caller = data("aws_caller_identity", &json!({"account_id": TWO}));
    let known = json!({"arn": arn("aws", "us-east-1", ONE, "t")});
    assert_eq!(
        refused(&plan(&[trail("t", "aws", &known)], &[caller], &none), &Setting::default()),
        format!(
            "contradictory account: `data.aws_caller_identity.current.account_id` says `{TWO}`, \
             but `aws_cloudtrail.t.arn` says `{ONE}`"
        )
    );
    let other = Setting { account_id: Some(TWO.to_string()), ..Setting::default() };
    assert_eq!(
        refused(&plan(&[trail("t", "aws", &known)], &[], &none), &other),
        format!(
            "contradictory account: `aws_cloudtrail.t.arn` says `{ONE}`, but `--account` says \
             `{TWO}`"
        )
    );
}

#[test]
fn trails_of_two_accounts_get_two_answers_in_either_order() {
    let none = json!({});
    let one = trail("one", "aws", &json!({"arn": arn("aws", "us-east-1", ONE, "one")}));
    let two = bare("two", &json!({"arn": arn("aws", "us-east-1", TWO, "two")}));
    for resources in [[one.clone(), two.clone()], [two, one]] {
        let plan = plan(&resources, &[], &none);
        let snapshots = read(&plan, &Setting::default());
        let mut found = verdicts(&snapshots);
        found.sort_unstable_by_key(|(id, _)| *id);
        assert_eq!(found, [(ONE, Compliant), (TWO, NonCompliant)]);
        let message = cis_plan::plan(&plan.to_string(), &Setting::default()).unwrap_err();
        assert!(message.to_string().contains("say which with `--account`"), "{message}");
        let asked = Setting { account_id: Some(TWO.to_string()), ..Setting::default() };
        assert_eq!(verdicts(&read(&plan, &asked)), [(TWO, NonCompliant)]);
    }
}

/// A covering trail of the default provider, and a bare one of another.
fn of_two_providers(default: &Value, other: &Value) -> Value {
    let none = json!({});
    let providers = json!({"aws": {"expressions": default}, "aws.other": {"alias": "other", "expressions": other}});
    let of = [("aws_cloudtrail.one", "aws"), ("aws_cloudtrail.two", "aws.other")];
    plan(&[trail("one", "aws", &none), bare("two", &none)], &[], &configured(&providers, &of))
}

#[test]
fn providers_that_differ_in_the_region_only_have_one_account() {
    let region = |name: &str| json!({"region": {"constant_value": name}});
    let plan = of_two_providers(&region("us-east-1"), &region("eu-west-1"));
    assert_eq!(verdicts(&read(&plan, &Setting::default())), [(NO_ACCOUNT, Compliant)]);
}

#[test]
fn providers_of_which_it_is_not_known_whether_they_differ_put_each_other_in_doubt() {
    let role = json!({"assume_role": [{"role_arn": {
        "constant_value": format!("arn:aws:iam::{TWO}:role/x")}}]});
    let variable = json!({"assume_role": [{"role_arn": {"references": ["var.role"]}}]});
    for (other, id) in [
        (&role, TWO),
        (&variable, NO_ACCOUNT),
        (&json!({"profile": {"constant_value": "p"}}), NO_ACCOUNT),
    ] {
        let plan = of_two_providers(&json!({}), other);
        let found = read(&plan, &Setting::default());
        assert_eq!(verdicts(&found), [(NO_ACCOUNT, Compliant), (id, Indeterminate)]);
    }
    let plan = of_two_providers(&json!({}), &role);
    let asked = Setting { account_id: Some(TWO.to_string()), ..Setting::default() };
    assert_eq!(verdicts(&read(&plan, &asked)), [(TWO, Indeterminate)]);
    let asked = Setting { account_id: Some(ONE.to_string()), ..Setting::default() };
    assert_eq!(verdicts(&read(&plan, &asked))[0], (ONE, Compliant));
}

#[test]
fn accounts_that_are_known_to_differ_are_kept_apart() {
    let allowed = |id: &str| json!({"allowed_account_ids": {"constant_value": [id]}});
    let plan = of_two_providers(&allowed(ONE), &allowed(TWO));
    assert_eq!(
        verdicts(&read(&plan, &Setting::default())),
        [(ONE, Compliant), (TWO, NonCompliant)]
    );
}

#[test]
fn a_module_has_the_provider_that_it_is_given() {
    let none = json!({});
    let mut one = trail("one", "aws-cn", &none);
    one["address"] = json!("module.a[\"x\"].aws_cloudtrail.one[0]");
    let configuration = json!({
        "provider_config": {
            "aws": {"expressions": {"region": {"constant_value": "us-east-1"}}},
            "aws.cn": {"alias": "cn", "expressions": {"region": {"constant_value": "cn-north-1"},
                "profile": {"constant_value": "cn"}}},
        },
        "root_module": {"module_calls": {"a": {"module": {"resources": [
            {"address": "aws_cloudtrail.one", "provider_config_key": "aws.cn"}]}}}},
    });
    let snapshots = read(&plan(&[one], &[], &configuration), &Setting::default());
    assert_eq!(snapshots[0].partition, "aws-cn");
    assert_eq!(verdicts(&snapshots), [(NO_ACCOUNT, Compliant)]);
}

#[test]
fn a_trail_of_another_accounts_organization_may_count() {
    let allowed = |id: &str| json!({"allowed_account_ids": {"constant_value": [id]}});
    let mut plan = of_two_providers(&allowed(ONE), &allowed(TWO));
    plan["planned_values"]["root_module"]["resources"][0]["values"]["is_organization_trail"] =
        json!(true);
    assert_eq!(
        verdicts(&read(&plan, &Setting::default())),
        [(ONE, Compliant), (TWO, Indeterminate)]
    );
}

#[test]
fn what_calls_cloudtrail_puts_all_trails_in_doubt() {
    let none = json!({});
    let command = |command: &str| {
        let mut configuration = configured(&none, &[]);
        configuration["root_module"]["resources"] = json!([{
            "address": "null_resource.n", "provider_config_key": "null",
            "provisioners": [{"type": "local-exec", "expressions": {"command": {"constant_value": command}}}],
        }]);
        let null = resource("null_resource", "n", &none);
        read(&plan(&[trail("t", "aws", &none), null], &[], &configuration), &Setting::default())
    };
    let found = command("aws cloudtrail put-event-selectors --trail-name t");
    assert_eq!(verdicts(&found), [(NO_ACCOUNT, Indeterminate)]);
    assert_eq!(verdicts(&command("aws cloudtrail describe-trails")), [(NO_ACCOUNT, Compliant)]);
    let invocation = |input: &str| {
        let call = resource("aws_lambda_invocation", "n", &json!({"input": input}));
        read(&plan(&[trail("t", "aws", &none), call], &[], &none), &Setting::default())
    };
    let stop = invocation("{\"service\": \"cloudtrail\", \"action\": \"StopLogging\"}");
    assert_eq!(verdicts(&stop), [(NO_ACCOUNT, Indeterminate)]);
    assert_eq!(verdicts(&invocation("{}")), [(NO_ACCOUNT, Compliant)]);
}

#[test]
fn what_may_bring_trails_leaves_open_whether_there_are_any() {
    let none = json!({});
    let template = "{\"Resources\": {\"B\": {\"Type\": \"AWS::S3::Bucket\"}}}";
    for (kind, values, expected) in [
        ("aws_servicecatalog_provisioned_product", none.clone(), Indeterminate),
        ("aws_serverlessapplicationrepository_cloudformation_stack", none.clone(), Indeterminate),
        ("aws_cloudformation_stack", json!({"template_url": "https://x"}), Indeterminate),
        ("aws_cloudformation_stack", json!({"template_body": template}), NonCompliant),
        ("aws_cloudformation_stack_set", json!({"template_body": template}), NonCompliant),
        ("aws_cloudformation_stack_set", none.clone(), Indeterminate),
        ("aws_cloudcontrolapi_resource", none.clone(), Indeterminate),
        (
            "aws_cloudcontrolapi_resource",
            json!({"type_name": "AWS::CloudFormation::Stack"}),
            Indeterminate,
        ),
        ("aws_cloudcontrolapi_resource", json!({"type_name": "AWS::S3::Bucket"}), NonCompliant),
        ("landing_account", none.clone(), Indeterminate),
        ("random_id", none.clone(), NonCompliant),
        ("aws_s3_bucket", none.clone(), NonCompliant),
    ] {
        let plan = plan(&[resource(kind, "r", &values)], &[], &none);
        assert_eq!(verdicts(&read(&plan, &Setting::default())), [(NO_ACCOUNT, expected)], "{plan}");
    }
}

#[test]
fn a_stack_has_the_parameters_that_it_is_given() {
    let none = json!({});
    let template = "Parameters: {Values: {Type: String, Default: 'arn:aws:s3:::x/'}}\nResources:\n  T:\n    \
        Type: AWS::CloudTrail::Trail\n    Properties: {IsLogging: true, IsMultiRegionTrail: true, \
        EventSelectors: [{DataResources: [{Type: 'AWS::S3::Object', Values: [!Ref Values]}]}]}\n";
    for (parameters, unknown, expected) in [
        (json!({"Values": "arn:aws:s3:::"}), json!({}), Compliant),
        (json!({}), json!({}), NonCompliant),
        (json!({}), json!({"parameters": {"Values": true}}), Indeterminate),
        (Value::Null, json!({"parameters": true}), Indeterminate),
    ] {
        let values = json!({"template_body": template, "parameters": parameters});
        let mut plan = plan(&[resource("aws_cloudformation_stack", "s", &values)], &[], &none);
        plan["resource_changes"][0]["change"]["after_unknown"] = unknown;
        assert_eq!(verdicts(&read(&plan, &Setting::default())), [(NO_ACCOUNT, expected)], "{plan}");
    }
}

#[test]
fn a_plan_without_planned_values_is_read_from_its_changes() {
    let values = trail("t", "aws", &json!({}))["values"].clone();
    let change = |actions: &[&str], after: &Value, unknown: &Value| {
        let plan = json!({"format_version": "1.2", "resource_changes": [{
            "address": "aws_cloudtrail.t", "mode": "managed", "type": "aws_cloudtrail",
            "change": {"actions": actions, "before": null, "after": after, "after_unknown": unknown},
        }]});
        verdicts(&read(&plan, &Setting::default()))[0].1
    };
    assert_eq!(change(&["create"], &values, &json!({})), Compliant);
    assert_eq!(change(&["create"], &values, &json!({"enable_logging": true})), Indeterminate);
    assert_eq!(change(&["delete"], &Value::Null, &json!({})), NonCompliant);
}

#[test]
fn a_stored_state_is_what_exists() {
    let attributes =
        trail("t", "aws", &json!({"arn": arn("aws", "us-east-1", ONE, "t")}))["values"].clone();
    let state = |instances: Value| {
        json!({
            "version": 4, "terraform_version": "1.9.5", "serial": 1, "lineage": "x", "outputs": {},
            "resources": [{
                "mode": "managed", "type": "aws_cloudtrail", "name": "t",
                "provider": "provider[\"registry.terraform.io/hashicorp/aws\"].audit", "instances": instances,
            }],
        })
    };
    let snapshots =
        read(&state(json!([{"index_key": 0, "attributes": attributes}])), &Setting::default());
    assert_eq!(verdicts(&snapshots), [(ONE, Compliant)]);
    assert!(!snapshots[0].planned);
    let deposed = json!([{"deposed": "a", "attributes": attributes}]);
    assert_eq!(verdicts(&read(&state(deposed), &Setting::default())), [(NO_ACCOUNT, NonCompliant)]);
}
