//! Where trails and their selectors are written.
#![expect(clippy::unwrap_used, reason = "a plan that cannot be read is a failed test")]

use std::collections::BTreeMap;

use cis_plan::{Setting, SourceOptions};
use cis_rules::snapshot::{ObservedTrail, Snapshot};

type Files = BTreeMap<String, Vec<u8>>;

fn files(all: &[(&str, &str)]) -> Files {
    all.iter().map(|(path, text)| ((*path).to_string(), text.as_bytes().to_vec())).collect()
}

fn template(all: &[(&str, &str)]) -> Snapshot {
    let (path, text) = all[0];
    let setting = Setting { partition: Some("aws".to_string()), ..Setting::default() };
    cis_plan::template_beside(text, &files(all), path, &setting).unwrap().account
}

fn source(all: &[(&str, &str)]) -> Snapshot {
    let options = SourceOptions::default();
    cis_plan::source(&files(all), "", &options, &Setting::default()).unwrap().remove(0)
}

/// `file:line` of each trail.
fn places(account: &Snapshot) -> Vec<String> {
    let trails = account.trails.iter().flatten();
    trails.map(|trail| trail.place.as_ref().unwrap().to_string()).collect()
}

/// The selectors of a trail: `0 main.tf:4:3`, and `0.1 main.tf:5:5` for a field selector.
fn selectors(trail: &ObservedTrail) -> Vec<String> {
    let all = trail.selector_places.iter();
    all.map(|place| {
        let field = place.field_selector.map(|field| format!(".{field}")).unwrap_or_default();
        let column = place.column.unwrap();
        format!("{}{field} {}:{}:{column}", place.selector, place.file, place.line)
    })
    .collect()
}

const YAML: &str = "\
Resources:
  Bucket:
    Type: AWS::S3::Bucket
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      IsLogging: true
      IsMultiRegionTrail: true
      S3BucketName: logs
      AdvancedEventSelectors:
        - Name: all
          FieldSelectors:
            - Field: eventCategory
              Equals: [Data]
            - {Field: resources.type, Equals: ['AWS::S3::Object']}
        - FieldSelectors:
          - !If [Never, {Field: readOnly, Equals: ['true']}, {Field: eventCategory, Equals: [Data]}]
Conditions:
  Never: !Equals [a, b]
";

#[test]
fn a_trail_of_a_template_in_yaml_has_places() {
    let account = template(&[("t.yaml", YAML)]);
    assert_eq!(places(&account), ["t.yaml:4"]);
    assert_eq!(
        selectors(&account.trails.unwrap()[0]),
        [
            "0 t.yaml:11:11",
            "0.0 t.yaml:13:15",
            "0.1 t.yaml:15:15",
            "1 t.yaml:16:11",
            "1.0 t.yaml:17:62"
        ]
    );
}

#[test]
fn a_trail_of_a_template_in_json_has_places() {
    let text = "{\"Resources\": {\n \"Ä\": {\"Type\": \"AWS::S3::Bucket\"}, \"Trail\": {\n  \"Type\": \
                \"AWS::CloudTrail::Trail\", \"Properties\": {\"IsLogging\": true,\n   \
                \"EventSelectors\": [{\"ReadWriteType\": \"All\", \"DataResources\": [\n    {\"Type\": \
                \"AWS::S3::Object\", \"Values\": [\"arn:aws:s3\"]}]}]}}}}";
    let account = template(&[("t.json", text)]);
    assert_eq!(places(&account), ["t.json:2"]);
    assert_eq!(selectors(&account.trails.unwrap()[0]), ["0 t.json:4:23"]);
}

#[test]
fn a_trail_of_a_nested_template_has_the_place_in_that_template() {
    let main = "Resources:\n  Nested:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      \
                TemplateURL: a/t.yaml\n  Elsewhere:\n    Type: AWS::CloudFormation::Stack\n    \
                Properties:\n      TemplateURL: https://example.com/t.yaml\n";
    let account = template(&[("main.yaml", main), ("a/t.yaml", YAML)]);
    assert_eq!(places(&account), ["a/t.yaml:4", "main.yaml:6"]);
    assert_eq!(selectors(&account.trails.unwrap()[0])[0], "0 a/t.yaml:11:11");
}

