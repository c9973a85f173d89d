//! Totals: of the verdicts, the Regions and the causes.

use cis_findings::regions::Recorded;

use super::counts::{Counts, Standing};
use crate::html::{Attribute, Html};
use crate::table::{count, table};

/// How many answers there are of each verdict, in numbers and as a bar.
pub(super) fn totals(html: &mut Html, counts: &Counts, left_out: usize) {
    html.element("ul", &[Attribute::Own("class", "totals")], |html| {
        let is_told = |standing: &Standing| {
            *standing != Standing::Excepted || counts.of(Standing::Excepted) > 0
        };
        for standing in Standing::ALL.into_iter().filter(is_told) {
            html.element("li", &[], |html| {
                html.leaf("strong", &[], &count(counts.of(standing) as u64));
                html.text(" ");
                html.leaf("span", &[Attribute::Own("class", standing.class())], standing.name());
            });
        }
    });
    let all = counts.answers().max(1) as f64;
    let bar = [Attribute::Own("class", "share"), Attribute::Own("aria-hidden", "true")];
    html.element("div", &bar, |html| {
        for standing in Standing::ALL {
            let share = 100.0 * counts.of(standing) as f64 / all;
            let part =
                [Attribute::Own("class", standing.class()), Attribute::Percent("width", share)];
            html.leaf("span", &part, "");
        }
    });
    if left_out > 0 {
        let text = match left_out {
            1 => "1 more answer was left out of the page by request.".to_string(),
            more => {
                format!("{} more answers were left out of the page by request.", count(more as u64))
            }
        };
        html.leaf("p", &[Attribute::Own("class", "note")], &text);
    }
}

/// What is recorded in each Region.
pub(super) fn regions(html: &mut Html, counts: &Counts) {
    let names = counts.columns().into_iter().map(Some).chain([None]);
    let rows = names.map(|region| {
        let recorded = counts.recorded(region);
        let of = |which| count(*recorded.get(&which).unwrap_or(&0) as u64);
        vec![
            region.map_or_else(|| every(counts).to_string(), str::to_string),
            of(Recorded::NotAll),
            of(Recorded::NotKnown),
            of(Recorded::All),
            region.map_or_else(String::new, |region| count(counts.homes(region) as u64)),
        ]
    });
    let titles = [
        ("Region", false),
        ("Some events lost", true),
        ("Not known", true),
        ("All recorded", true),
        ("Trails' homes", true),
    ];
    table(html, "Answers, by what the trails together record in each Region", &titles, rows);
}

/// What the Regions are called that are no columns.
pub(super) fn every(counts: &Counts) -> &'static str {
    if counts.columns().is_empty() { "every Region" } else { "every other Region" }
}

/// What is the matter, the most frequent first.
pub(super) fn causes(html: &mut Html, counts: &Counts) {
    let rows = counts.rules().into_iter();
    let rows = rows.map(|(_, title, number)| vec![title.to_string(), count(number as u64)]);
    table(html, "Answers, by cause", &[("Cause", false), ("Answers", true)], rows);
}
