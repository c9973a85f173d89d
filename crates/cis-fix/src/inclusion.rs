//! Whether everything that a set of selectors takes is in another set: of every category and every
//! type of resource, management events included.
//!
//! Each selector is written as conjunctions over fields. A conjunction lies inside another where each
//! field's condition implies the other's. That is sound, and enough for what the planner does: it
//! adds, widens, or writes the same in the other form.

use std::collections::BTreeMap;

use cis_rules::RecordField;
use cis_rules::matching::ObjectValue;
use cis_rules::selector::{
    AdvancedSelector, Condition, DataResource, Field, FieldSelector, Operator, ReadWriteType,
};

use crate::json::Members;
use crate::selectors::{Basic, S3_OBJECT, SelectorSet, advanced, basic, equals};

/// A conjunction of conditions on fields.
#[derive(Clone, Debug, PartialEq)]
struct Conjunction {
    /// What it takes, in words.
    words: String,
    /// The field selectors on each field.
    fields: BTreeMap<String, Vec<FieldSelector>>,
    /// Members that may narrow it in a way that is not known.
    unknown: Vec<String>,
}

/// What a set takes that another may not take, in words; empty where all of it is taken.
pub(crate) fn lost(before: &SelectorSet, after: &SelectorSet, partition: &str) -> Vec<String> {
    let is_same_form = before.member() == after.member();
    let mut kept: Vec<Conjunction> = Vec::new();
    for selector in after.selectors() {
        match conjunctions(after, selector, partition) {
            Some(conjunctions) => kept.extend(conjunctions),
            None => return vec![format!("what {} takes, which is not known", selector.text())],
        }
    }
    let mut lost = Vec::new();
    for selector in before.selectors() {
        if is_same_form && after.selectors().contains(selector) {
            continue;
        }
        match conjunctions(before, selector, partition) {
            None => lost.push(format!("what {} takes, which is not known", selector.text())),
            Some(all) => {
                for one in all {
                    if !kept.iter().any(|other| one.is_inside(other)) {
                        lost.push(one.words);
                    }
                }
            }
        }
    }
    lost
}

/// What one selector takes.
fn conjunctions(
    set: &SelectorSet,
    selector: &Members,
    partition: &str,
) -> Option<Vec<Conjunction>> {
    match set {
        SelectorSet::Basic(_) => basic(selector).map(|basic| of_basic(&basic, partition)),
        SelectorSet::Advanced(_) => {
            let read = advanced(selector)?;
            Some(if takes_nothing(&read) { Vec::new() } else { vec![of_advanced(&read)] })
        }
    }
}

/// Whether a selector names a category or a type that there is only in another spelling: comparison
/// is exact, so no record has it.
fn takes_nothing(selector: &AdvancedSelector) -> bool {
    let misspells = |field: RecordField, known: &[&str]| {
        let value = crate::selectors::only_value(selector, field);
        value.is_some_and(|value| {
            known.iter().any(|known| value != *known && value.eq_ignore_ascii_case(known))
        })
    };
    misspells(RecordField::EventCategory, &["Data", "Management", "NetworkActivity"])
        || misspells(RecordField::ResourcesType, &crate::selectors::BASIC_TYPES)
}

fn of_advanced(selector: &AdvancedSelector) -> Conjunction {
    let mut fields: BTreeMap<String, Vec<FieldSelector>> = BTreeMap::new();
    for field in &selector.field_selectors {
        fields.entry(field.field.name().to_owned()).or_default().push(field.clone());
    }
    let words = match &selector.name {
        Some(name) if !name.is_empty() => format!("events of the selector `{name}`"),
        _ => format!(
            "events of the selector on {}",
            fields.keys().cloned().collect::<Vec<_>>().join(", ")
        ),
    };
    Conjunction { words, fields, unknown: selector.unknown_members.clone() }
}

fn of_basic(selector: &Basic, partition: &str) -> Vec<Conjunction> {
    let unknown = &selector.data.unknown_members;
    let mut all = Vec::new();
    if selector.management {
        let mut fields = vec![equals(RecordField::EventCategory, &["Management"])];
        fields.extend(read_only(&selector.data.read_write));
        if !selector.excluded.is_empty() {
            fields.push(FieldSelector {
                field: Field::Known(RecordField::EventSource),
                conditions: vec![Condition {
                    operator: Operator::NotEquals,
                    values: selector.excluded.clone(),
                }],
                unknown_operators: Vec::new(),
            });
        }
        all.push(Conjunction::new("management events".to_owned(), fields, unknown.clone()));
    }
    for resource in &selector.data.data_resources {
        let kind = resource.resource_type.as_deref().unwrap_or_default();
        for value in &resource.values {
            let Some(arn) = arn_condition(resource, value, partition) else { continue };
            let mut fields = vec![
                equals(RecordField::EventCategory, &["Data"]),
                equals(RecordField::ResourcesType, &[kind]),
            ];
            fields.extend(read_only(&selector.data.read_write));
            fields.extend(arn);
            let mut unknown = unknown.clone();
            unknown.extend(resource.unknown_members.iter().cloned());
            let words = format!("data events of {kind} with the value `{value}`");
            all.push(Conjunction::new(words, fields, unknown));
        }
    }
    all
}

