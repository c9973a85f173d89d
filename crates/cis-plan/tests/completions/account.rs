//! An account that a plan makes, once everything in it has a value.

use serde_json::{Map, Value as Json, json};

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) partition: String,
    pub(crate) region: String,
    pub(crate) trails: Vec<MadeTrail>,
    /// The plan's names of its buckets, and their real names.
    pub(crate) buckets: Vec<(String, String)>,
}

/// A trail of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct MadeTrail {
    pub(crate) name: String,
    pub(crate) is_logging: bool,
    pub(crate) is_multi_region: bool,
    pub(crate) bucket: String,
    pub(crate) basic: Vec<MadeBasic>,
    pub(crate) advanced: Vec<MadeAdvanced>,
}

/// A basic selector of objects.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct MadeBasic {
    pub(crate) read_write: Option<String>,
    /// No `DataResources` where there is none.
    pub(crate) values: Option<Vec<String>>,
}

/// An advanced selector: the field selectors besides eventCategory `Data` and resources.type
/// `AWS::S3::Object`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct MadeAdvanced {
    pub(crate) fields: Vec<(&'static str, Vec<Operator>)>,
}

impl Account {
    /// The account's snapshot.
    pub(crate) fn snapshot(&self) -> String {
        let trails: Vec<Json> = self.trails.iter().map(|trail| self.trail(trail)).collect();
        json!({
            "schemaVersion": 1,
            "accountId": self.id,
            "partition": self.partition,
            "region": self.region,
            "trails": trails,
        })
        .to_string()
    }

    fn trail(&self, trail: &MadeTrail) -> Json {
        let Self { id, partition, region, .. } = self;
        let MadeTrail { name, basic, advanced, .. } = trail;
        let selectors = match (basic.is_empty(), advanced.is_empty()) {
            // What a trail has by default: management events.
            (true, true) => json!({"EventSelectors": [
                {"ReadWriteType": "All", "IncludeManagementEvents": true, "DataResources": []}
            ]}),
            (false, _) => {
                json!({"EventSelectors": basic.iter().map(MadeBasic::json).collect::<Vec<_>>()})
            }
            (true, false) => {
                let advanced: Vec<Json> = advanced.iter().map(MadeAdvanced::json).collect();
                json!({"AdvancedEventSelectors": advanced})
            }
        };
        json!({
            "trail": {
                "TrailARN": format!("arn:{partition}:cloudtrail:{region}:{id}:trail/{name}"),
                "Name": name,
                "HomeRegion": region,
                "IsMultiRegionTrail": trail.is_multi_region,
                "IsOrganizationTrail": false,
                "S3BucketName": trail.bucket,
                "HasCustomEventSelectors": !(basic.is_empty() && advanced.is_empty()),
            },
            "status": {"IsLogging": trail.is_logging},
            "eventSelectors": selectors,
        })
    }
}

impl MadeBasic {
    fn json(&self) -> Json {
        let mut written = json!({"IncludeManagementEvents": true, "DataResources": []});
        if let Some(kind) = &self.read_write {
            written["ReadWriteType"] = kind.as_str().into();
        }
        if let Some(values) = &self.values {
            written["DataResources"] = json!([{"Type": "AWS::S3::Object", "Values": values}]);
        }
        written
    }
}

impl MadeAdvanced {
    fn json(&self) -> Json {
        let mut fields = vec![
            json!({"Field": "eventCategory", "Equals": ["Data"]}),
            json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
        ];
        for (field, operators) in &self.fields {
            let mut written = Map::new();
            written.insert("Field".to_string(), (*field).into());
            for (operator, values) in operators {
                written.insert((*operator).to_string(), values.clone().into());
            }
            fields.push(written.into());
        }
        json!({"FieldSelectors": fields})
    }
}

/// An operator and its values.
pub(crate) type Operator = (&'static str, Vec<String>);
