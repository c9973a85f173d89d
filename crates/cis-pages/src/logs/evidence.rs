//! Delivered records held against the selectors: contradictions, and what they say of assumptions.

use cis_evidence::answer::{LogsAnswer, RestsOn};

use cis_rules::explain::{Comparison, Decision, TrailAnswer};
use cis_rules::selector::Operator;

use crate::html::{Attribute, Html};
use crate::table::{count, fact, table};

pub(super) fn write(html: &mut Html, answer: &LogsAnswer) {
    let judged = &answer.judged;
    html.element("dl", &[Attribute::Own("class", "facts")], |html| {
        fact(html, "Logged, as the selectors say", &count(judged.logged));
        fact(html, "Not known", &count(judged.not_known));
        fact(html, "Logged by no trail that is known", &count(judged.not_logged));
        fact(html, "Not judged", &count(judged.left_out));
    });
    if judged.unexplained > 0 {
        html.leaf(
            "p",
            &[],
            &format!(
                "{} of those may be delivered by a trail that neither these logs nor a snapshot name, \
                 so they refute nothing.",
                count(judged.unexplained)
            ),
        );
    }
    if !answer.contradictions.is_empty() {
        contradictions(html, answer);
    }
    if !answer.assumptions.is_empty() {
        let rows = answer.assumptions.iter().map(|(name, evidence)| {
            let by = [&evidence.confirmed_by, &evidence.refuted_by].into_iter().flatten();
            let by: Vec<String> =
                by.map(|(name, events)| format!("{name} {}", count(*events))).collect();
            vec![name.clone(), count(evidence.confirmed), count(evidence.refuted), by.join(", ")]
        });
        let titles = [("Assumption", false), ("Confirmed", true), ("Refuted", true), ("By", false)];
        table(html, "What the records say of what AWS does not document", &titles, rows);
    }
    if !judged.unknowns.is_empty() {
        let rows = judged
            .unknowns
            .iter()
            .map(|unknown| vec![unknown.reason.clone(), unknown.settled_by.clone()]);
        table(html, "What is not known", &[("What", false), ("What settles it", false)], rows);
    }
}

/// Why a trail does not log a record.
fn why(trail: &TrailAnswer) -> Vec<String> {
    let mut why = trail.reasons.clone();
    for selector in trail.records.iter().flat_map(|record| &record.selectors) {
        let decided = selector.decided_by.iter().map(|decision| match decision {
            Decision::Takes(comparison) => format!("{} takes it", condition(comparison)),
            Decision::Drops(comparison) => format!("{} keeps it out", condition(comparison)),
            Decision::NotKnown(unknown) => unknown.reason.clone(),
        });
        let decided: Vec<String> = decided.collect();
        let text = format!("selector {}: {}", selector.selector, decided.join("; "));
        if !why.contains(&text) {
            why.push(text);
        }
    }
    why
}

fn condition(comparison: &Comparison) -> String {
    let operator = comparison.operator.map_or("", Operator::name);
    format!("{} {operator} {}", comparison.field, comparison.values.join(", "))
}

fn contradictions(html: &mut Html, answer: &LogsAnswer) {
    html.leaf("h3", &[], "Contradictions");
    html.element("ol", &[Attribute::Own("class", "cards")], |html| {
        for contradiction in &answer.contradictions {
            html.element("li", &[], |html| {
                html.leaf("strong", &[Attribute::Own("class", "bad")], "Contradiction");
                html.text(" ");
                html.text(&contradiction.file);
                html.text(match contradiction.rests_on {
                    RestsOn::Snapshot => ". A snapshot lists the trails.",
                    RestsOn::History => ". The logs show how each trail was made.",
                });
                html.element("ul", &[], |html| {
                    for trail in &contradiction.explanation.trails {
                        html.element("li", &[], |html| {
                            html.text(&format!("{}: {}", trail.arn, trail.answer));
                            html.element("ul", &[], |html| {
                                for why in why(trail) {
                                    html.leaf("li", &[], &why);
                                }
                            });
                        });
                    }
                });
                html.lines("pre", &[], &format!("{:#}", contradiction.record));
            });
        }
    });
    if answer.more_contradictions {
        html.leaf("p", &[], "There are more.");
    }
}
