//! Random selectors, in AWS's JSON.

use cis_rules::RecordField;
use cis_rules::field::Values;
use cis_rules::selector::{Field, LEFT_OPEN, Operator};
use serde_json::{Map, Value, json};

use crate::chance::Chance;
use crate::texts::{Palette, conditional_fields, long, near};

/// One condition on one field.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    field: RecordField,
    operator: Operator,
    values: Vec<String>,
}

/// The operator that takes what another one leaves.
const fn negated(operator: Operator) -> Operator {
    match operator {
        Operator::Equals => Operator::NotEquals,
        Operator::StartsWith => Operator::NotStartsWith,
        Operator::EndsWith => Operator::NotEndsWith,
        Operator::NotEquals => Operator::Equals,
        Operator::NotStartsWith => Operator::StartsWith,
        Operator::NotEndsWith => Operator::EndsWith,
    }
}

/// Makes the selectors of one account.
#[derive(Debug)]
pub(crate) struct Maker {
    palette: Palette,
    partition: String,
}

impl Maker {
    pub(crate) fn new(chance: &mut impl Chance, partition: &str) -> Self {
        Self { palette: Palette::new(chance, partition), partition: partition.to_owned() }
    }

    /// ARNs and names most often: they are what people filter by.
    fn field(chance: &mut impl Chance) -> RecordField {
        match chance.below(8) {
            0..=2 => RecordField::ResourcesArn,
            3 | 4 => RecordField::EventName,
            _ => *chance.pick(&conditional_fields().collect::<Vec<_>>()),
        }
    }

    pub(crate) fn condition(&self, chance: &mut impl Chance) -> Condition {
        if chance.once_in(40) {
            let (text, is_end) = long(chance, &self.partition);
            let operators = if is_end {
                &[Operator::EndsWith, Operator::NotEndsWith][..]
            } else {
                &[
                    Operator::StartsWith,
                    Operator::NotStartsWith,
                    Operator::Equals,
                    Operator::NotEquals,
                ]
            };
            let operator = *chance.pick(operators);
            return Condition { field: RecordField::ResourcesArn, operator, values: vec![text] };
        }
        let field = Self::field(chance);
        let texts = self.palette.of(field);
        match field.facts().values {
            // The one value, but for a few.
            Values::Only(_) => {
                let value = if chance.once_in(6) { chance.pick(texts) } else { &texts[0] };
                let operator = *chance.pick(&[Operator::Equals, Operator::NotEquals]);
                Condition { field, operator, values: vec![value.clone()] }
            }
            Values::OfKind => {
                let values = vec![chance.pick(texts).clone()];
                Condition { field, operator: Operator::Equals, values }
            }
            Values::Any | Values::ObjectArns => {
                let count = 1 + chance.below(3) * chance.below(2);
                let values = (0..count).map(|_| chance.pick(texts).clone()).collect();
                Condition { field, operator: *chance.pick(&Operator::ALL), values }
            }
        }
    }

    /// Selectors that together take everything, split by random conditions: each side of a split has
    /// the condition or its negation.
    pub(crate) fn partition(
        &self,
        chance: &mut impl Chance,
        path: &[Condition],
        depth: usize,
        leaves: &mut Vec<Vec<Condition>>,
    ) {
        if depth == 0 || chance.once_in(4) {
            leaves.push(path.to_vec());
            return;
        }
        let split = self.condition(chance);
        let other = Condition { operator: negated(split.operator), ..split.clone() };
        for side in [split, other] {
            // A field may stand in one field selector only, so a second condition on it may end the
            // path.
            let fits =
                path.iter().all(|earlier| earlier.field != side.field || fit(earlier, &side));
            if fits {
                self.partition(chance, &[path, &[side]].concat(), depth - 1, leaves);
            } else {
                leaves.push(path.to_vec());
            }
        }
    }

    /// Changes one thing about a condition.
    pub(crate) fn change(&self, chance: &mut impl Chance, condition: &mut Condition) {
        if !matches!(condition.field.facts().values, Values::Any | Values::ObjectArns) {
            return;
        }
        let texts = self.palette.of(condition.field);
        let at = chance.below(condition.values.len());
        match chance.below(6) {
            0 => condition.values[at] = chance.pick(texts).clone(),
            1 => condition.values.push(chance.pick(texts).clone()),
            2 | 3 => condition.values[at] = near(chance, &condition.values[at]),
            4 => condition.operator = *chance.pick(&Operator::ALL),
            _ if condition.values.len() > 1 => {
                condition.values.remove(at);
            }
            _ => {}
        }
    }

