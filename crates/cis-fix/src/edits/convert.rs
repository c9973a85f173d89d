//! The same set in the other form: basic selectors as advanced ones.
//!
//! AWS describes the way and gives no table:
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-additional-cli-commands.html>.
//! The planner proves of the result that it takes what the basic selectors took.

use cis_rules::RecordField;
use cis_rules::matching::ObjectValue;
use cis_rules::selector::{Operator, ReadWriteType};

use super::advanced::every_object;
use super::{Edit, EditKind, Want};
use crate::json::Members;
use crate::selectors::{
    Basic, S3_OBJECT, SelectorSet, advanced_text, basic, equals, field_selector,
    field_selector_text,
};

/// The conversions of a set, with one more selector.
pub(super) fn edits(selectors: &[Members], want: &Want<'_>) -> Vec<Edit> {
    let mut converted: Vec<Members> = Vec::new();
    for selector in selectors {
        let Some(read) = basic(selector) else { return Vec::new() };
        for one in of_basic(&read, want.partition) {
            if !converted.contains(&one) {
                converted.push(one);
            }
        }
    }
    let edit = |with_exceptions: bool| {
        let mut all = converted.clone();
        all.push(every_object(want, with_exceptions));
        let has_tables = converted.iter().any(|it| it.text().contains("AWS::DynamoDB::Table"));
        let tables = if has_tables {
            ". AWS does not say whether the basic form takes streams of DynamoDB tables, too; the \
             advanced one does not"
        } else {
            ""
        };
        Edit {
            kind: if with_exceptions {
                EditKind::ConversionWithExceptions
            } else {
                EditKind::Conversion
            },
            set: SelectorSet::Advanced(all),
            why: format!(
                "the basic selectors are written as advanced ones, and one more takes every S3 {} \
                 event{}{tables}",
                want.kinds_in_words(),
                if with_exceptions { " but for the buckets that may stay unlogged" } else { "" }
            ),
        }
    };
    let mut edits = vec![edit(false)];
    if !want.allowed.is_empty() {
        edits.push(edit(true));
    }
    edits
}

/// One basic selector as advanced ones.
fn of_basic(selector: &Basic, partition: &str) -> Vec<Members> {
    let read_only = match &selector.data.read_write {
        ReadWriteType::ReadOnly => Some("true"),
        ReadWriteType::WriteOnly => Some("false"),
        ReadWriteType::All | ReadWriteType::Unknown(_) => None,
    };
    let with_kind = |mut fields: Vec<Members>| {
        let field = read_only.map(|value| equals(RecordField::ReadOnly, &[value]));
        fields.extend(field.map(|field| field_selector_text(&field)));
        fields
    };
    let mut all = Vec::new();
    if selector.management {
        let category = equals(RecordField::EventCategory, &["Management"]);
        let mut fields = with_kind(vec![field_selector_text(&category)]);
        // AWS's examples have a field selector for each source.
        for source in &selector.excluded {
            let source = std::slice::from_ref(source);
            fields.push(field_selector(
                RecordField::EventSource.name(),
                Operator::NotEquals,
                source,
            ));
        }
        all.push(advanced_text("Management events", &fields));
    }
    for resource in &selector.data.data_resources {
        let kind = resource.resource_type.as_deref().unwrap_or_default();
        let mut operator = Operator::Equals;
        let mut arns: Option<Vec<String>> = Some(Vec::new());
        for value in &resource.values {
            let start = if kind == S3_OBJECT {
                operator = Operator::StartsWith;
                match ObjectValue::of(value, partition).start() {
                    Some((start, _)) => start,
                    None => continue,
                }
            } else if value.split(':').count() <= 3 {
                // `arn:aws:lambda`: everything of the type.
                ""
            } else {
                value
            };
            match &mut arns {
                Some(arns) if !start.is_empty() => arns.push(start.to_owned()),
                _ => arns = None,
            }
        }
        if arns.as_ref().is_some_and(Vec::is_empty) {
            continue;
        }
        let mut fields = with_kind(vec![
            field_selector_text(&equals(RecordField::EventCategory, &["Data"])),
            field_selector_text(&equals(RecordField::ResourcesType, &[kind])),
        ]);
        if let Some(arns) = arns {
            fields.push(field_selector(RecordField::ResourcesArn.name(), operator, &arns));
        }
        all.push(advanced_text(&format!("Data events of {kind}"), &fields));
    }
    all
}
