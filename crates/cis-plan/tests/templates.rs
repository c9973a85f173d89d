//! Templates as people hold them, and what of them is refused or left open.
#![expect(clippy::unwrap_used, reason = "a template that cannot be read is a failed test")]

use cis_plan::Setting;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict;

use Verdict::{Compliant, Indeterminate, NonCompliant};

/// A trail that logs this value of a data resource; `more` are its other properties.
fn trail(value: &str, more: &str) -> String {
    format!(
        "  T:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n      IsLogging: true\n      \
         IsMultiRegionTrail: true\n      EventSelectors:\n        - DataResources:\n            \
         - Type: AWS::S3::Object\n              Values: [{value}]\n{more}"
    )
}

fn verdict_in(text: &str, setting: &Setting) -> Verdict {
    let snapshot = cis_plan::template(text, setting).unwrap();
    cis_rules::evaluate(&snapshot, &Question::new(Kind::Write, Mode::Any)).verdict
}

/// The verdict of resources.
fn verdict(resources: &str) -> Verdict {
    verdict_in(&format!("Resources:\n{resources}"), &Setting::default())
}

fn refused(text: &str) -> String {
    cis_plan::template(text, &Setting::default()).unwrap_err().to_string()
}

const ALL: &str = "'arn:aws:s3:::'";

#[test]
fn a_region_says_the_partition() {
    for (region, partition) in [
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eusc-de-east-1", "aws-eusc"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
    ] {
        let setting = Setting { region: Some(region.to_string()), ..Setting::default() };
        let of = |value: &str| verdict_in(&format!("Resources:\n{}", trail(value, "")), &setting);
        assert_eq!(of(ALL), NonCompliant, "{region}");
        assert_eq!(of(&format!("'arn:{partition}:s3:::'")), Compliant, "{region}");
        assert_eq!(of("!Sub 'arn:${AWS::Partition}:s3:::'"), Compliant, "{region}");
    }
}

#[test]
fn what_rests_on_a_partition_that_is_not_said_is_open() {
    let is_china = "Conditions: {China: !Equals [!Ref AWS::Partition, aws-cn]}\n";
    let is_aws = "Conditions: {China: !Not [!Equals [!Ref AWS::Partition, aws]]}\n";
    let logs = "Parameters: {Logs: {Type: String}}\n";
    for (value, conditions, expected) in [
        ("!Sub 'arn:${AWS::Partition}:s3:::'", "", Compliant),
        ("!If [China, 'arn:aws-cn:s3:::', 'arn:aws:s3:::']", is_china, Compliant),
        ("!If [China, 'arn:aws-cn:s3:::x/', 'arn:aws:s3:::']", is_china, Indeterminate),
        ("!If [China, 'arn:aws-cn:s3:::x/', 'arn:aws:s3:::x/']", is_china, NonCompliant),
        ("!If [China, !Sub 'arn:${AWS::Partition}:s3', 'arn:aws:s3:::x/']", is_aws, Indeterminate),
        ("'arn:aws:s3', 'arn:aws-us-gov:s3:::'", "", Indeterminate),
        // A value that is written out with `aws` up to an open name rests on the assumption as the
        // others do. It was dropped in other partitions, which made the partition decide.
        ("'arn:aws:s3', !Sub 'arn:aws:s3:::${Logs}/'", logs, Compliant),
        ("!Sub 'arn:aws:s3:::${Logs}*', 'arn:aws:s3'", logs, Compliant),
        ("!Sub 'arn:aws:s3:::${Logs}/', 'arn:aws-cn:s3'", logs, Indeterminate),
    ] {
        let text = format!("{conditions}Resources:\n{}", trail(value, ""));
        assert_eq!(verdict_in(&text, &Setting::default()), expected, "{text}");
    }
    // A selector that is the same in each partition decides beside one that is not.
    let both = trail(
        "'arn:aws-us-gov:s3:::'",
        "        - DataResources:\n            - Type: \
        AWS::S3::Object\n              Values: [!Sub 'arn:${AWS::Partition}:s3']\n",
    );
    assert_eq!(verdict(&both), Compliant);
}

