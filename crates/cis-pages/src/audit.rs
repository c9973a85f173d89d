//! The page about accounts: the totals, then a picture of accounts and Regions, each cell of which opens
//! the lost event or the proof.
//!
//! The page is written in parts, so that the memory it takes does not grow with the accounts: what is
//! kept of them is counts, and the worst few for readers without scripts. The script draws the rows
//! that are seen, from the answers that stand in the page as JSON.

mod asked;
mod counts;
mod grid;
mod summary;

use std::collections::BTreeMap;
use std::io;

use cis_findings::assumption::assumed;
use cis_findings::regions::Recorded;
use cis_findings::sheet::Sheet;
use cis_rules::question::Question;

use self::counts::{Counts, Standing};
use crate::STYLE;
use crate::html::{Attribute, Html, Setting, escaped};
use crate::table::count;

const SETTING: Setting = Setting {
    title: "What CloudTrail's trails record of S3",
    styles: &[STYLE, include_str!("audit/audit.css")],
    script: Some(include_str!("audit/audit.js")),
};

/// The most answers that are in the page for readers without scripts.
const WITHOUT_SCRIPT: usize = 200;

/// An answer, ready for the page.
#[derive(Clone, Debug)]
pub struct Entry {
    sheet: Sheet,
    json: String,
}

impl Entry {
    /// The entry of a sheet.
    ///
    /// # Errors
    /// Where the sheet cannot be written as JSON.
    pub fn of(sheet: Sheet) -> io::Result<Self> {
        let json = escaped(&serde_json::to_string(&sheet)?);
        Ok(Self { sheet, json })
    }
}

/// A page while answers come in: first each is [added](Self::add), then the page is
/// [what stands before them](Self::before), what adding has given, and [what stands
/// after](Self::after).
#[derive(Debug, Default)]
pub struct Page {
    counts: Counts,
    /// The first answers of each standing, the worst first.
    worst: [Vec<Sheet>; 4],
}

impl Page {
    /// Adds an answer, and gives what is written of it.
    #[must_use]
    pub fn add(&mut self, entry: Entry) -> String {
        let before = if self.counts.answers() == 0 { "\n" } else { ",\n" };
        self.counts.add(&entry.sheet);
        if let Some(kept) = self.worst.get_mut(Standing::of(&entry.sheet) as usize)
            && kept.len() < WITHOUT_SCRIPT
        {
            kept.push(entry.sheet);
        }
        [before, &entry.json].concat()
    }

    /// What stands before the answers. Some may not be on the page: how many.
    #[must_use]
    pub fn before(&self, questions: &[Question], left_out: usize) -> String {
        let mut out = Html::begin(&SETTING);
        out += &Html::part(|html| {
            let skip = [Attribute::Own("class", "skip"), Attribute::Own("href", "#main")];
            html.leaf("a", &skip, "To the content");
            html.element("header", &[], |html| {
                html.leaf("h1", &[], SETTING.title);
                summary::totals(html, &self.counts, left_out);
            });
            html.element("main", &[Attribute::Own("id", "main")], |html| {
                section(html, "accounts-and-regions", "Accounts and Regions", |html| {
                    self.accounts(html);
                });
                section(html, "regions", "Regions", |html| summary::regions(html, &self.counts));
                section(html, "causes", "Causes", |html| summary::causes(html, &self.counts));
                section(html, "asked", "What was asked", |html| asked::write(html, questions));
            });
            html.begin_data("answers");
        });
        out.push('[');
        out
    }

    /// What stands after the answers.
    ///
    /// # Errors
    /// Where what the script has to know cannot be written as JSON.
    pub fn after(&self) -> io::Result<String> {
        let assumptions: BTreeMap<&str, String> =
            self.counts.assumptions().map(|one| (one.name(), assumed(one, "answer"))).collect();
        let about = serde_json::to_string(&serde_json::json!({
            "regions": self.counts.columns(),
            "rules": self.counts.rules(),
            "assumptions": assumptions,
        }))?;
        let rest = Html::part(|html| {
            html.end_data();
            html.data("about", &about);
        });
        Ok(["\n]", &rest, &Html::end(&SETTING)].concat())
    }

    fn accounts(&self, html: &mut Html) {
        html.element("p", &[Attribute::Own("class", "legend")], |html| {
            for recorded in [Recorded::NotAll, Recorded::NotKnown, Recorded::All] {
                html.element("span", &[], |html| {
                    grid::mark(html, "span", recorded, false);
                    html.text(match recorded {
                        Recorded::NotAll => " some of the Region's events are lost",
                        Recorded::NotKnown => " it is not known whether any are",
                        Recorded::All => " the trails together record all of them",
                    });
                });
            }
            html.element("span", &[], |html| {
                html.leaf("span", &[Attribute::Own("class", "key home")], "");
                html.text(" a trail has its home there");
            });
        });
        html.leaf(
            "p",
            &[Attribute::Own("class", "note")],
            "The verdict is about the account, and only multi-Region trails prove it. A single-Region \
             trail records its home Region, and no other.",
        );
        let shown = self.worst.iter().flatten().take(WITHOUT_SCRIPT);
        grid::write(html, &self.counts, shown);
        if let hidden @ 1.. = self.counts.answers().saturating_sub(WITHOUT_SCRIPT) {
            html.leaf(
                "p",
                &[Attribute::Own("id", "without-script")],
                &format!(
                    "Without its script the page shows the worst {WITHOUT_SCRIPT} answers. The other {} \
                     are in it, too, as JSON.",
                    count(hidden as u64)
                ),
            );
        }
    }
}

fn section(
    html: &mut Html,
    id: &'static str,
    title: &'static str,
    content: impl FnOnce(&mut Html),
) {
    html.element("section", &[Attribute::Own("aria-labelledby", id)], |html| {
        html.leaf("h2", &[Attribute::Own("id", id)], title);
        content(html);
    });
}

#[cfg(test)]
mod tests;
