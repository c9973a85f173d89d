//! What decided a selector's answer, in words.

use std::io::{self, Write};

use cis_rules::RecordField;
use cis_rules::explain::{Answer, Comparison, Decision, RecordAnswer, SelectorAnswer, TrailAnswer};

use cis_findings::mistake::values;

use super::page::Page;

/// Selectors of a trail that are shown.
const SELECTORS: usize = 12;

/// Which selectors are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Every one.
    All,
    /// Those that select data events on objects.
    OfObjects,
}

/// Writes what a trail does with an event, and why.
pub(super) fn trail<W: Write>(
    page: &mut Page<W>,
    indent: usize,
    trail: &TrailAnswer,
    which: Which,
) -> io::Result<()> {
    let does = match trail.answer {
        Answer::Logged => "logs it",
        Answer::NotKnown => "may or may not log it",
        Answer::NotLogged => "does not log it",
    };
    let counts = if trail.counts { "" } else { ": it does not count" };
    page.text(indent, &trail.arn)?;
    page.text(indent + 2, &format!("{does}{counts}"))?;
    for reason in &trail.reasons {
        page.item(indent + 2, "-", reason)?;
    }
    if let [only] = trail.records.as_slice() {
        return selectors(page, indent + 2, only, which);
    }
    for record in &trail.records {
        let kind = if record.read_only == "true" { "read" } else { "write" };
        page.text(indent + 2, &format!("as a {kind} event on {}:", record.resources_arn))?;
        selectors(page, indent + 4, record, which)?;
    }
    Ok(())
}

/// Writes one line per selector; where there are many, those that take the record come first.
fn selectors<W: Write>(
    page: &mut Page<W>,
    indent: usize,
    record: &RecordAnswer,
    which: Which,
) -> io::Result<()> {
    let is_meant = |selector: &&SelectorAnswer| which == Which::All || is_of_objects(selector);
    let mut selectors: Vec<&SelectorAnswer> = record.selectors.iter().filter(is_meant).collect();
    if selectors.len() > SELECTORS {
        selectors.sort_by_key(|selector| std::cmp::Reverse(selector.answer));
    }
    for selector in selectors.iter().take(SELECTORS) {
        page.item(indent, "-", &sentence(selector))?;
    }
    let hidden = selectors.len().saturating_sub(SELECTORS);
    if hidden > 0 {
        page.item(
            indent,
            "-",
            &format!("and {hidden} more selectors: `--format json` lists them"),
        )?;
    }
    Ok(())
}

/// "selector 1 (`S3 writes`): `eventName` Equals `PutObject` does not take `DeleteObject`".
pub(super) fn sentence(selector: &SelectorAnswer) -> String {
    let name =
        selector.selector_name.as_ref().map_or_else(String::new, |name| format!(" (`{name}`)"));
    let decisions: Vec<_> =
        selector.decided_by.iter().filter(|decision| !is_given(decision)).map(in_words).collect();
    let said = match selector.answer {
        Answer::Logged if decisions.is_empty() => "takes it: no condition keeps it out".to_string(),
        Answer::Logged => format!("takes it: {}", decisions.join("; ")),
        Answer::NotKnown => format!("not known: {}", decisions.join("; ")),
        Answer::NotLogged => decisions.join("; "),
    };
    format!("selector {}{name}: {said}", selector.selector)
}

/// Whether a decision says no more than that the selector is about objects.
fn is_given(decision: &Decision) -> bool {
    matches!(decision, Decision::Takes(taken) if tells_objects(taken))
}

/// Whether a selector selects data events on objects, if not all of them.
fn is_of_objects(selector: &SelectorAnswer) -> bool {
    let is_other = |decision: &Decision| matches!(decision, Decision::Drops(dropped) if tells_objects(dropped));
    !selector.decided_by.iter().any(is_other)
}

/// Whether a comparison tells data events on objects from others.
fn tells_objects(comparison: &Comparison) -> bool {
    let fields = [RecordField::EventCategory, RecordField::ResourcesType];
    fields.iter().any(|field| field.name() == comparison.field)
}

