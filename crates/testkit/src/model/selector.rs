//! What one selector does with one record.

use serde_json::Value;

use super::{Bounds, Record};

/// An entry of `EventSelectors` or `AdvancedEventSelectors`.
#[derive(Debug)]
pub(super) enum Selector {
    Basic(Basic),
    Advanced(Advanced),
}

/// A basic selector.
#[derive(Debug)]
pub(super) struct Basic {
    read_write: String,
    resources: Vec<DataResource>,
    has_more: bool,
}

#[derive(Debug)]
struct DataResource {
    of_type: String,
    values: Vec<String>,
    has_more: bool,
}

/// An advanced selector.
#[derive(Debug)]
pub(super) struct Advanced {
    fields: Vec<FieldSelector>,
    has_more: bool,
}

#[derive(Debug)]
struct FieldSelector {
    field: String,
    /// Operators with their values; one that is not known has none that matter.
    operators: Vec<(String, Vec<String>)>,
}

/// The fields that a selector of data events on a trail may name.
pub const SELECTABLE: [&str; 9] = [
    "eventCategory",
    "resources.type",
    "readOnly",
    "eventName",
    "eventSource",
    "eventType",
    "resources.ARN",
    "userIdentity.arn",
    "sessionCredentialFromConsole",
];

const POSITIVE: [&str; 3] = ["Equals", "StartsWith", "EndsWith"];
const NEGATIVE: [&str; 3] = ["NotEquals", "NotStartsWith", "NotEndsWith"];

pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