    /// A selector in AWS's JSON, sometimes with something in it that AWS does not document.
    pub(crate) fn advanced(
        &self,
        chance: &mut impl Chance,
        conditions: &[Condition],
        odd: bool,
    ) -> Value {
        let mut fields = vec![
            json!({"Field": "eventCategory", "Equals": ["Data"]}),
            json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
        ];
        let mut by_field: Vec<(RecordField, Map<String, Value>)> = Vec::new();
        for condition in conditions {
            let repeat = odd && chance.once_in(6);
            let at = by_field
                .iter()
                .position(|(field, _)| *field == condition.field)
                .filter(|_| !repeat)
                .unwrap_or_else(|| {
                    by_field.push((condition.field, Map::new()));
                    by_field.len() - 1
                });
            let values =
                by_field[at].1.entry(condition.operator.name()).or_insert_with(|| json!([]));
            values.as_array_mut().unwrap().extend(condition.values.iter().map(|text| json!(text)));
        }
        for (field, mut members) in by_field {
            members.insert("Field".into(), json!(field.name()));
            fields.push(Value::Object(members));
        }
        let mut selector = json!({"Name": "random", "FieldSelectors": fields});
        if odd {
            make_odd(chance, &mut selector);
        }
        selector
    }

    /// A value of a basic selector: the start of ARNs, or nearly.
    fn basic_value(&self, chance: &mut impl Chance) -> String {
        let service = format!("arn:{}:s3", self.partition);
        let fixed = [
            service.clone(),
            format!("{service}:::"),
            format!("{service}:::acme-logs/"),
            format!("{service}:::acme-logs/in*x"),
            format!("{service}:::acme*/in*"),
            format!("{service}:::*/*"),
            format!("{service}:"),
            format!("{service}::"),
            "arn:aws-cn:s3".to_owned(),
            format!("arn:{}:lambda", self.partition),
        ];
        let arns = self.palette.of(RecordField::ResourcesArn);
        let base = if chance.once_in(2) { chance.pick(arns) } else { chance.pick(&fixed) };
        if chance.once_in(8) { near(chance, base) } else { base.clone() }
    }

    /// A basic selector, whose values are starts of ARNs or nearly.
    pub(crate) fn basic(&self, chance: &mut impl Chance) -> Value {
        let count = chance.below(3);
        let values: Vec<String> = (0..=count).map(|_| self.basic_value(chance)).collect();
        let kind = *chance.pick(&["All", "All", "ReadOnly", "WriteOnly", "Sometimes", LEFT_OPEN]);
        let of_type = if chance.once_in(8) { "AWS::Lambda::Function" } else { "AWS::S3::Object" };
        let mut selector = json!({"ReadWriteType": kind, "IncludeManagementEvents": true,
            "DataResources": [{"Type": of_type, "Values": values}]});
        match chance.below(24) {
            0 => selector["Sampling"] = json!(0.5),
            1 => selector["DataResources"][0]["Until"] = json!("2027"),
            2 => selector["ReadWriteType"] = Value::Null,
            3 => selector["DataResources"] = Value::Null,
            _ => {}
        }
        selector
    }
}

/// Whether two conditions on one field can stand in one field selector with the meaning "and".
fn fit(a: &Condition, b: &Condition) -> bool {
    a.operator != b.operator && !(a.operator.is_positive() && b.operator.is_positive())
}

/// Puts something into a selector that AWS does not document.
fn make_odd(chance: &mut impl Chance, selector: &mut Value) {
    let fields = selector["FieldSelectors"].as_array_mut().unwrap();
    let at = chance.below(fields.len());
    // Fields of records that no selector may name, and one of no record.
    let unknown: Vec<&str> = RecordField::all()
        .filter(|field| !field.facts().is_selectable)
        .map(RecordField::name)
        .chain(["vpcEndpointId", "eventname"])
        .collect();
    match chance.below(16) {
        0 => fields.push(json!({"Field": *chance.pick(&unknown), "Equals": ["vpce-1"]})),
        1 => fields[at]["Contains"] = json!(["x"]),
        2 => fields[at]["NotEndsWith"] = json!([]),
        3 => {
            let known: Vec<RecordField> = Field::known().collect();
            fields.push(json!({"Field": chance.pick(&known).name()}));
        }
        4 => {
            fields.remove(at);
        }
        5 => {
            let twice = fields[at].clone();
            fields.push(twice);
        }
        6 => fields[0]["Equals"] = json!(["Data", "Management"]),
        7 => fields[1]["Equals"] = json!(["AWS::S3::Object", "AWS::Lambda::Function"]),
        8 => fields[1] = json!({"Field": "resources.type", "StartsWith": ["AWS::S3"]}),
        9 => fields[0] = json!({"Field": "eventCategory", "Equals": ["Management"]}),
        10 => selector["Priority"] = json!(1),
        11 => fields[1]["Equals"] = json!(["AWS::S3::object"]),
        12 => fields[at][LEFT_OPEN] = json!([]),
        13 => fields[at]["NotStartsWith"] = Value::Null,
        14 => selector["FieldSelectors"] = Value::Null,
        _ => fields.push(json!({"Field": "readOnly", "NotEquals": ["true"]})),
    }
}
