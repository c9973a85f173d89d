//! Delivered records held against the selectors: contradictions, and what they say of assumptions.

use cis_evidence::answer::{LogsAnswer, RestsOn};

use super::{count, fact, table};
use crate::html::{Attribute, Html};

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
                        let reasons = trail.reasons.join("; ");
                        html.leaf("li", &[], &format!("{}: {} {reasons}", trail.arn, trail.answer));
                    }
                });
                html.leaf("pre", &[], &format!("{:#}", contradiction.record));
            });
        }
    });
    if answer.more_contradictions {
        html.leaf("p", &[], "There are more.");
    }
}