fn in_words(decision: &Decision) -> String {
    match decision {
        Decision::Takes(taken) => condition(taken),
        Decision::Drops(dropped) if dropped.values.is_empty() => {
            "it has no data resource of type `AWS::S3::Object`".to_string()
        }
        Decision::Drops(dropped) => match (dropped.operator, &dropped.found) {
            (Some(operator), _) if !operator.is_positive() => {
                format!("{} drops it", condition(dropped))
            }
            (_, Some(found)) => format!("{} does not take `{found}`", condition(dropped)),
            (_, None) => format!("{} does not take a record without it", condition(dropped)),
        },
        Decision::NotKnown(unknown) => {
            format!("{} (settled by: {})", unknown.reason, unknown.settled_by)
        }
    }
}

/// "`resources.ARN` NotStartsWith `arn:aws:s3:::payroll/`".
fn condition(comparison: &Comparison) -> String {
    let operator =
        comparison.operator.map_or_else(String::new, |operator| format!(" {}", operator.name()));
    format!("`{}`{operator} {}", comparison.field, values(&comparison.values))
}

#[cfg(test)]
mod tests {
    use cis_rules::selector::Operator;

    use super::*;
    use cis_rules::report::Unknown;

    fn said(answer: Answer, decided_by: Vec<Decision>) -> String {
        sentence(&SelectorAnswer { selector: 1, selector_name: None, answer, decided_by })
    }

    fn comparison(
        field: &str,
        operator: Option<Operator>,
        values: &[&str],
        found: Option<&str>,
    ) -> Comparison {
        let values = values.iter().map(|value| value.to_string()).collect();
        Comparison { field: field.into(), operator, values, found: found.map(str::to_string) }
    }

    #[test]
    fn what_keeps_a_record_out_is_said() {
        for (dropped, expected) in [
            (
                comparison(
                    "resources.ARN",
                    Some(Operator::NotEndsWith),
                    &[".csv"],
                    Some("arn:x.csv"),
                ),
                "selector 1: `resources.ARN` NotEndsWith `.csv` drops it",
            ),
            (
                comparison(
                    "eventName",
                    Some(Operator::Equals),
                    &["a", "b", "c", "d", "e"],
                    Some("f"),
                ),
                "selector 1: `eventName` Equals `a`, `b`, `c`, 2 more does not take `f`",
            ),
            (
                comparison("userIdentity.arn", Some(Operator::StartsWith), &["arn:"], None),
                "selector 1: `userIdentity.arn` StartsWith `arn:` does not take a record without it",
            ),
            (
                comparison("ReadWriteType", None, &["ReadOnly"], Some("false")),
                "selector 1: `ReadWriteType` `ReadOnly` does not take `false`",
            ),
            (
                comparison("DataResources", None, &[], Some("arn:x")),
                "selector 1: it has no data resource of type `AWS::S3::Object`",
            ),
        ] {
            assert_eq!(said(Answer::NotLogged, vec![Decision::Drops(dropped)]), expected);
        }
    }

    #[test]
    fn what_takes_a_record_is_said() {
        let given =
            Decision::Takes(comparison("eventCategory", Some(Operator::Equals), &["Data"], None));
        assert_eq!(
            said(Answer::Logged, vec![given.clone()]),
            "selector 1: takes it: no condition keeps it out"
        );
        let kind = comparison("readOnly", Some(Operator::Equals), &["false"], Some("false"));
        assert_eq!(
            said(Answer::Logged, vec![given, Decision::Takes(kind)]),
            "selector 1: takes it: `readOnly` Equals `false`"
        );
    }

    #[test]
    fn what_is_not_known_says_what_settles_it() {
        let unknown = Unknown { reason: "why".into(), settled_by: "how".into() };
        assert_eq!(
            said(Answer::NotKnown, vec![Decision::NotKnown(unknown)]),
            "selector 1: not known: why (settled by: how)"
        );
    }
}
