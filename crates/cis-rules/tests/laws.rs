//! The laws of string sets, and their agreement with the comparisons that they stand for.

use cis_rules::internals::sets::{Comparisons, Language, Partition, StringSet};
use cis_rules::selector::{Condition, Operator};
use proptest::prelude::*;

const HEADER: &str = "arn:aws:s3:::";

/// Texts close to each other, ARN-like or not.
fn text() -> impl Strategy<Value = String> {
    let plain = "[ab/]{0,4}";
    let object = "arn:aws:s3:::[ab]{0,5}";
    let key = "arn:aws:s3:::[ab]{2,4}/[ab/.]{0,3}";
    let end = ":::[ab]{2,4}/|[ab]{0,3}/[ab]{0,2}|s3:::[ab]{3}/";
    let long = (250_usize..258, "[ab]{0,2}/?")
        .prop_map(|(length, end)| [HEADER, &"a".repeat(length), &end].concat());
    prop_oneof![4 => plain, 4 => object, 4 => key, 3 => end, 1 => long]
}

fn operator() -> impl Strategy<Value = Operator> {
    proptest::sample::select(Operator::ALL.to_vec())
}

fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    let condition = (operator(), proptest::collection::vec(text(), 1..4))
        .prop_map(|(operator, values)| Condition { operator, values });
    proptest::collection::vec(condition, 0..3)
}

fn language() -> impl Strategy<Value = Language<'static>> {
    proptest::sample::select(vec![
        Language::Any,
        Language::AnyOrAbsent,
        Language::OneOrAbsent("aa"),
        Language::Objects(HEADER),
    ])
}

fn in_language(language: Language<'_>, string: &str) -> bool {
    match language {
        Language::Any | Language::AnyOrAbsent => true,
        Language::OneOrAbsent(only) => string == only,
        Language::Objects(header) => string
            .strip_prefix(header)
            .and_then(|object| object.split_once('/'))
            .is_some_and(|(bucket, _)| cis_rules::question::BucketName::is_valid(bucket)),
    }
}

fn partition<'a>(language: Language<'a>, lists: &'a [Vec<Condition>]) -> Partition<'a> {
    let mut tests = Comparisons::default();
    for condition in lists.iter().flatten() {
        tests.add(condition.operator, condition.values.iter().map(String::as_str));
    }
    Partition::new(language, tests)
}

fn meets_any(string: &str, conditions: &[Condition]) -> bool {
    conditions.iter().any(|condition| {
        condition.values.iter().any(|value| condition.operator.compares(string, value))
    })
}