#[test]
fn what_brings_other_resources_leaves_open_whether_there_is_a_trail() {
    for (resource, expected) in [
        ("Type: AWS::CloudFormation::Stack", Indeterminate),
        ("Type: AWS::CloudFormation::StackSet", Indeterminate),
        (
            "{Type: AWS::CloudFormation::StackSet, Properties: {TemplateBody: '{\"Resources\": {}}'}}",
            NonCompliant,
        ),
        ("Type: AWS::Serverless::Application", Indeterminate),
        ("Type: AWS::ServiceCatalog::CloudFormationProvisionedProduct", Indeterminate),
        ("Type: AWS::ControlTower::LandingZone", Indeterminate),
        ("Type: Our::Network::Vpc::MODULE", Indeterminate),
        ("Type: Our::Network::Vpc", Indeterminate),
        ("Type: !Rain::Module ./a.yaml", Indeterminate),
        ("!Rain::Module ./a.yaml", Indeterminate),
        ("Fn::Transform: {Name: AWS::Include}", Indeterminate),
        ("Type: Custom::Thing", NonCompliant),
        ("Type: AWS::S3::Bucket", NonCompliant),
    ] {
        let resource = if resource.starts_with(['{', '!']) {
            resource.to_string()
        } else {
            format!("{{{resource}}}")
        };
        assert_eq!(verdict(&format!("  N: {resource}\n")), expected, "{resource}");
        let beside = format!("{}  N: {resource}\n", trail(ALL, ""));
        assert_eq!(verdict(&beside), Compliant, "{resource}");
    }
    assert_eq!(
        refused("Resources: {N: {Properties: {}}}"),
        "in `Resources.N`: expected a resource with a `Type`"
    );
}

#[test]
fn a_custom_resource_that_calls_cloudtrail_puts_trails_in_doubt() {
    let beside = |more: &str| verdict(&format!("{}{more}", trail(ALL, "")));
    let call = |kind: &str, action: &str| {
        format!(
            "  C:\n    Type: {kind}\n    Properties:\n      Create:\n        service: CloudTrail\n        action: {action}\n"
        )
    };
    for kind in ["Custom::AWS", "Custom::Mine", "AWS::CloudFormation::CustomResource"] {
        for action in ["putEventSelectors", "stop-logging", "DeleteTrail", "UpdateTrailCommand"] {
            assert_eq!(beside(&call(kind, action)), Indeterminate, "{kind} {action}");
        }
        assert_eq!(beside(&call(kind, "describeTrails")), Compliant, "{kind}");
    }
    let in_parts = "  C: {Type: Custom::AWS, Properties: {Create: !Join ['', ['{\"service\":\"Cloud', 'Trail\",\"action\":\"update', 'Trail\"}']]}}\n";
    assert_eq!(beside(in_parts), Indeterminate);
    let by_function = |code: &str| {
        beside(&format!(
            "  F: {{Type: AWS::Lambda::Function, Properties: {{Code: {{ZipFile: \"{code}\"}}}}}}\n  \
             C: {{Type: Custom::Mine, Properties: {{ServiceToken: !GetAtt F.Arn}}}}\n"
        ))
    };
    assert_eq!(by_function("boto3.client('cloudtrail').put_event_selectors()"), Indeterminate);
    assert_eq!(by_function("boto3.client('s3').put_object()"), Compliant);
    let never = "  C: {Type: Custom::AWS, Condition: Never, Properties: {Create: cloudtrail deleteTrail}}\nConditions: {Never: !Equals [a, b]}\n";
    assert_eq!(beside(never), Compliant);
    assert_eq!(verdict(&call("Custom::AWS", "createTrail")), Indeterminate);
}

