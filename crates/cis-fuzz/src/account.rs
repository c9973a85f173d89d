//! Small accounts made of fuzzing bytes, in AWS's JSON.

use std::collections::BTreeMap;

use arbitrary::{Result, Unstructured};
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::snapshot::Snapshot;
use serde_json::{Map, Value, json};

use crate::text::text;

const FIELDS: [&str; 8] = [
    "resources.ARN",
    "eventName",
    "eventSource",
    "eventType",
    "userIdentity.arn",
    "sessionCredentialFromConsole",
    "readOnly",
    "vpcEndpointId",
];

const OPERATORS: [&str; 7] =
    ["Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith", "Contains"];

/// An account, its texts by field, and a question about it.
pub(crate) struct Asked {
    pub(crate) json: Value,
    pub(crate) snapshot: Snapshot,
    pub(crate) texts: BTreeMap<&'static str, Vec<String>>,
    pub(crate) question: Question,
}

impl Asked {
    /// The account and the question that the bytes stand for.
    pub(crate) fn new(u: &mut Unstructured<'_>) -> Result<Self> {
        let mut texts = BTreeMap::new();
        let count = u.int_in_range(0..=3)?;
        let mut trails = Vec::new();
        for number in 0..count {
            trails.push(trail(u, number, &mut texts)?);
        }
        let json = json!({
            "schemaVersion": 1, "accountId": "111122223333", "partition": "aws", "trails": trails,
        });
        let snapshot = Snapshot::from_json(&json.to_string());
        assert!(snapshot.is_ok(), "{snapshot:?}: {json}");
        let mut allow_unlogged = Vec::new();
        for name in ["aab", "abab", "a-b"] {
            if u.ratio(1, 8)? {
                allow_unlogged.extend(name.parse());
            }
        }
        let kind = *u.choose(&Kind::ALL)?;
        let question = Question { allow_unlogged, ..Question::new(kind, Mode::Any) };
        match snapshot {
            Ok(snapshot) => Ok(Self { json, snapshot, texts, question }),
            Err(_) => Err(arbitrary::Error::IncorrectFormat),
        }
    }

    /// The texts that the account compares a field with.
    pub(crate) fn texts(&self, field: &str) -> &[String] {
        self.texts.get(field).map_or(&[], Vec::as_slice)
    }
}

type Texts = BTreeMap<&'static str, Vec<String>>;

fn trail(u: &mut Unstructured<'_>, number: usize, texts: &mut Texts) -> Result<Value> {
    let owner = if u.ratio(1, 16)? { "999988887777" } else { "111122223333" };
    let mut trail = json!({
        "TrailARN": format!("arn:aws:cloudtrail:us-east-1:{owner}:trail/t{number}"),
        "IsMultiRegionTrail": true, "IsOrganizationTrail": u.ratio(1, 16)?, "S3BucketName": "aab",
    });
    let mut status = json!({"IsLogging": true});
    match u.int_in_range(0..=15)? {
        0 => trail["RecursiveLogging"] = json!(false),
        1 => {
            trail["RecursiveLogging"] = json!(false);
            trail["S3BucketName"] = Value::Null;
        }
        2 => trail["IsMultiRegionTrail"] = Value::Null,
        3 => status["IsLogging"] = json!(false),
        4 => status = Value::Null,
        5 => trail["HasCustomEventSelectors"] = json!(false),
        _ => {}
    }
    let mut selectors = Vec::new();
    let is_basic = u.ratio(1, 6)?;
    for _ in 0..u.int_in_range(0..=4)? {
        selectors.push(if is_basic { basic(u, texts)? } else { advanced(u, texts)? });
    }
    let name = if is_basic { "EventSelectors" } else { "AdvancedEventSelectors" };
    let selectors = if u.ratio(1, 24)? { Value::Null } else { json!({name: selectors}) };
    Ok(json!({"trail": trail, "status": status, "eventSelectors": selectors}))
}

fn values(u: &mut Unstructured<'_>, field: &'static str, texts: &mut Texts) -> Result<Vec<String>> {
    let known = texts.entry(field).or_default();
    let mut values = Vec::new();
    for _ in 0..u.int_in_range(0..=3)? {
        // A text that is compared already, so that selectors meet.
        let again = !known.is_empty() && u.arbitrary()?;
        let value = if again { u.choose(known)?.clone() } else { text(u, field)? };
        if !known.contains(&value) {
            known.push(value.clone());
        }
        values.push(value);
    }
    Ok(values)
}

fn basic(u: &mut Unstructured<'_>, texts: &mut Texts) -> Result<Value> {
    let kind = *u.choose(&["All", "ReadOnly", "WriteOnly", "Sometimes"])?;
    let mut values = values(u, "resources.ARN", texts)?;
    if u.ratio(1, 3)? {
        values.push((*u.choose(&["arn:aws:s3", "arn:aws:s3:::", "arn:aws:s3:::aab/"])?).into());
    }
    Ok(json!({
        "ReadWriteType": kind,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": values}],
    }))
}

fn advanced(u: &mut Unstructured<'_>, texts: &mut Texts) -> Result<Value> {
    let mut fields = vec![
        json!({"Field": "eventCategory", "Equals": ["Data"]}),
        json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
    ];
    if u.ratio(1, 16)? {
        fields.remove(u.int_in_range(0..=1)?);
    }
    for _ in 0..u.int_in_range(0..=3)? {
        let field = *u.choose(&FIELDS)?;
        let mut selector = Map::new();
        selector.insert("Field".into(), json!(field));
        for _ in 0..u.int_in_range(0..=2)? {
            // The last one is not an operator that AWS has.
            let known = if u.ratio(1, 16)? { OPERATORS.len() } else { OPERATORS.len() - 1 };
            let operator = OPERATORS[u.choose_index(known)?];
            let values = match field {
                "readOnly" | "sessionCredentialFromConsole" => {
                    vec![u.choose(&["true", "false"])?.to_string()]
                }
                _ => values(u, field, texts)?,
            };
            selector.insert(operator.into(), json!(values));
        }
        fields.push(Value::Object(selector));
    }
    Ok(json!({"FieldSelectors": fields}))
}