#[test]
fn a_trail_in_doubt_has_a_place_too() {
    let text = YAML.replace("  Trail:\n", "  Trail:\n    Condition: Unset\n");
    let text = format!("{text}Parameters:\n  P: {{Type: String}}\n");
    let text = text.replace("  Never:", "  Unset: !Equals [!Ref P, a]\n  Never:");
    assert_eq!(places(&template(&[("t.yaml", &text)])), ["t.yaml:4"]);
}

#[test]
fn two_selectors_that_differ_in_their_places_only_are_the_same() {
    let text = YAML
        .replace("{Field: readOnly, Equals: ['true']}", "{Field: eventCategory, Equals: [Data]}");
    let text = text.replace("!Equals [a, b]", "!Equals [!Ref P, b]");
    let text = format!("{text}Parameters:\n  P: {{Type: String}}\n");
    let trails = template(&[("t.yaml", &text)]).trails.unwrap();
    assert_eq!(trails[0].open, []);
}

#[test]
fn a_template_without_a_file_has_no_places() {
    let setting = Setting { partition: Some("aws".to_string()), ..Setting::default() };
    let trails = cis_plan::template(YAML, &setting).unwrap().trails.unwrap();
    assert_eq!((&trails[0].place, trails[0].selector_places.as_slice()), (&None, &[][..]));
    // What `get-template` prints has the template as a text: its lines are not the file's.
    let answer = serde_json::json!({"TemplateBody": YAML}).to_string();
    let trails = template(&[("t.json", &answer)]).trails.unwrap();
    assert_eq!((&trails[0].place, trails[0].selector_places.as_slice()), (&None, &[][..]));
}

#[test]
fn selectors_of_terraform_source_have_places() {
    let module = "resource \"aws_cloudtrail\" \"a\" {\n  name           = \"a\"\n  s3_bucket_name = \
                  \"logs\"\n  advanced_event_selector {\n    field_selector {\n      field  = \
                  \"eventCategory\"\n      equals = [\"Data\"]\n    }\n    dynamic \"field_selector\" \
                  {\n      for_each = [\"readOnly\", \"eventName\"]\n      content {\n        field = \
                  field_selector.value\n        equals = [\"x\"]\n      }\n    }\n  }\n}\n";
    let main = "module \"m\" {\n  source = \"./m\"\n}\nresource \"aws_cloudtrail\" \"b\" {\n  \
                s3_bucket_name = \"logs\"\n  event_selector {\n    data_resource {\n      type = \
                \"AWS::S3::Object\"\n      values = [\"arn:aws:s3\"]\n    }\n  }\n}\n";
    let account = source(&[("main.tf", main), ("m/main.tf", module)]);
    assert_eq!(places(&account), ["main.tf:4", "m/main.tf:1"]);
    let trails = account.trails.unwrap();
    assert_eq!(selectors(&trails[0]), ["0 main.tf:6:3"]);
    assert_eq!(
        selectors(&trails[1]),
        ["0 m/main.tf:4:3", "0.0 m/main.tf:5:5", "0.1 m/main.tf:11:7", "0.2 m/main.tf:11:7"]
    );
}

#[test]
fn terraform_source_in_json_has_places() {
    let text = "{\"resource\": {\"aws_cloudtrail\": {\n  \"a\": {\"s3_bucket_name\": \"logs\",\n    \
                \"advanced_event_selector\": [\n      {\"field_selector\": [\n        {\"field\": \
                \"eventCategory\", \"equals\": [\"Data\"]}]}]}}}}";
    let account = source(&[("main.tf.json", text)]);
    assert_eq!(places(&account), ["main.tf.json:2"]);
    let trails = account.trails.unwrap();
    assert_eq!(selectors(&trails[0]), ["0 main.tf.json:4:7", "0.0 main.tf.json:5:9"]);
}
