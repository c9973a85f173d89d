//! An account's selectors, within AWS's quotas.

use cis_rules::question::{Kind, Mode, Question};
use serde_json::{Value, json};

/// The most trails that are seen from one Region.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
pub(crate) const TRAILS: usize = 5;

/// The most values that the conditions of all a trail's advanced selectors have together, those on
/// `eventCategory` and `resources.type` included.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
pub const VALUES: usize = 500;

/// How many of a selector's values `eventCategory` and `resources.type` take.
const FIXED: usize = 2;

/// The values of one field under one operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) field: &'static str,
    pub(crate) operator: &'static str,
    pub(crate) values: Vec<String>,
}

/// The conditions of an advanced selector, besides those on its category and type.
pub(crate) type Selector = Vec<Condition>;

/// The selectors of one trail.
pub(crate) type Trail = Vec<Selector>;

/// Trails and what is asked about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    pub(crate) trails: Vec<Trail>,
    pub(crate) mode: Mode,
    pub(crate) allowed: usize,
}

impl Configuration {
    /// Trails of which together is asked what they log.
    pub(crate) fn of(trails: Vec<Trail>) -> Self {
        let mut configuration = Self { trails, mode: Mode::Union, allowed: 0 };
        configuration.keep_quotas();
        configuration
    }

    /// Drops what AWS would refuse.
    pub(crate) fn keep_quotas(&mut self) {
        self.trails.truncate(TRAILS);
        for trail in &mut self.trails {
            let mut left = VALUES;
            for selector in trail.iter_mut() {
                left = left.saturating_sub(FIXED);
                for condition in selector.iter_mut() {
                    condition.values.truncate(left);
                    left -= condition.values.len();
                }
                selector.retain(|condition| !condition.values.is_empty());
            }
            let mut cost = 0;
            trail.retain(|selector| {
                cost += cost_of(selector);
                !selector.is_empty() && cost <= VALUES
            });
        }
    }

    /// The question.
    #[must_use]
    pub fn question(&self) -> Question {
        let name = |number| format!("a{number:03}").parse();
        let allow_unlogged = (0..self.allowed).filter_map(|number| name(number).ok()).collect();
        Question { allow_unlogged, ..Question::new(Kind::Write, self.mode) }
    }

    /// The account as a snapshot document.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let trails: Vec<Value> = self.trails.iter().enumerate().map(trail_json).collect();
        json!({
            "schemaVersion": 1, "accountId": "111122223333", "partition": "aws", "trails": trails,
        })
    }

    /// How many selectors and how many values each trail has.
    #[must_use]
    pub fn size(&self) -> Vec<(usize, usize)> {
        let values = |trail: &Trail| trail.iter().map(cost_of).sum();
        self.trails.iter().map(|trail| (trail.len(), values(trail))).collect()
    }
}

pub(crate) fn cost_of(selector: &Selector) -> usize {
    FIXED + selector.iter().map(|condition| condition.values.len()).sum::<usize>()
}

fn trail_json((number, selectors): (usize, &Trail)) -> Value {
    let selectors: Vec<Value> = selectors.iter().map(selector_json).collect();
    json!({
        "trail": {
            "Name": format!("t{number}"),
            "TrailARN": format!("arn:aws:cloudtrail:us-east-1:111122223333:trail/t{number}"),
            "IsMultiRegionTrail": true, "IsOrganizationTrail": false, "S3BucketName": "logs",
        },
        "status": {"IsLogging": true},
        "eventSelectors": {"AdvancedEventSelectors": selectors},
    })
}

/// A selector with each field in one field selector.
fn selector_json(conditions: &Selector) -> Value {
    let mut fields = vec![
        json!({"Field": "eventCategory", "Equals": ["Data"]}),
        json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
    ];
    for condition in conditions {
        let at = fields.iter().position(|field| field["Field"] == condition.field);
        let at = at.unwrap_or_else(|| {
            fields.push(json!({"Field": condition.field}));
            fields.len() - 1
        });
        let operator = &mut fields[at][condition.operator];
        match operator.as_array_mut() {
            Some(values) => values.extend(condition.values.iter().map(|value| json!(value))),
            None => *operator = json!(condition.values),
        }
    }
    json!({"FieldSelectors": fields})
}
