//! Sets of strings against the comparisons that they stand for.

use arbitrary::{Result, Unstructured};
use cis_rules::internals::sets::{Comparisons, Language, Partition, StringSet};
use cis_rules::question::BucketName;
use cis_rules::selector::{Condition, Operator};

use crate::text::{HEADER, near, object_arn, text};

const FIELD: &str = "resources.ARN";

/// Compares sets with their conditions, on strings near the texts and on every class's example.
pub(crate) fn string_sets(data: &[u8]) {
    // Too few bytes are no input.
    let _ = checked(&mut Unstructured::new(data));
}

fn checked(u: &mut Unstructured<'_>) -> Result<()> {
    let language = *u.choose(&[
        Language::Any,
        Language::AnyOrAbsent,
        Language::OneOrAbsent("a"),
        Language::Objects(HEADER),
    ])?;
    let lists = [conditions(u)?, conditions(u)?];
    let mut tests = Comparisons::default();
    for condition in lists.iter().flatten() {
        tests.add(condition.operator, condition.values.iter().map(String::as_str));
    }
    let partition = Partition::new(language, tests);
    let [a, b] = [&lists[0], &lists[1]].map(|list| partition.meeting_any(list));
    let known: Vec<String> =
        lists.iter().flatten().flat_map(|condition| condition.values.clone()).collect();
    let mut samples = Vec::new();
    for _ in 0..16 {
        samples.push(object_arn(u, &known)?);
        samples.push(near(u, FIELD, &known)?);
    }
    let all = partition.all();
    samples.extend(all.cells.cells().filter_map(|(row, column)| partition.example(row, column)));
    samples.extend(partition.keyless_in(&all));
    samples.extend(
        partition.points().iter().filter_map(|point| point.text.as_deref().map(Into::into)),
    );
    for sample in samples.iter().filter(|sample| in_language(language, sample)) {
        let has = |set: &StringSet| partition.contains(set, Some(sample));
        let (in_a, in_b) = (meets_any(sample, &lists[0]), meets_any(sample, &lists[1]));
        assert_eq!((has(&a), has(&b)), (in_a, in_b), "{sample:?} of {lists:?} in {language:?}");
        assert!(has(&all), "{sample:?} is not in the language");
        assert_eq!(has(&a.and(&b)), in_a && in_b);
        assert_eq!(has(&a.or(&b)), in_a || in_b);
        assert_eq!(has(&a.minus(&b)), in_a && !in_b);
    }
    assert_eq!(a.is_subset(&b), a.minus(&b).is_empty());
    assert_eq!(a.intersects(&b), !a.and(&b).is_empty());
    assert_eq!(a.minus(&b).or(&a.and(&b)), a);
    Ok(())
}

fn conditions(u: &mut Unstructured<'_>) -> Result<Vec<Condition>> {
    let mut conditions = Vec::new();
    for _ in 0..u.int_in_range(0..=3)? {
        let operator = *u.choose(&Operator::ALL)?;
        let mut values = Vec::new();
        for _ in 0..u.int_in_range(1..=3)? {
            let start = if u.arbitrary()? { HEADER } else { "" };
            values.push([start, &text(u, FIELD)?].concat());
        }
        conditions.push(Condition { operator, values });
    }
    Ok(conditions)
}

fn in_language(language: Language<'_>, string: &str) -> bool {
    match language {
        Language::Any | Language::AnyOrAbsent => true,
        Language::OneOrAbsent(only) => string == only,
        Language::Objects(header) => string
            .strip_prefix(header)
            .and_then(|object| object.split_once('/'))
            .is_some_and(|(bucket, _)| BucketName::is_valid(bucket)),
    }
}

fn meets_any(string: &str, conditions: &[Condition]) -> bool {
    conditions.iter().any(|condition| {
        condition.values.iter().any(|value| condition.operator.compares(string, value))
    })
}
