//! The plan's text: what `terraform show -json` writes. What is not known is missing or `null` in
//! the values, and `true` at the same place of `after_unknown`.

use serde_json::{Map, Value as Json, json};

use crate::terraform::{
    Action, AdvancedBlock, BasicBlock, Blocks, Items, PlannedBucket, PlannedTrail, Slot,
    TerraformPlan, bucket_address,
};

/// A value in the three places where a plan has it.
struct Written {
    value: Json,
    unknown: Json,
    expression: Json,
}

impl Written {
    fn known(value: Json) -> Self {
        let expression = json!({"constant_value": value});
        Self { value, unknown: false.into(), expression }
    }
}

/// An object in the three places; what is unknown is missing from the values.
#[derive(Default)]
struct Object {
    values: Map<String, Json>,
    unknown: Map<String, Json>,
    expressions: Map<String, Json>,
}

impl Object {
    fn add(&mut self, name: &str, written: Written) {
        if written.unknown != json!(true) {
            self.values.insert(name.to_string(), written.value);
        }
        if written.unknown != json!(false) {
            self.unknown.insert(name.to_string(), written.unknown);
        }
        self.expressions.insert(name.to_string(), written.expression);
    }

    fn known(&mut self, name: &str, value: impl Into<Json>) {
        self.values.insert(name.to_string(), value.into());
    }

    /// Blocks of one type.
    fn blocks(&mut self, name: &str, blocks: Vec<Self>) {
        let (mut values, mut unknown, mut expressions) = (Vec::new(), Vec::new(), Vec::new());
        for block in blocks {
            values.push(Json::Object(block.values));
            unknown.push(Json::Object(block.unknown));
            expressions.push(Json::Object(block.expressions));
        }
        self.values.insert(name.to_string(), values.into());
        self.unknown.insert(name.to_string(), unknown.into());
        self.expressions.insert(name.to_string(), expressions.into());
    }
}

impl TerraformPlan {
    /// The plan as JSON.
    pub(crate) fn json(&self) -> Json {
        let mut planned = Vec::new();
        let mut changes = Vec::new();
        let mut configured = Vec::new();
        let buckets = self.buckets.iter().enumerate();
        let buckets = buckets.map(|(at, one)| ("bucket", at, Action::Create, bucket(one)));
        let trails = self.trails.iter().enumerate();
        let trails = trails.map(|(at, one)| ("trail", at, one.action, self.trail(at, one)));
        for (what, at, action, object) in buckets.chain(trails) {
            let (kind, address) = match what {
                "bucket" => ("aws_s3_bucket", bucket_address(at)),
                _ => ("aws_cloudtrail", format!("aws_cloudtrail.trail{at}")),
            };
            let name = format!("{what}{at}");
            let head = json!({
                "address": address, "mode": "managed", "type": kind, "name": name,
                "provider_name": "registry.terraform.io/hashicorp/aws",
            });
            let with = |member: &str, value: Json| {
                let mut whole = head.clone();
                whole[member] = value;
                whole
            };
            let values = Json::Object(object.values);
            let actions = match action {
                Action::Create => "create",
                Action::NoOp => "no-op",
                Action::Update => "update",
                Action::Delete => "delete",
            };
            let is_deleted = action == Action::Delete;
            if !is_deleted {
                planned.push(with("values", values.clone()));
                configured.push(json!({
                    "address": address, "mode": "managed", "type": kind, "name": name,
                    "provider_config_key": "aws", "expressions": object.expressions,
                }));
            }
            let before = if is_deleted { values.clone() } else { Json::Null };
            let after = if is_deleted { Json::Null } else { values };
            let after_unknown = if is_deleted { Map::new() } else { object.unknown };
            changes.push(with(
                "change",
                json!({"actions": [actions], "before": before, "after": after,
                    "after_unknown": after_unknown}),
            ));
        }
        json!({
            "format_version": "1.2",
            "terraform_version": "1.9.8",
            "planned_values": {"root_module": {"resources": planned}},
            "resource_changes": changes,
            "configuration": {"root_module": {"resources": configured}},
            "complete": true,
            "errored": false,
        })
    }

    fn unknown(&self, at: usize) -> Written {
        let references = &self.unknowns[at].references;
        let expression = json!({"references": references});
        Written { value: Json::Null, unknown: true.into(), expression }
    }

    fn text(&self, slot: &Slot) -> Written {
        match slot {
            Slot::Known(text) => Written::known(text.as_str().into()),
            Slot::Unknown(at) => self.unknown(*at),
        }
    }

    fn fact(&self, slot: &Slot) -> Written {
        match slot {
            Slot::Known(text) => Written::known((text == "true").into()),
            Slot::Unknown(at) => self.unknown(*at),
        }
    }

