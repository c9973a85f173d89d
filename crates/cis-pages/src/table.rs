//! What pages have in common: facts, numbers, tables.

use crate::html::{Attribute, Html};

/// A fact in a list of them.
pub(crate) fn fact(html: &mut Html, name: &str, value: &str) {
    html.element("div", &[], |html| {
        html.leaf("dt", &[], name);
        html.leaf("dd", &[], value);
    });
}

/// A number with its thousands apart.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut apart = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart
}

/// A box that scrolls by itself where the window is narrow; the keyboard reaches it.
pub(crate) fn scrolling(html: &mut Html, label: &str, content: impl FnOnce(&mut Html)) {
    let attributes = [
        Attribute::Own("class", "scroll"),
        Attribute::Own("tabindex", "0"),
        Attribute::Own("role", "region"),
        Attribute::Label(label),
    ];
    html.element("div", &attributes, content);
}

/// A table: its titles, those of numbers on the right.
pub(crate) fn table(
    html: &mut Html,
    caption: &str,
    titles: &[(&str, bool)],
    rows: impl IntoIterator<Item = Vec<String>>,
) {
    scrolling(html, caption, |html| {
        html.element("table", &[], |html| {
            html.leaf("caption", &[], caption);
            html.element("thead", &[], |html| {
                html.element("tr", &[], |html| {
                    for (title, is_number) in titles {
                        let attributes = [Attribute::Own("scope", "col"), number_class(*is_number)];
                        html.leaf("th", &attributes, title);
                    }
                });
            });
            html.element("tbody", &[], |html| {
                for row in rows {
                    html.element("tr", &[], |html| {
                        for (index, (cell, (_, is_number))) in row.iter().zip(titles).enumerate() {
                            if index == 0 {
                                html.leaf("th", &[Attribute::Own("scope", "row")], cell);
                            } else {
                                html.leaf("td", &[number_class(*is_number)], cell);
                            }
                        }
                    });
                }
            });
        });
    });
}

const fn number_class(is_number: bool) -> Attribute<'static> {
    Attribute::Own("class", if is_number { "number" } else { "words" })
}