#[test]
fn a_key_that_stands_twice_in_a_trail_is_refused_with_both_places() {
    assert_eq!(
        refused(&format!("Resources:\n{}      IsLogging: false\n", trail(ALL, ""))),
        "in `Resources.T.Properties`: `IsLogging` stands twice, at line 5 column 7 and at line 11 \
         column 7: remove one of the two"
    );
    assert_eq!(
        refused(&format!("Resources:\n{}  T: {{Type: AWS::CloudTrail::Trail}}\n", trail(ALL, ""))),
        "in `Resources`: `T` stands twice, at line 2 column 3 and at line 11 column 3: remove one of \
         the two"
    );
    let json = "{\"Resources\": {\"T\": {\"Type\": \"AWS::CloudTrail::Trail\",\n\"Type\": \
                \"AWS::CloudTrail::Trail\"}}}";
    assert!(refused(json).starts_with("in `Resources.T`: `Type` stands twice, at line 1"));
    let elsewhere =
        "  B: {Type: AWS::S3::Bucket, Type: AWS::SNS::Topic}\nOutputs: {}\nOutputs: {}\n";
    assert_eq!(verdict(&format!("{}{elsewhere}", trail(ALL, ""))), Compliant);
}

#[test]
fn aliases_and_merge_keys_are_resolved_in_trails() {
    let text = "X: &x {IsLogging: true, IsMultiRegionTrail: false}\nS: &s\n  - DataResources: [{Type: \
                'AWS::S3::Object', Values: ['arn:aws:s3:::']}]\nResources:\n  T:\n    Type: \
                AWS::CloudTrail::Trail\n    Properties:\n      <<: *x\n      IsMultiRegionTrail: true\n      \
                EventSelectors: *s\n";
    assert_eq!(verdict_in(text, &Setting::default()), Compliant);
}

#[test]
fn what_get_template_prints_is_a_template() {
    let body = format!("Resources:\n{}", trail(ALL, ""));
    let text =
        serde_json::json!({"TemplateBody": body, "StagesAvailable": ["Original"]}).to_string();
    assert_eq!(verdict_in(&text, &Setting::default()), Compliant);
    assert_eq!(
        verdict_in(
            "TemplateBody:\n  Resources:\n    N: {Type: AWS::S3::Bucket}\n",
            &Setting::default()
        ),
        NonCompliant
    );
}

#[test]
fn an_arn_without_quotes_says_to_put_it_in_quotes() {
    for values in [
        "[{arn:aws:s3::: }]",
        "\n                - arn:aws:s3:::\n",
        "\n                - arn:aws-cn:s3::: # all\n",
    ] {
        let text = trail(ALL, "").replace("['arn:aws:s3:::']", values);
        let message = refused(&format!("Resources:\n{text}"));
        assert!(message.ends_with("without quotes as a map: put it in quotes"), "{message}");
        assert!(message.contains("EventSelectors[0].DataResources[0].Values[0]"), "{message}");
    }
}

#[test]
fn a_json_template_may_have_commas_behind_the_last() {
    let text = "{\"Resources\": {\"N\": {\"Type\": \"AWS::S3::Bucket\",},\n\t},}";
    assert_eq!(verdict_in(text, &Setting::default()), NonCompliant);
    assert_eq!(refused("{\"Resources\": {"), "EOF while parsing an object at line 1 column 15");
}

/// Counts of verdicts that were decided, and that were open.
#[derive(Default)]
struct Counts {
    decided: u32,
    open: u32,
}