fn read_only(read_write: &ReadWriteType) -> Option<FieldSelector> {
    match read_write {
        ReadWriteType::ReadOnly => Some(equals(RecordField::ReadOnly, &["true"])),
        ReadWriteType::WriteOnly => Some(equals(RecordField::ReadOnly, &["false"])),
        // What the unknown value takes is at most everything.
        ReadWriteType::All | ReadWriteType::Unknown(_) => None,
    }
}

/// The condition on the ARN that a value of a data resource is, `Some(None)` where it takes every
/// ARN; `None` where it takes nothing.
fn arn_condition(
    resource: &DataResource,
    value: &str,
    partition: &str,
) -> Option<Option<FieldSelector>> {
    let on_arn = |operator: Operator, value: &str| FieldSelector {
        field: Field::Known(RecordField::ResourcesArn),
        conditions: vec![Condition { operator, values: vec![value.to_owned()] }],
        unknown_operators: Vec::new(),
    };
    let kind = resource.resource_type.as_deref().unwrap_or_default();
    if kind == S3_OBJECT {
        let (start, _) = ObjectValue::of(value, partition).start()?;
        return Some((!start.is_empty()).then(|| on_arn(Operator::StartsWith, start)));
    }
    if crate::selectors::BASIC_TYPES.iter().any(|known| known.eq_ignore_ascii_case(kind))
        && !crate::selectors::BASIC_TYPES.contains(&kind)
    {
        // Types are compared exactly.
        return None;
    }
    let is_service = value.split(':').count() <= 3;
    Some((!is_service).then(|| on_arn(Operator::Equals, value)))
}

impl Conjunction {
    fn new(words: String, fields: Vec<FieldSelector>, unknown: Vec<String>) -> Self {
        let fields =
            fields.into_iter().map(|field| (field.field.name().to_owned(), vec![field])).collect();
        Self { words, fields, unknown }
    }

    /// Whether every record that this one may take is surely taken by the other, undocumented
    /// behaviour being the same for both.
    fn is_inside(&self, other: &Self) -> bool {
        if self.fields == other.fields && self.unknown == other.unknown {
            return true;
        }
        other.unknown.is_empty()
            && other.fields.iter().all(|(field, theirs)| {
                let ours = self.fields.get(field).map(Vec::as_slice).unwrap_or_default();
                ours == theirs.as_slice()
                    || match ours {
                        [only] => {
                            only.is_well_formed() && theirs.iter().all(|it| implies(only, it))
                        }
                        _ => false,
                    }
            })
    }
}

/// Whether what one field selector takes, another takes.
fn implies(ours: &FieldSelector, theirs: &FieldSelector) -> bool {
    if !theirs.is_well_formed() {
        return false;
    }
    let pairs = |selector: &FieldSelector, positive: bool| -> Vec<(Operator, String)> {
        let conditions = selector.conditions.iter();
        conditions
            .filter(|condition| condition.operator.is_positive() == positive)
            .flat_map(|it| it.values.iter().map(|value| (it.operator, value.clone())))
            .collect()
    };
    let (positive, negative) = (pairs(ours, true), pairs(ours, false));
    let selects = pairs(theirs, true);
    let is_selected = selects.is_empty()
        || !positive.is_empty()
            && positive.iter().all(|one| selects.iter().any(|other| is_within(one, other)));
    let is_let_through = pairs(theirs, false).iter().all(|excluded| {
        negative.iter().any(|ours| is_within(excluded, ours))
            || !positive.is_empty() && positive.iter().all(|one| is_apart(one, excluded))
    });
    is_selected && is_let_through
}

/// The comparison that an operator makes, negation left aside.
const fn comparison(operator: Operator) -> Operator {
    match operator {
        Operator::Equals | Operator::NotEquals => Operator::Equals,
        Operator::StartsWith | Operator::NotStartsWith => Operator::StartsWith,
        Operator::EndsWith | Operator::NotEndsWith => Operator::EndsWith,
    }
}

/// Whether all texts that compare in one way compare in the other.
fn is_within(one: &(Operator, String), other: &(Operator, String)) -> bool {
    let (operator, value) = one;
    let (wider, pattern) = other;
    match comparison(*operator) {
        Operator::Equals => wider.compares(value, pattern),
        same if same == comparison(*wider) => wider.compares(value, pattern),
        _ => false,
    }
}

