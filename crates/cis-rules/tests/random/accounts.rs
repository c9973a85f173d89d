//! Random accounts that nearly cover the scope: partitions of it, some with one condition changed.

use serde_json::{Map, Value, json};

use crate::rng::Rng;

/// Texts to compare with, close to each other, by field.
const TEXTS: [(&str, &[&str]); 5] = [
    (
        "resources.ARN",
        &[
            "arn:",
            "arn:aws:s3",
            "arn:aws:s3:::",
            "arn:aws:s3:::a",
            "arn:aws:s3:::ac",
            "arn:aws:s3:::acme",
            "arn:aws:s3:::acme-logs",
            "arn:aws:s3:::acme-logs/",
            "arn:aws:s3:::acme-logs-prod",
            "arn:aws:s3:::acme-logs/in",
            "arn:aws:s3:::acme-logs/in/",
            "arn:aws:s3:::acme-logs/in/x.csv",
            "arn:aws:s3:::ab/",
            "arn:aws:s3:::a/b",
            "arn:aws-cn:s3:::acme",
            "arn:aws:s3:::zeta",
            "arn:aws:s3:::zeta/",
            "/",
            "s/",
            "logs/",
            "acme-logs/",
            ":::acme-logs/",
            "arn:aws:s3:::zeta-logs/",
            ".csv",
            "x.csv",
            "v",
            "in/x.csv",
            "/in/x.csv",
            "",
            "arn:aws:s3:::*",
            "arn:aws:s3:::bücket/",
        ],
    ),
    (
        "eventName",
        &[
            "Get",
            "GetObject",
            "GetObjectAcl",
            "Put",
            "PutObject",
            "Delete",
            "DeleteObject",
            "DeleteObjects",
            "Object",
            "s",
            "Acl",
            "",
            "CreateSession",
            "put",
        ],
    ),
    (
        "eventSource",
        &[
            "s3",
            "s3.amazonaws.com",
            "s3lifecycle.amazonaws.com",
            ".amazonaws.com",
            "amazonaws.com",
            "S3",
        ],
    ),
    ("eventType", &["Aws", "AwsApiCall", "AwsServiceEvent", "Event", "Call"]),
    (
        "userIdentity.arn",
        &[
            "arn:aws:iam::111122223333:user/a",
            "arn:aws:iam::111122223333:",
            "arn:aws:sts",
            "/a",
            "",
        ],
    ),
];

/// Texts about keys near their longest length of 1,024 bytes, as conditions on `resources.ARN`.
fn long_texts() -> Vec<String> {
    let start = "arn:aws:s3:::acme-logs/";
    let mut texts = Vec::new();
    for length in [1019, 1020, 1023, 1024, 1025] {
        texts.push(format!("{start}{}", "k".repeat(length)));
    }
    // 512 of these are 1,024 bytes.
    for length in [511, 512, 513] {
        texts.push(format!("{start}{}", "é".repeat(length)));
    }
    // An end without a slash is within the key; one that starts with a slash may be all of it.
    texts.extend([1024, 1025].map(|length| "e".repeat(length)));
    texts.extend([1024, 1025].map(|length| format!("/{}", "e".repeat(length))));
    texts
}

const OPERATORS: [&str; 6] =
    ["Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith"];

fn negated(operator: &str) -> String {
    operator.strip_prefix("Not").map_or_else(|| format!("Not{operator}"), str::to_string)
}

/// One condition on one field.
#[derive(Clone)]
struct Condition {
    field: &'static str,
    operator: String,
    values: Vec<String>,
}