/// Whatever was decided of a template without a partition holds in each, but for what is assumed.
fn compare(text: &str, counts: &mut Counts) {
    let snapshot = cis_plan::template(text, &Setting::default()).unwrap();
    for mode in Mode::ALL {
        let of =
            |snapshot: &_| cis_rules::evaluate(snapshot, &Question::new(Kind::Read, mode)).verdict;
        let verdict = of(&snapshot);
        if verdict == Indeterminate {
            counts.open += 1;
            continue;
        }
        counts.decided += 1;
        for partition in cis_rules::partition::PARTITIONS {
            let id = partition.id.to_string();
            let known = Setting { partition: Some(id.clone()), ..Setting::default() };
            let is_meant = id == "aws" || text.contains(&id);
            if snapshot.assumed_partition && !is_meant {
                continue;
            }
            let after = of(&cis_plan::template(text, &known).unwrap());
            assert_eq!(verdict, after, "{partition:?} {mode} {text}");
        }
    }
}

const CONDITIONS: &str = "Conditions:\n  China: !Equals [!Ref AWS::Partition, aws-cn]\n  Gov: !Equals \
                          [!Ref AWS::URLSuffix, sc2s.sgov.gov]\n  Aws: !Equals [!Ref \
                          AWS::Partition, aws]\n";

#[test]
fn no_partition_contradicts_what_was_decided_without_one() {
    let values = [
        "'arn:aws:s3:::'",
        "'arn:aws:s3:::x/'",
        "'arn:aws-cn:s3'",
        "'arn:aws-us-gov:s3:::x/'",
        "'arn:aws-'",
        "!Sub 'arn:${AWS::Partition}:s3:::'",
        "!Sub 'arn:${AWS::Partition}:s3:::x/'",
        "!If [China, 'arn:aws-cn:s3:::', 'arn:aws:s3:::']",
        "!If [China, 'arn:aws-cn:s3:::x/', !Sub 'arn:${AWS::Partition}:s3:::']",
        "!If [Aws, 'arn:aws:s3:::x/', !Sub 'arn:${AWS::Partition}:s3']",
        "!If [Gov, !Ref AWS::NoValue, 'arn:aws:s3']",
    ];
    let places = ["", "    Condition: China\n", "    Condition: Aws\n", "    Condition: Gov\n"];
    let mut counts = Counts::default();
    for one in values {
        for other in values {
            for condition in places {
                let more = format!(
                    "        - DataResources:\n            - Type: AWS::S3::Object\n              \
                     Values: [{other}]\n"
                );
                compare(
                    &format!("{CONDITIONS}Resources:\n{}{condition}", trail(one, &more)),
                    &mut counts,
                );
            }
        }
    }
    assert!(counts.decided > 100 && counts.open > 100, "{} and {}", counts.decided, counts.open);
}

#[test]
fn no_partition_contradicts_what_was_decided_of_advanced_selectors_without_one() {
    let values = [
        "'arn:'",
        "'arn:aws'",
        "'arn:aws-'",
        "'arn:aws-us'",
        "'arn:aws:'",
        "'arn:aws:s3:::'",
        "'arn:aws-cn:s3:::'",
        "'arn:aws-iso'",
        "'arn:aws-iso-b:s3:::x/'",
        "!Sub 'arn:${AWS::Partition}:s3:::'",
        "!If [China, 'arn:aws-cn:s3:::', 'arn:aws:s3:::']",
    ];
    let mut counts = Counts::default();
    for operator in ["StartsWith", "NotStartsWith", "Equals", "NotEndsWith"] {
        for one in values {
            for other in values {
                let text = format!(
                    "{CONDITIONS}Resources:\n  T:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n      \
                     IsLogging: true\n      IsMultiRegionTrail: true\n      AdvancedEventSelectors:\n        \
                     - FieldSelectors:\n            - {{Field: eventCategory, Equals: [Data]}}\n            \
                     - {{Field: resources.type, Equals: ['AWS::S3::Object']}}\n            \
                     - {{Field: resources.ARN, {operator}: [{one}, {other}]}}\n"
                );
                compare(&text, &mut counts);
            }
        }
    }
    assert!(counts.decided > 100 && counts.open > 100, "{} and {}", counts.decided, counts.open);
}
