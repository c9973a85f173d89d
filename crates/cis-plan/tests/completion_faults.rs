//! Templates that were answered wrongly, each with the cause. The enumeration of completions found
//! them.
#![expect(clippy::unwrap_used, reason = "a template that cannot be read is a failed test")]

use cis_plan::Setting;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict;

fn verdict(template: &str, partition: Option<&str>) -> Verdict {
    verdict_in(Mode::Any, template, partition)
}

fn verdict_in(mode: Mode, template: &str, partition: Option<&str>) -> Verdict {
    let setting = Setting { partition: partition.map(str::to_string), ..Setting::default() };
    let snapshot = cis_plan::template(template, &setting).unwrap();
    cis_rules::evaluate(&snapshot, &Question::new(Kind::Write, mode)).verdict
}

/// A template with a bucket whose name is made up and left out by one trail, and another trail with
/// these selectors.
fn of_two_trails(sections: &str, selectors: &str) -> String {
    format!(
        "{sections}
Resources:
  Excluded: {{Type: AWS::S3::Bucket}}
  Other: {{Type: AWS::S3::Bucket}}{}{}",
        on_arn("- {Field: resources.ARN, NotStartsWith: [!Sub '${Excluded.Arn}/']}"),
        trail(selectors).replace("  Trail:", "  Second:")
    )
}

/// Selectors on the starts of ARNs.
fn starting(text: &str) -> String {
    format!(
        "EventSelectors:
        - DataResources:
            - {{Type: 'AWS::S3::Object', Values: [!Sub 'arn:aws:s3:::{text}']}}"
    )
}

/// A multi-Region trail that logs, with these selectors.
fn trail(selectors: &str) -> String {
    format!(
        "
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      IsLogging: true
      IsMultiRegionTrail: true
      S3BucketName: logs
      {selectors}"
    )
}

fn on_arn(conditions: &str) -> String {
    trail(&format!(
        "AdvancedEventSelectors:
        - FieldSelectors:
            - {{Field: eventCategory, Equals: [Data]}}
            - {{Field: resources.type, Equals: ['AWS::S3::Object']}}
            {conditions}"
    ))
}

/// `B` was given no value that `A` is compared with, although it may be what `A` is.
#[test]
fn a_parameter_may_have_the_value_that_another_is_compared_with() {
    let template = format!(
        "
Parameters: {{A: {{Type: String}}, B: {{Type: String}}}}
Conditions:
  Prod: !Equals [!Ref B, prod]
  Both: !And [!Equals [!Ref A, 'true'], !Equals [!Ref A, !Ref B]]
Resources:
  Bucket: {{Type: AWS::S3::Bucket}}
  Named:
    Type: AWS::S3::Bucket
    Properties: {{BucketName: !If [Prod, logs, logs]}}{}",
        trail(
            "EventSelectors:
        - DataResources:
            - Type: AWS::S3::Object
              Values: [!If [Both, !Sub '${Bucket.Arn}/', 'arn:aws:s3']]"
        )
    );
    assert_eq!(verdict(&template, Some("aws")), Verdict::Indeterminate);
}

/// In another partition two buckets had one name. So the value was taken for one that nothing
/// deploys with.
#[test]
fn a_value_that_is_refused_in_one_partition_may_be_deployed_in_another() {
    let template = format!(
        "
Parameters: {{P: {{Type: String}}}}
Conditions:
  Aws: !Equals [!Ref AWS::Partition, aws]
  Yes: !Equals [!Ref P, 'true']
Resources:
  One:
    Type: AWS::S3::Bucket
    Properties: {{BucketName: !If [Aws, logs-prod, !If ['Yes', logs, logs-prod]]}}
  Two:
    Type: AWS::S3::Bucket
    Properties: {{BucketName: logs}}{}",
        on_arn(
            "- !If ['Yes', {Field: userIdentity.arn, NotEquals: [!Sub 'arn:aws:iam::${AWS::AccountId}:role/x']},
                {Field: readOnly, Equals: ['false']}]"
        )
    );
    assert_eq!(verdict(&template, None), Verdict::Indeterminate);
    assert_eq!(verdict(&template, Some("aws")), Verdict::Indeterminate);
}