/// Whether no text compares in both ways.
fn is_apart(one: &(Operator, String), other: &(Operator, String)) -> bool {
    let ((operator, value), (excluding, pattern)) = (one, other);
    match (comparison(*operator), comparison(*excluding)) {
        (Operator::Equals, _) => !excluding.compares(value, pattern),
        (_, Operator::Equals) => !operator.compares(pattern, value),
        (Operator::StartsWith, Operator::StartsWith) => {
            !value.starts_with(pattern.as_str()) && !pattern.starts_with(value.as_str())
        }
        (Operator::EndsWith, Operator::EndsWith) => {
            !value.ends_with(pattern.as_str()) && !pattern.ends_with(value.as_str())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> SelectorSet {
        let members: Vec<Members> = serde_json::from_str(text).unwrap();
        if text.contains("FieldSelectors") {
            SelectorSet::Advanced(members)
        } else {
            SelectorSet::Basic(members)
        }
    }

    fn is_kept(before: &str, after: &str) -> bool {
        lost(&set(before), &set(after), "aws").is_empty()
    }

    const MANAGEMENT: &str =
        r#"{"FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]}"#;

    #[test]
    fn a_set_that_grows_keeps_everything() {
        let before =
            r#"[{"ReadWriteType":"All","IncludeManagementEvents":true,"DataResources":[]}]"#;
        let after = r#"[{"ReadWriteType":"All","IncludeManagementEvents":true,"DataResources":[{"Type":"AWS::S3::Object","Values":["arn:aws:s3"]}]}]"#;
        assert!(is_kept(before, after));
        assert!(!is_kept(after, before));
    }

    #[test]
    fn a_write_only_selector_in_place_of_the_default_loses_management_reads() {
        let before = r#"[{"ReadWriteType":"All","IncludeManagementEvents":true}]"#;
        let after = r#"[{"ReadWriteType":"WriteOnly","DataResources":[{"Type":"AWS::S3::Object","Values":["arn:aws:s3"]}]}]"#;
        assert_eq!(lost(&set(before), &set(after), "aws"), ["management events"]);
    }

    #[test]
    fn the_other_form_keeps_what_it_spells_out() {
        let basic = r#"[{"ReadWriteType":"WriteOnly","ExcludeManagementEventSources":["kms.amazonaws.com"],"DataResources":[{"Type":"AWS::Lambda::Function","Values":["arn:aws:lambda"]},{"Type":"AWS::S3::Object","Values":["arn:aws:s3:::a/b"]}]}]"#;
        let management = r#"{"FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]},{"Field":"readOnly","Equals":["false"]},{"Field":"eventSource","NotEquals":["kms.amazonaws.com"]}]}"#;
        let lambda = r#"{"FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},{"Field":"resources.type","Equals":["AWS::Lambda::Function"]},{"Field":"readOnly","Equals":["false"]}]}"#;
        let objects = r#"{"FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},{"Field":"resources.type","Equals":["AWS::S3::Object"]}]}"#;
        assert!(is_kept(basic, &format!("[{management},{lambda},{objects}]")));
        assert!(is_kept(basic, &format!("[{MANAGEMENT},{lambda},{objects}]")));
        assert!(!is_kept(basic, &format!("[{management},{objects}]")));
        let without_rds = management.replace("kms", "rdsdata");
        assert!(!is_kept(basic, &format!("[{without_rds},{lambda},{objects}]")));
    }

    #[test]
    fn conditions_are_compared_by_what_they_take() {
        let object = |condition: &str| {
            format!(
                r#"[{{"FieldSelectors":[{{"Field":"eventCategory","Equals":["Data"]}},{{"Field":"resources.type","Equals":["AWS::S3::Object"]}},{{"Field":"resources.ARN",{condition}}}]}}]"#
            )
        };
        for (narrow, wide) in [
            (r#""StartsWith":["ab"]"#, r#""StartsWith":["a","x"]"#),
            (r#""Equals":["ab"]"#, r#""EndsWith":["b"]"#),
            (r#""NotStartsWith":["a"]"#, r#""NotStartsWith":["ab"]"#),
            (r#""NotStartsWith":["a"]"#, r#""NotEquals":["ab"]"#),
            (r#""StartsWith":["x"]"#, r#""NotStartsWith":["ab"]"#),
            (r#""NotStartsWith":["a"],"NotEquals":["c"]"#, r#""NotStartsWith":["a"]"#),
        ] {
            assert!(is_kept(&object(narrow), &object(wide)), "{narrow} {wide}");
            assert!(!is_kept(&object(wide), &object(narrow)), "{wide} {narrow}");
        }
        for odd in [r#""Equals":[]"#, r#""Like":["a"]"#] {
            assert!(is_kept(&object(odd), &object(odd)), "{odd}");
            assert!(!is_kept(&object(r#""Equals":["a"]"#), &object(odd)), "{odd}");
        }
    }
}