pub(super) fn texts(value: &Value) -> Vec<String> {
    list(value).filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Whether an object has a member that is none of these.
fn has_more(object: &Value, known: &[&str]) -> bool {
    object.as_object().into_iter().flatten().any(|(name, _)| !known.contains(&name.as_str()))
}

impl Selector {
    /// The selectors in a response of GetEventSelectors.
    pub(super) fn all(response: &Value) -> Vec<Self> {
        let basic = list(&response["EventSelectors"]).map(Basic::new).map(Self::Basic);
        let advanced =
            list(&response["AdvancedEventSelectors"]).map(Advanced::new).map(Self::Advanced);
        basic.chain(advanced).collect()
    }

    pub(super) fn takes(&self, record: &Record, partition: &str) -> Bounds {
        match self {
            Self::Basic(basic) => basic.takes(record, partition),
            Self::Advanced(advanced) => advanced.takes(record),
        }
    }
}

impl Basic {
    fn new(selector: &Value) -> Self {
        let resource = |resource: &Value| DataResource {
            of_type: resource["Type"].as_str().unwrap_or_default().to_owned(),
            values: texts(&resource["Values"]),
            has_more: has_more(resource, &["Type", "Values"]),
        };
        let known = [
            "ReadWriteType",
            "DataResources",
            "IncludeManagementEvents",
            "ExcludeManagementEventSources",
        ];
        Self {
            read_write: selector["ReadWriteType"].as_str().unwrap_or("All").to_owned(),
            resources: list(&selector["DataResources"]).map(resource).collect(),
            has_more: has_more(selector, &known),
        }
    }

    fn takes(&self, record: &Record, partition: &str) -> Bounds {
        let read_only = record.get("readOnly");
        let of_kind = match self.read_write.as_str() {
            "All" => Bounds::LOGGED,
            "ReadOnly" => Bounds::known(read_only == Some("true")),
            "WriteOnly" => Bounds::known(read_only == Some("false")),
            _ => Bounds::OPEN,
        };
        let arn = record.get("resources.ARN").unwrap_or_default();
        let mut of_objects = Bounds::LOST;
        for resource in &self.resources {
            if resource.of_type != "AWS::S3::Object" {
                continue;
            }
            for value in &resource.values {
                let taken = value_takes(value, arn, partition).doubted(resource.has_more);
                of_objects = of_objects.or(taken);
            }
        }
        of_kind.and(of_objects).doubted(self.has_more)
    }
}

/// What a value of a data resource does with an ARN: the table of basic selectors, row by row.
fn value_takes(value: &str, arn: &str, partition: &str) -> Bounds {
    let service = format!("arn:{partition}:s3");
    if value == service || value == format!("{service}:::") {
        return Bounds::LOGGED;
    }
    if value == format!("{service}:") || value == format!("{service}::") {
        return Bounds::OPEN;
    }
    let Some(object) = value.strip_prefix(&format!("{service}:::")) else { return Bounds::LOST };
    let may_start_with = |start: &str| Bounds { must: false, may: arn.starts_with(start) };
    match (object.find('*'), object.find('/')) {
        (None, Some(_)) => Bounds::known(arn.starts_with(value)),
        (Some(star), Some(slash)) if slash < star => {
            may_start_with(&format!("{service}:::{}", &object[..star]))
        }
        (Some(_), _) => Bounds::LOST,
        (None, None) => may_start_with(value),
    }
}

impl Advanced {
    fn new(selector: &Value) -> Self {
        let field = |field: &Value| {
            let members = field.as_object().into_iter().flatten();
            let operators = members.filter(|(name, values)| {
                let is_known = is_known_operator(name);
                // A member that is null is one that is not there.
                *name != "Field" && !(is_known && values.is_null())
            });
            FieldSelector {
                field: field["Field"].as_str().unwrap_or_default().to_owned(),
                operators: operators.map(|(name, values)| (name.clone(), texts(values))).collect(),
            }
        };
        Self {
            fields: list(&selector["FieldSelectors"]).map(field).collect(),
            has_more: has_more(selector, &["Name", "FieldSelectors"]),
        }
    }

    fn takes(&self, record: &Record) -> Bounds {
        let mut taken = Bounds::LOGGED.doubted(self.has_more);
        for required in ["eventCategory", "resources.type"] {
            if !self.is_exactly_one_value(required) {
                taken = taken.and(Bounds::OPEN);
            }
        }
        for field in &self.fields {
            taken = taken.and(self.on_field(&field.field, record));
        }
        taken
    }

    /// Whether a field is given once, by one value of `Equals` and nothing else.
    fn is_exactly_one_value(&self, name: &str) -> bool {
        let mut given = self.fields.iter().filter(|field| field.field == name);
        let (Some(only), None) = (given.next(), given.next()) else { return false };
        let [(operator, values)] = only.operators.as_slice() else { return false };
        operator == "Equals" && values.len() == 1
    }

    /// All field selectors on one field: surely what each of them takes, perhaps what any does.
    fn on_field(&self, name: &str, record: &Record) -> Bounds {
        if !SELECTABLE.contains(&name) {
            return Bounds::OPEN;
        }
        let on = self.fields.iter().filter(|field| field.field == name);
        let (mut must, mut may) = (true, false);
        for field in on {
            let taken = field.takes(record);
            must &= taken.must;
            may |= taken.may;
        }
        Bounds { must, may }
    }
}

fn is_known_operator(name: &str) -> bool {
    POSITIVE.contains(&name) || NEGATIVE.contains(&name)
}

impl FieldSelector {
    fn takes(&self, record: &Record) -> Bounds {
        let is_odd =
            |(name, values): &(String, Vec<String>)| !is_known_operator(name) || values.is_empty();
        if self.operators.is_empty() || self.operators.iter().any(is_odd) {
            return Bounds::OPEN;
        }
        let of_absent = self.takes_absent();
        match record.get(&self.field) {
            None => of_absent,
            Some(text) => {
                let is_taken = self.takes_text(text);
                let is_prefix = self.field == "resources.ARN" && record.is_arn_prefix();
                // An ARNPrefix may count as an ARN, or as a field that is not there.
                let is_open = is_prefix && record.has_open_prefix();
                Bounds { must: is_taken && !is_open, may: is_taken || (is_prefix && of_absent.may) }
            }
        }
    }

    fn takes_absent(&self) -> Bounds {
        if self.operators.iter().any(|(name, _)| POSITIVE.contains(&name.as_str())) {
            return Bounds::LOST;
        }
        // It is written only where it is true, so that a record without it is not true.
        Bounds::LOGGED.doubted(self.field != "sessionCredentialFromConsole")
    }

    fn takes_text(&self, text: &str) -> bool {
        let any = |names: [&str; 3]| {
            self.operators
                .iter()
                .filter(|(name, _)| names.contains(&name.as_str()))
                .any(|(name, values)| values.iter().any(|value| meets(name, text, value)))
        };
        let has_positive = self.operators.iter().any(|(name, _)| POSITIVE.contains(&name.as_str()));
        (any(POSITIVE) || !has_positive) && !any(NEGATIVE)
    }
}

/// Whether a text is equal to a value, starts with it or ends with it, negation left aside.
pub(crate) fn meets(operator: &str, text: &str, value: &str) -> bool {
    match operator.trim_start_matches("Not") {
        "Equals" => text == value,
        "StartsWith" => text.starts_with(value),
        "EndsWith" => text.ends_with(value),
        _ => false,
    }
}