/// Two made-up names were always apart.
#[test]
fn a_made_up_name_may_be_the_start_of_another() {
    let template = format!(
        "
Resources:
  One: {{Type: AWS::S3::Bucket}}
  Two: {{Type: AWS::S3::Bucket}}{}",
        on_arn(
            "- {Field: resources.ARN, NotStartsWith: [!Sub '${Two.Arn}/']}
            - {Field: resources.ARN, StartsWith: [!GetAtt One.Arn]}"
        )
    );
    assert_ne!(verdict(&template, Some("aws")), Verdict::Compliant);
    assert_eq!(verdict(&template, Some("aws")), Verdict::Indeterminate);
}

/// A text of 1,400 letters is in no ARN, so it excludes nothing.
#[test]
fn a_text_may_be_too_long_for_any_arn() {
    for operator in ["NotEndsWith", "NotStartsWith"] {
        let template = format!(
            "
Parameters: {{P: {{Type: String, AllowedPattern: '[a-z]+'}}}}
Resources:{}",
            on_arn(&format!(
                "- {{Field: resources.ARN, {operator}: [!Sub 'arn:aws:s3:::${{P}}-prod/']}}"
            ))
        );
        assert_eq!(verdict(&template, Some("aws")), Verdict::Indeterminate, "{operator}");
    }
}

/// The excluded bucket was filled in first, with a name of which no value of the other text could be
/// the start, although there are such names.
#[test]
fn a_later_text_may_be_the_start_of_an_earlier_name_with_what_follows_it() {
    let listed = "Parameters: {P: {Type: String, AllowedValues: [logs, data]}}";
    let letters = "Parameters: {P: {Type: String, AllowedPattern: '[a-z]+'}}";
    let exports = "Parameters: {P: {Type: String}}";
    for (sections, text) in [
        ("", "${Other}-"),
        ("", "${Other}."),
        ("", "logs-${AWS::AccountId}-2026/"),
        (listed, "${P}-2026/"),
        (listed, "${P}/"),
        (letters, "${P}/"),
        (letters, "${P}-2026/"),
        (exports, "${P}-2026/"),
    ] {
        let template = of_two_trails(sections, &starting(text));
        let verdict = verdict_in(Mode::Union, &template, Some("aws"));
        assert_eq!(verdict, Verdict::Indeterminate, "{sections} {text}");
    }
}

/// `A` was filled in with a text that `B` cannot be, so the two were never the same.
#[test]
fn two_parameters_may_be_the_same_although_one_has_a_pattern() {
    for pattern in ["[a-z]{5}", "x-[0-9]+", "[A-Z]+"] {
        let template = format!(
            "
Parameters: {{A: {{Type: String}}, B: {{Type: String, AllowedPattern: '{pattern}'}}}}
Conditions: {{Same: !Equals [!Ref A, !Ref B]}}
Resources:{}",
            trail("").replace("    Properties:", "    Condition: Same\n    Properties:")
        );
        let template = format!(
            "{template}EventSelectors:
        - DataResources: [{{Type: 'AWS::S3::Object', Values: ['arn:aws:s3']}}]"
        );
        assert_eq!(verdict(&template, Some("aws")), Verdict::Indeterminate, "{pattern}");
    }
}

/// What the other trail lost was put beside the proof of each completion, so the answer was taken
/// for one that shows nothing.
#[test]
fn a_trail_that_loses_something_takes_nothing_from_the_proof_of_another() {
    let own = "!Sub '${Excluded.Arn}/'";
    let field = |operator: &str| {
        format!(
            "
        - FieldSelectors:
            - {{Field: eventCategory, Equals: [Data]}}
            - {{Field: resources.type, Equals: ['AWS::S3::Object']}}
            - {{Field: resources.ARN, {operator}: [{own}]}}"
        )
    };
    let both = ["StartsWith", "NotStartsWith"].map(field).concat();
    let template = of_two_trails("", &format!("AdvancedEventSelectors:{both}"));
    assert_eq!(verdict(&template, Some("aws")), Verdict::Compliant);
}

