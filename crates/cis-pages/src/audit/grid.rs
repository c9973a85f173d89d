//! The picture: accounts by Regions. What is written here is for readers without scripts; the script
//! takes its place.

use std::collections::BTreeSet;

use cis_findings::regions::Recorded;
use cis_findings::sheet::Sheet;

use super::counts::{Counts, Standing};
use super::summary::every;
use crate::html::{Attribute, Html};
use crate::table::scrolling;

pub(super) fn write<'a>(html: &mut Html, counts: &Counts, sheets: impl Iterator<Item = &'a Sheet>) {
    let columns = counts.columns();
    let size = if columns.len() > FEW { "grid many" } else { "grid" };
    scrolling(html, "Picture of accounts and Regions", |html| {
        html.element(
            "table",
            &[Attribute::Own("id", "grid"), Attribute::Own("class", size)],
            |html| {
                html.element("thead", &[], |html| head(html, counts, &columns));
                let mut ids = BTreeSet::new();
                html.element("tbody", &[], |html| {
                    for sheet in sheets {
                        let is_first =
                            sheet.account.as_ref().is_some_and(|id| ids.insert(id.clone()));
                        row(html, counts, &columns, sheet, is_first);
                    }
                });
            },
        );
    });
}

/// With more Regions than these, their names stand upright.
const FEW: usize = 4;

fn head(html: &mut Html, counts: &Counts, columns: &[&str]) {
    let title = |html: &mut Html, class: &'static str, text: &str| {
        html.leaf("th", &[Attribute::Own("scope", "col"), Attribute::Own("class", class)], text);
    };
    html.element("tr", &[], |html| {
        title(html, "account", "Account");
        title(html, "verdict", "Verdict");
        if counts.has_several_kinds() {
            title(html, "kind", "Events");
        }
        title(html, "words", "Cause");
        for region in columns.iter().copied().chain([every(counts)]) {
            let column = [Attribute::Own("scope", "col"), Attribute::Own("class", "region")];
            html.element("th", &column, |html| html.leaf("span", &[], region));
        }
    });
}

fn row(html: &mut Html, counts: &Counts, columns: &[&str], sheet: &Sheet, is_first: bool) {
    html.element("tr", &[], |html| {
        let id = sheet.account.as_deref().filter(|_| is_first).unwrap_or_default();
        let own = [Attribute::Own("scope", "row"), Attribute::Own("class", "account")];
        let attributes = [own[0], own[1], Attribute::Account(id)];
        html.element("th", &attributes, |html| {
            html.text(sheet.account.as_deref().unwrap_or("not known"));
            if let Some(name) = &sheet.name {
                html.text(" ");
                html.leaf("span", &[Attribute::Own("class", "name")], name);
            }
        });
        html.element("td", &[Attribute::Own("class", "verdict")], |html| {
            let standing = Standing::of(sheet);
            let class = [Attribute::Own("class", standing.class())];
            html.leaf("span", &class, sheet.verdict.name());
            if standing == Standing::Excepted {
                html.text(" excepted");
            }
        });
        if counts.has_several_kinds() {
            html.leaf("td", &[Attribute::Own("class", "kind")], sheet.kind.name());
        }
        html.element("td", &[Attribute::Own("class", "words")], |html| {
            html.text(&sheet.cause);
            if let Some(lost) = &sheet.lost {
                html.leaf("p", &[], &format!("Lost, for example: {lost}"));
            }
            for (number, line) in sheet.fix.iter().enumerate() {
                let label = if number == 0 { "Fix: " } else { "" };
                html.leaf("p", &[], &format!("{label}{line}"));
            }
            for exception in &sheet.exceptions {
                html.leaf("p", &[], exception);
            }
            if let Some((_, line)) = sheet.proof.first() {
                html.leaf("p", &[], &format!("Proof: {line}"));
            }
        });
        for column in columns {
            let home = sheet.regions.iter().find(|home| home.region == *column);
            let there = home.and_then(|home| home.record.as_ref());
            mark(html, "td", there.unwrap_or(&sheet.elsewhere).recorded, home.is_some());
        }
        mark(html, "td", sheet.elsewhere.recorded, false);
    });
}

/// The mark of what is recorded: a sign, and the word that is heard.
pub(super) fn mark(html: &mut Html, element: &'static str, recorded: Recorded, is_home: bool) {
    let (class, at_home, sign, word) = match recorded {
        Recorded::NotAll => ("sign lost", "sign lost home", "\u{2715}", "loses events"),
        Recorded::NotKnown => ("sign open", "sign open home", "?", "not known"),
        Recorded::All => ("sign all", "sign all home", "\u{2713}", "records all"),
    };
    let class = if is_home { at_home } else { class };
    html.element(element, &[Attribute::Own("class", class)], |html| {
        html.leaf("span", &[Attribute::Own("aria-hidden", "true")], sign);
        html.leaf("span", &[Attribute::Own("class", "heard")], word);
    });
}