    fn items(&self, items: &Items) -> Written {
        let slots = match items {
            Items::Unknown(at) => return self.unknown(*at),
            Items::Each(slots) => slots,
        };
        let mut references: Vec<&String> = Vec::new();
        for slot in slots {
            if let Slot::Unknown(at) = slot {
                references.extend(&self.unknowns[*at].references);
            }
        }
        let elements: Vec<Written> = slots.iter().map(|slot| self.text(slot)).collect();
        let values: Vec<Json> = elements.iter().map(|element| element.value.clone()).collect();
        let unknown: Vec<Json> = elements.iter().map(|element| element.unknown.clone()).collect();
        let expression = if references.is_empty() {
            json!({"constant_value": values})
        } else {
            json!({"references": references})
        };
        Written { value: values.into(), unknown: unknown.into(), expression }
    }

    fn trail(&self, at: usize, trail: &PlannedTrail) -> Object {
        let mut object = Object::default();
        object.add("name", Written::known(format!("trail{at}").into()));
        object.add("enable_logging", self.fact(&trail.is_logging));
        object.add("is_multi_region_trail", self.fact(&trail.is_multi_region));
        object.add("s3_bucket_name", self.text(&trail.bucket));
        object.known("is_organization_trail", false);
        for computed in ["arn", "home_region", "id"] {
            object.unknown.insert(computed.to_string(), true.into());
        }
        for name in ["event_selector", "advanced_event_selector"] {
            object.known(name, Json::Array(Vec::new()));
        }
        match &trail.blocks {
            Blocks::Basic(blocks) => object
                .blocks("event_selector", blocks.iter().map(|block| self.basic(block)).collect()),
            Blocks::Advanced(blocks) => {
                let blocks = blocks.iter().map(|block| self.advanced(block)).collect();
                object.blocks("advanced_event_selector", blocks);
            }
            Blocks::UnknownBasic(at) => {
                object.values.remove("event_selector");
                object.add("event_selector", self.unknown(*at));
            }
            Blocks::UnknownAdvanced(at) => {
                object.values.remove("advanced_event_selector");
                object.add("advanced_event_selector", self.unknown(*at));
            }
        }
        object
    }

    fn basic(&self, block: &BasicBlock) -> Object {
        let mut resource = Object::default();
        resource.add("type", Written::known("AWS::S3::Object".into()));
        resource.add("values", self.items(&block.values));
        let mut object = Object::default();
        object.known("include_management_events", true);
        object.add("read_write_type", self.text(&block.read_write));
        object.blocks("data_resource", vec![resource]);
        object
    }

    fn advanced(&self, block: &AdvancedBlock) -> Object {
        let fixed = [("eventCategory", "Data"), ("resources.type", "AWS::S3::Object")];
        let mut fields: Vec<Object> = fixed
            .iter()
            .map(|(field, value)| field_selector(field, "equals", Written::known(json!([value]))))
            .collect();
        for (field, operator, items) in &block.fields {
            fields.push(field_selector(field, attribute_of(operator), self.items(items)));
        }
        let mut object = Object::default();
        object.known("name", Json::Null);
        object.blocks("field_selector", fields);
        object
    }
}

/// A field selector; the operators that it has not are empty lists.
fn field_selector(field: &str, operator: &str, values: Written) -> Object {
    let all =
        ["equals", "starts_with", "ends_with", "not_equals", "not_starts_with", "not_ends_with"];
    let mut object = Object::default();
    object.add("field", Written::known(field.into()));
    for other in all.iter().filter(|other| **other != operator) {
        object.known(other, Json::Array(Vec::new()));
    }
    object.add(operator, values);
    object
}

fn attribute_of(operator: &str) -> &'static str {
    match operator {
        "StartsWith" => "starts_with",
        "EndsWith" => "ends_with",
        "NotEquals" => "not_equals",
        "NotStartsWith" => "not_starts_with",
        "NotEndsWith" => "not_ends_with",
        _ => "equals",
    }
}

fn bucket(bucket: &PlannedBucket) -> Object {
    let mut object = Object::default();
    match bucket {
        PlannedBucket::Named(name) => object.add("bucket", Written::known((*name).into())),
        PlannedBucket::Prefixed(prefix) => {
            object.add("bucket_prefix", Written::known((*prefix).into()));
        }
        PlannedBucket::Made => {}
    }
    if bucket.is_made() {
        object.unknown.insert("bucket".to_string(), true.into());
    }
    for computed in ["arn", "id"] {
        object.unknown.insert(computed.to_string(), true.into());
    }
    object
}