/// All that is allowed was tried, and then any other text.
#[test]
fn a_kind_of_events_is_one_of_those_that_are_allowed() {
    let template = |allowed: &str| {
        format!(
            "Parameters: {{P: {{Type: String, AllowedValues: {allowed}}}}}\nResources:{}",
            trail(
                "EventSelectors:
        - ReadWriteType: !Ref P
          DataResources: [{Type: 'AWS::S3::Object', Values: ['arn:aws:s3']}]"
            )
        )
    };
    assert_eq!(verdict(&template("[All, WriteOnly]"), Some("aws")), Verdict::Compliant);
    assert_eq!(verdict(&template("[All, ReadOnly]"), Some("aws")), Verdict::Indeterminate);
}

/// A list whose elements are a few is any set of them, however it is spelled.
#[test]
fn a_list_is_any_set_of_the_elements_that_are_allowed() {
    let template = |allowed: &str, condition: &str, selectors: &str| {
        format!(
            "Parameters: {{P: {{Type: CommaDelimitedList, AllowedValues: {allowed}}}}}
Conditions: {{Is: !Equals [{condition}, 'arn:aws:s3:::,arn:aws:s3']}}
Resources:{}",
            trail(selectors)
        )
    };
    let values = "EventSelectors:
        - DataResources: [{Type: 'AWS::S3::Object', Values: !Ref P}]";
    let of = |allowed: &str, condition: &str, selectors: &str| {
        verdict(&template(allowed, condition, selectors), Some("aws"))
    };
    let everything = "['arn:aws:s3', 'arn:aws:s3:::']";
    let joined = "!Join [',', !Ref P]";
    assert_eq!(of(everything, joined, values), Verdict::Compliant);
    assert_eq!(of("['arn:aws:s3', 'arn:aws:s3:::a/']", joined, values), Verdict::Indeterminate);
    assert_eq!(of("['arn:aws:s3:::b/', 'arn:aws:s3:::a/']", joined, values), Verdict::NonCompliant);
    // The order that the condition asks for is one that a list may have.
    let chosen = |yes: &str, no: &str| {
        format!(
            "EventSelectors:
        - DataResources: [{{Type: 'AWS::S3::Object', Values: [!If [Is, '{yes}', '{no}']]}}]"
        )
    };
    assert_eq!(of(everything, joined, &chosen("a", "arn:aws:s3")), Verdict::Indeterminate);
    assert_eq!(of("['a', 'b']", joined, &chosen("a", "arn:aws:s3")), Verdict::Compliant);
    // Which element is the first is not told by the set.
    let first = "!Select [0, !Ref P]";
    assert_eq!(of("['a', 'b']", first, &chosen("a", "arn:aws:s3")), Verdict::Indeterminate);
    assert_eq!(
        of("['a', 'b']", "!Join ['|', !Ref P]", &chosen("a", "arn:aws:s3")),
        Verdict::Indeterminate
    );
}

/// The Region of a partition that is not known was never filled in, so it was both.
#[test]
fn a_region_is_one_of_some_partition() {
    let everything = "EventSelectors:
        - DataResources: [{Type: 'AWS::S3::Object', Values: [!Sub 'arn:${AWS::Partition}:s3']}]";
    let if_not = |name: &str, region: &str| {
        (
            format!("{name}: !Not [!Equals [!Ref AWS::Region, {region}]]"),
            trail(everything)
                .replace("  Trail:", &format!("  Trail{name}:"))
                .replace("    Properties:", &format!("    Condition: {name}\n    Properties:")),
        )
    };
    let of = |one: &str, other: &str| {
        let ((first, trail), (second, beside)) = (if_not("A", one), if_not("B", other));
        verdict(&format!("Conditions: {{{first}, {second}}}\nResources:{trail}{beside}"), None)
    };
    assert_eq!(of("us-east-1", "eu-west-1"), Verdict::Compliant);
    assert_eq!(of("us-east-1", "cn-north-1"), Verdict::Compliant);
    assert_eq!(of("us-east-1", "us-east-1"), Verdict::Indeterminate);
}