/// Strings that conditions may tell apart.
fn samples(lists: &[Vec<Condition>], more: &[String]) -> Vec<String> {
    let texts: Vec<&String> =
        lists.iter().flatten().flat_map(|condition| &condition.values).chain(more).collect();
    let mut samples = Vec::new();
    for text in &texts {
        samples.extend([
            (*text).clone(),
            format!("{text}a"),
            format!("{text}~"),
            format!("{HEADER}{text}/"),
            format!("{HEADER}{text}b/a"),
        ]);
        samples.extend(texts.iter().map(|other| format!("{text}{other}")));
        samples.extend(texts.iter().map(|other| format!("{text}/~{other}")));
    }
    samples
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn sets_hold_what_their_conditions_say(
        language in language(), a in conditions(), b in conditions(), more in proptest::collection::vec(text(), 0..4)
    ) {
        let lists = [a, b];
        let partition = partition(language, &lists);
        let [a, b] = [&lists[0], &lists[1]].map(|list| partition.meeting_any(list));
        for sample in samples(&lists, &more).iter().filter(|sample| in_language(language, sample)) {
            let has = |set: &StringSet| partition.contains(set, Some(sample));
            prop_assert_eq!(has(&a), meets_any(sample, &lists[0]), "{}", sample);
            prop_assert_eq!(has(&b), meets_any(sample, &lists[1]), "{}", sample);
            prop_assert!(has(&partition.all()) && !has(&partition.none()));
            prop_assert_eq!(has(&a.and(&b)), has(&a) && has(&b));
            prop_assert_eq!(has(&a.or(&b)), has(&a) || has(&b));
            prop_assert_eq!(has(&a.minus(&b)), has(&a) && !has(&b));
        }
    }

    #[test]
    fn sets_obey_the_laws_of_sets(language in language(), a in conditions(), b in conditions(), c in conditions()) {
        let lists = [a, b, c];
        let partition = partition(language, &lists);
        let [a, b, c] = [&lists[0], &lists[1], &lists[2]].map(|list| partition.meeting_any(list));
        let (all, none) = (partition.all(), partition.none());
        let not = |set: &StringSet| all.minus(set);
        prop_assert_eq!(a.and(&b), b.and(&a));
        prop_assert_eq!(a.or(&b), b.or(&a));
        prop_assert_eq!(a.and(&b).and(&c), a.and(&b.and(&c)));
        prop_assert_eq!(a.or(&b).or(&c), a.or(&b.or(&c)));
        prop_assert_eq!(a.and(&b.or(&c)), a.and(&b).or(&a.and(&c)));
        prop_assert_eq!(a.or(&b.and(&c)), a.or(&b).and(&a.or(&c)));
        prop_assert_eq!(a.and(&a.or(&b)), a.clone());
        prop_assert_eq!(not(&not(&a)), a.clone());
        prop_assert_eq!(not(&a.or(&b)), not(&a).and(&not(&b)));
        prop_assert_eq!(not(&a.and(&b)), not(&a).or(&not(&b)));
        prop_assert_eq!(a.minus(&b), a.and(&not(&b)));
        prop_assert_eq!(a.or(&not(&a)), all.clone());
        prop_assert_eq!(a.and(&not(&a)), none.clone());
        prop_assert_eq!(a.is_subset(&b), a.minus(&b).is_empty());
        prop_assert_eq!(a.is_subset(&b), a.or(&b) == b);
        prop_assert_eq!(a.intersects(&b), !a.and(&b).is_empty());
        prop_assert!(none.is_empty() && none.is_subset(&a) && a.is_subset(&all));
    }

    #[test]
    fn texts_in_order_are_found_like_any_others(
        language in language(),
        others in conditions(),
        mut texts in proptest::collection::vec(text(), 0..6),
    ) {
        texts.sort();
        texts.dedup();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut tests = Comparisons::default();
        for condition in &others {
            tests.add(condition.operator, condition.values.iter().map(String::as_str));
        }
        tests.add_in_order(&texts);
        let partition = Partition::new(language, tests);
        for some in [&texts[..], &texts[texts.len() / 2..], &texts[..texts.len() / 2]] {
            let found = partition.equal_to_any_in_order(some);
            prop_assert_eq!(&found, &partition.equal_to_any(some.iter().copied()));
            for text in some.iter().filter(|text| in_language(language, text)) {
                prop_assert!(partition.contains(&found, Some(text)), "{}", text);
            }
        }
    }

    #[test]
    fn every_class_has_its_example(language in language(), a in conditions(), b in conditions()) {
        let lists = [a, b];
        let partition = partition(language, &lists);
        let all = partition.all();
        for (row, column) in all.cells.cells() {
            let example = partition.example(row, column).unwrap();
            prop_assert!(in_language(language, &example), "{}", example);
            prop_assert_eq!(partition.cell_of(&example), Some((row, column)), "{}", example);
            prop_assert!(partition.points().iter().all(|point| point.text.as_deref() != Some(&example)));
        }
        for (row, column) in all.keyless.cells() {
            let example = partition.keyless_example(row, column).unwrap();
            prop_assert!(in_language(language, &example) && example.ends_with('/'), "{}", example);
            let only = StringSet { keyless: all.keyless.clone(), ..partition.none() };
            prop_assert!(partition.contains(&only, Some(&example)), "{}", example);
        }
        for point in partition.points() {
            prop_assert!(point.text.as_deref().is_none_or(|text| in_language(language, text)));
        }
    }
}