fn field(rng: &mut Rng) -> (&'static str, &'static [&'static str]) {
    // ARNs and names most often: they are what people filter by.
    TEXTS[[0, 0, 0, 0, 1, 1, 1, 2, 3, 4][rng.below(10)]]
}

fn condition(rng: &mut Rng) -> Condition {
    if rng.once_in(12) {
        let value = if rng.once_in(6) { "false" } else { "true" };
        let operator = if rng.once_in(2) { "Equals" } else { "NotEquals" };
        return Condition {
            field: "sessionCredentialFromConsole",
            operator: operator.into(),
            values: vec![value.into()],
        };
    }
    if rng.once_in(8) {
        let value = if rng.once_in(2) { "false" } else { "true" };
        return Condition {
            field: "readOnly",
            operator: "Equals".into(),
            values: vec![value.into()],
        };
    }
    if rng.once_in(40) {
        let texts = long_texts();
        let value = rng.pick(&texts).clone();
        let ends = value.starts_with(['/', 'e']);
        let operators: &[&str] = if ends {
            &["EndsWith", "NotEndsWith"]
        } else {
            &["StartsWith", "NotStartsWith", "Equals", "NotEquals"]
        };
        let operator = (*rng.pick(operators)).to_string();
        return Condition { field: "resources.ARN", operator, values: vec![value] };
    }
    let (field, texts) = field(rng);
    let count = 1 + rng.below(3) * rng.below(2);
    let values = (0..count).map(|_| (*rng.pick(texts)).to_string()).collect();
    Condition { field, operator: (*rng.pick(&OPERATORS)).to_string(), values }
}

/// Selectors that together take everything, split by random conditions: each side of a split has
/// the condition or its negation.
fn partition(rng: &mut Rng, path: &[Condition], depth: usize, leaves: &mut Vec<Vec<Condition>>) {
    if depth == 0 || rng.once_in(4) {
        leaves.push(path.to_vec());
        return;
    }
    let split = condition(rng);
    let other = Condition { operator: negated(&split.operator), ..split.clone() };
    for side in [split, other] {
        // A field may stand in one field selector only, so a second condition on it ends the path.
        let path =
            if path.iter().any(|earlier| earlier.field == side.field && !fits(earlier, &side)) {
                leaves.push(path.to_vec());
                continue;
            } else {
                [path, &[side]].concat()
            };
        partition(rng, &path, depth - 1, leaves);
    }
}

/// Whether two conditions on one field can stand in one field selector with the meaning "and".
fn fits(a: &Condition, b: &Condition) -> bool {
    a.operator != b.operator && (a.operator.starts_with("Not") || b.operator.starts_with("Not"))
}

fn mutate(rng: &mut Rng, condition: &mut Condition) {
    if condition.field == "readOnly" || condition.field == "sessionCredentialFromConsole" {
        return;
    }
    let texts = TEXTS
        .iter()
        .find(|(field, _)| *field == condition.field)
        .map_or(&[][..], |(_, texts)| texts);
    let at = rng.below(condition.values.len());
    match rng.below(6) {
        0 => condition.values[at] = (*rng.pick(texts)).to_string(),
        1 => condition.values.push((*rng.pick(texts)).to_string()),
        2 => {
            condition.values[at].pop();
        }
        3 => condition.values[at].push('s'),
        4 => condition.operator = (*rng.pick(&OPERATORS)).to_string(),
        _ if condition.values.len() > 1 => {
            condition.values.remove(at);
        }
        _ => {}
    }
}

/// A selector in AWS's JSON, sometimes with something in it that AWS does not document.
fn advanced(rng: &mut Rng, conditions: &[Condition], odd: bool) -> Value {
    let mut field_selectors = vec![
        json!({"Field": "eventCategory", "Equals": ["Data"]}),
        json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
    ];
    let mut by_field: Vec<(&str, Map<String, Value>)> = Vec::new();
    for condition in conditions {
        let repeat = odd && rng.once_in(6);
        let at =
            by_field.iter().position(|(field, _)| *field == condition.field).filter(|_| !repeat);
        let at = at.unwrap_or_else(|| {
            by_field.push((condition.field, Map::new()));
            by_field.len() - 1
        });
        let operators = &mut by_field[at].1;
        let values = operators.entry(condition.operator.clone()).or_insert_with(|| json!([]));
        values.as_array_mut().unwrap().extend(condition.values.iter().map(|value| json!(value)));
    }
    for (field, mut operators) in by_field {
        operators.insert("Field".into(), json!(field));
        field_selectors.push(Value::Object(operators));
    }
    let mut selector = json!({"Name": "random", "FieldSelectors": field_selectors});
    if odd {
        make_odd(rng, &mut selector);
    }
    selector
}

fn make_odd(rng: &mut Rng, selector: &mut Value) {
    let fields = selector["FieldSelectors"].as_array_mut().unwrap();
    let at = rng.below(fields.len());
    match rng.below(12) {
        0 => fields.push(json!({"Field": "vpcEndpointId", "Equals": ["vpce-1"]})),
        1 => fields[at]["Contains"] = json!(["x"]),
        2 => fields[at]["NotEndsWith"] = json!([]),
        3 => fields.push(json!({"Field": "eventName"})),
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
        _ => fields.push(json!({"Field": "readOnly", "NotEquals": ["true"]})),
    }
}

fn basic(rng: &mut Rng) -> Value {
    let values = [
        "arn:aws:s3",
        "arn:aws:s3:::",
        "arn:aws:s3:::acme-logs/",
        "arn:aws:s3:::acme-logs/in",
        "arn:aws:s3:::acme",
        "arn:aws-cn:s3",
        "arn:aws:s3:::*/*",
        "arn:aws:s3:::zeta/",
        "arn:aws:s3:::acme*",
        "arn:aws:lambda",
        "arn:aws:s3:",
        "arn:aws:s3::",
        "arn:aws:s3::::",
        "arn:aws-cn:s3:",
        "arn:aws:s3:::acme-logs/*",
        "arn:aws:s3:::acme-logs/in*x",
        "arn:aws:s3:::acme*/in*",
    ];
    let count = rng.below(3);
    let values: Vec<&str> = (0..=count).map(|_| *rng.pick(&values)).collect();
    let kind = *rng.pick(&["All", "All", "ReadOnly", "WriteOnly", "Sometimes"]);
    let resource_type = if rng.once_in(8) { "AWS::Lambda::Function" } else { "AWS::S3::Object" };
    let mut selector = json!({"ReadWriteType": kind, "IncludeManagementEvents": true,
        "DataResources": [{"Type": resource_type, "Values": values}]});
    match rng.below(24) {
        0 => selector["Sampling"] = json!(0.5),
        1 => selector["DataResources"][0]["Until"] = json!("2027"),
        2 => selector["ReadWriteType"] = Value::Null,
        _ => {}
    }
    selector
}

/// Home Regions: enabled by default, to be enabled, and none that there is.
const REGIONS: [&str; 6] =
    ["us-east-1", "eu-west-3", "ap-southeast-2", "ap-southeast-3", "eu-south-1", "us-east-3"];

/// Buckets that trails deliver to, close to those that questions trust.
const LOG_BUCKETS: [&str; 4] = ["acme-logs", "acme-logs", "acme-log", "acme-Logs"];

const OTHER_ACCOUNT: &str = "999988887777";

fn trail(rng: &mut Rng, number: usize, selectors: Vec<Value>) -> Value {
    let event_selectors = if rng.once_in(8) {
        let count = 1 + rng.below(3);
        json!({"EventSelectors": (0..count).map(|_| basic(rng)).collect::<Vec<_>>()})
    } else {
        json!({"AdvancedEventSelectors": selectors})
    };
    let home = if rng.once_in(2) { "us-east-1" } else { *rng.pick(&REGIONS) };
    let arn = |account: &str| json!(format!("arn:aws:cloudtrail:{home}:{account}:trail/t{number}"));
    let mut observed = json!({
        "trail": {
            "Name": format!("t{number}"), "TrailARN": arn("111122223333"), "HomeRegion": home,
            "IsMultiRegionTrail": true, "IsOrganizationTrail": false,
            "HasCustomEventSelectors": true, "S3BucketName": *rng.pick(&LOG_BUCKETS),
        },
        "status": {"IsLogging": true},
        "eventSelectors": event_selectors,
    });
    if rng.once_in(4) {
        observed["trail"]["RecursiveLogging"] = json!(rng.once_in(4));
    }
    match rng.below(36) {
        0 | 1 => observed["trail"]["IsMultiRegionTrail"] = json!(false),
        2 => observed["status"]["IsLogging"] = json!(false),
        3 => observed["status"] = Value::Null,
        4 => observed["eventSelectors"] = Value::Null,
        5 => {
            observed["eventSelectors"] = Value::Null;
            observed["trail"]["HasCustomEventSelectors"] = json!(false);
        }
        6 => observed["trail"]["TrailARN"] = arn(OTHER_ACCOUNT),
        7..=10 => of_the_organization(rng, &mut observed, arn(OTHER_ACCOUNT)),
        11 => forget(&mut observed["trail"], "S3BucketName"),
        12 => forget(&mut observed["trail"], "IsMultiRegionTrail"),
        13 => forget(&mut observed["trail"], "HomeRegion"),
        14..=16 => {
            let errors = [json!("NoSuchBucket"), json!("AccessDenied"), json!(""), Value::Null];
            observed["status"]["LatestDeliveryError"] = rng.pick(&errors).clone();
        }
        _ => {}
    }
    observed
}

/// A trail that logs everything, or nearly, of one Region.
fn single_region(rng: &mut Rng, number: usize) -> Value {
    let conditions: Vec<Condition> = (0..rng.below(2)).map(|_| condition(rng)).collect();
    let selectors = vec![advanced(rng, &conditions, false)];
    let mut observed = trail(rng, number, selectors);
    observed["trail"]["IsMultiRegionTrail"] = json!(false);
    observed
}

fn forget(trail: &mut Value, member: &str) {
    trail.as_object_mut().unwrap().remove(member);
}

/// Makes it the organization's trail, read by the account itself or through another role.
fn of_the_organization(rng: &mut Rng, observed: &mut Value, arn: Value) {
    observed["trail"]["TrailARN"] = arn;
    observed["trail"]["IsOrganizationTrail"] = json!(true);
    let calls: &[&str] = match rng.below(5) {
        0 => return,
        1 => &["GetEventSelectors"],
        2 => &["GetTrailStatus"],
        _ => &["GetTrailStatus", "GetEventSelectors"],
    };
    let role = format!("arn:aws:iam::{OTHER_ACCOUNT}:role/reader");
    observed["readThrough"] = json!({"roleArn": role, "calls": calls});
    if rng.once_in(8) {
        observed["status"]["IsLogging"] = json!(false);
    }
}

/// A random account as a snapshot.
pub(crate) fn account(rng: &mut Rng) -> Value {
    let mut selectors = Vec::new();
    let depth = 1 + rng.below(4);
    partition(rng, &[], depth, &mut selectors);
    if rng.once_in(2) {
        let at = rng.below(selectors.len());
        if let Some(condition) = selectors[at].last_mut() {
            mutate(rng, condition);
        }
    }
    if rng.once_in(6) {
        let at = rng.below(selectors.len());
        selectors.remove(at);
    }
    let odd = rng.once_in(4);
    let selectors: Vec<Value> = selectors
        .iter()
        .map(|conditions| {
            let odd = odd && rng.once_in(2);
            advanced(rng, conditions, odd)
        })
        .collect();
    let count = [0, 1, 1, 1, 1, 2, 2, 3][rng.below(8)];
    let mut shares: Vec<Vec<Value>> = vec![Vec::new(); count];
    for selector in selectors {
        for share in &mut shares {
            if count == 1 || rng.once_in(count) {
                share.push(selector.clone());
            }
        }
    }
    let trails: Vec<Value> =
        shares.into_iter().enumerate().map(|(number, share)| trail(rng, number, share)).collect();
    let mut trails = trails;
    if rng.once_in(8) {
        trails.push(single_region(rng, trails.len()));
    }
    json!({"schemaVersion": 1, "accountId": "111122223333", "partition": "aws", "region": "us-east-1", "trails": trails})
}
