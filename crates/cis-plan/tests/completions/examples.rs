//! Templates whose verdict can be seen: the judge must see it too.

use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict;

use crate::Planned;
use crate::campaign::truth;
use crate::judge::Asked;
use crate::template::{
    Advanced, Basic, Bucket, Choice, Condition, FieldSelector, Parameter, ParameterKind, Spelling,
    Template, Text, Trail, Values,
};

fn known(text: &str) -> Text {
    Text::Known(text.to_string())
}

/// The ARNs of all objects of a bucket of the template.
fn objects_of(bucket: usize) -> Text {
    Text::All(vec![Text::BucketArn(bucket), known("/")], Spelling::Sub)
}

fn parameter(allowed: &[&'static str]) -> Parameter {
    let (kind, allowed) = (ParameterKind::Text, allowed.to_vec());
    Parameter { kind, default: None, allowed, pattern: None, given: None }
}

fn generated_bucket() -> Bucket {
    Bucket { name: None, condition: None }
}

fn named_bucket(name: &str) -> Bucket {
    Bucket { name: Some(Choice::Is(known(name))), condition: None }
}

/// A selector of objects with a condition on `resources.ARN`.
fn selector(operator: &'static str, text: Text) -> Choice<Advanced> {
    let values = Choice::Is(Values::Items(vec![Choice::Is(text)]));
    let field = FieldSelector { field: "resources.ARN", operators: vec![(operator, values)] };
    Choice::Is(Advanced { fields: vec![Choice::Is(field)] })
}

fn trail(advanced: Choice<Vec<Choice<Advanced>>>) -> Trail {
    Trail {
        condition: None,
        is_logging: Choice::Is(known("true")),
        is_multi_region: Some(Choice::Is(known("true"))),
        bucket: Choice::Is(known("trail-logs")),
        basic: None,
        advanced: Some(advanced),
    }
}

fn template(parameters: Vec<Parameter>, buckets: Vec<Bucket>, trails: Vec<Trail>) -> Template {
    let is_true = |at: usize| Condition::Equals(Text::Parameter(at), known("true"));
    let conditions = (0..parameters.len()).map(is_true).collect();
    let partition = Some("aws");
    Template { parameters, conditions, buckets, trails, region: None, partition, account: None }
}

fn verdict(template: &Template, mode: Mode, allowed: &[&str], own: &[&str]) -> Option<Verdict> {
    let mut question = Question::new(Kind::Write, mode);
    question.allow_unlogged.extend(allowed.iter().map(|name| name.parse().unwrap()));
    let own = own.iter().map(ToString::to_string).collect();
    let planned = Planned { template: template.clone(), ids: template.open_ids() };
    truth(&planned, &Asked { question, own }).verdict()
}

#[test]
fn a_selector_on_one_generated_bucket_is_non_compliant() {
    let selectors = Choice::Is(vec![selector("StartsWith", objects_of(0))]);
    let template = template(Vec::new(), vec![generated_bucket()], vec![trail(selectors)]);
    assert_eq!(verdict(&template, Mode::Any, &[], &[]), Some(Verdict::NonCompliant));
    assert_eq!(verdict(&template, Mode::Any, &["logs"], &["Bucket0"]), Some(Verdict::NonCompliant));
}

#[test]
fn an_excluded_bucket_of_the_template_is_non_compliant_unless_it_may_stay_unlogged() {
    let selectors = Choice::Is(vec![selector("NotStartsWith", objects_of(0))]);
    let template = template(Vec::new(), vec![generated_bucket()], vec![trail(selectors)]);
    assert_eq!(verdict(&template, Mode::Any, &[], &[]), Some(Verdict::NonCompliant));
    // The name that is made may be this one.
    assert_eq!(verdict(&template, Mode::Any, &["logs"], &[]), Some(Verdict::Indeterminate));
    assert_eq!(verdict(&template, Mode::Any, &[], &["Bucket0"]), Some(Verdict::Compliant));
}

#[test]
fn a_generated_name_is_not_that_of_another_bucket_of_the_template() {
    let selectors = Choice::Is(vec![selector("NotStartsWith", objects_of(1))]);
    let buckets = vec![named_bucket("logs"), generated_bucket()];
    let template = template(Vec::new(), buckets, vec![trail(selectors)]);
    assert_eq!(verdict(&template, Mode::Any, &["logs"], &[]), Some(Verdict::NonCompliant));
}

#[test]
fn two_selectors_that_complete_each_other_are_compliant_whatever_the_name() {
    let selectors =
        vec![selector("StartsWith", objects_of(0)), selector("NotStartsWith", objects_of(0))];
    let template =
        template(Vec::new(), vec![generated_bucket()], vec![trail(Choice::Is(selectors))]);
    assert_eq!(verdict(&template, Mode::Any, &[], &[]), Some(Verdict::Compliant));
}

#[test]
fn two_complete_branches_are_compliant() {
    let everything = |operator, text| {
        let branch = Choice::Is(vec![selector(operator, known(text))]);
        Some(Box::new(branch))
    };
    let one = everything("StartsWith", "arn:aws:s3:::");
    let other = everything("NotStartsWith", "arn:aws:sns");
    let selectors = Choice::If(0, one, other);
    let template = template(vec![parameter(&[])], Vec::new(), vec![trail(selectors)]);
    assert_eq!(verdict(&template, Mode::Any, &[], &[]), Some(Verdict::Compliant));
}

#[test]
fn one_of_two_trails_is_always_made() {
    let trail = trail(Choice::Is(vec![Choice::Is(Advanced { fields: Vec::new() })]));
    let trails =
        vec![Trail { condition: Some(0), ..trail.clone() }, Trail { condition: Some(1), ..trail }];
    let mut template = template(vec![parameter(&[])], Vec::new(), trails);
    template.conditions.push(Condition::Not(Box::new(Condition::Named(0))));
    for mode in Mode::ALL {
        assert_eq!(verdict(&template, mode, &[], &[]), Some(Verdict::Compliant));
    }
    template.trails.pop();
    assert_eq!(verdict(&template, Mode::Any, &[], &[]), Some(Verdict::Indeterminate));
}

#[test]
fn a_parameter_has_one_of_its_allowed_values() {
    let basic = Basic {
        read_write: Some(Choice::Is(Text::Parameter(0))),
        values: Choice::Is(Values::Items(vec![Choice::Is(known("arn:aws:s3"))])),
    };
    let mut trail = trail(Choice::Is(Vec::new()));
    trail.advanced = None;
    trail.basic = Some(Choice::Is(vec![Choice::Is(basic)]));
    for (allowed, expected) in [
        (&["All", "WriteOnly"][..], Verdict::Compliant),
        (&["All", "ReadOnly"], Verdict::Indeterminate),
        (&["ReadOnly"], Verdict::NonCompliant),
    ] {
        let template = template(vec![parameter(allowed)], Vec::new(), vec![trail.clone()]);
        assert_eq!(verdict(&template, Mode::Any, &[], &[]), Some(expected));
    }
}

#[test]
fn nothing_deploys_where_a_bucket_that_is_not_made_is_named() {
    let selectors = Choice::Is(vec![selector("NotStartsWith", objects_of(0))]);
    let bucket = Bucket { name: None, condition: Some(0) };
    let template = template(vec![parameter(&["false"])], vec![bucket], vec![trail(selectors)]);
    assert_eq!(verdict(&template, Mode::Any, &[], &[]), None);
}
