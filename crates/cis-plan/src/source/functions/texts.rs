//! Functions of texts.

use super::not_done;
use crate::source::evaluator::Evaluator;
use crate::source::fault::{Answer, Fault};
use crate::source::types::{number, text};
use crate::source::value::{Number, Val};

/// Names of these functions.
const NAMES: [&str; 16] = [
    "chomp",
    "endswith",
    "indent",
    "join",
    "lower",
    "split",
    "startswith",
    "strcontains",
    "strrev",
    "substr",
    "title",
    "trim",
    "trimprefix",
    "trimspace",
    "trimsuffix",
    "upper",
];

impl Evaluator<'_> {
    /// A function of texts; none where it is none of these.
    pub(super) fn text_function(&self, name: &str, all: &[Val]) -> Answer<Option<Val>> {
        if !NAMES.contains(&name) {
            return Ok(None);
        }
        let value = match (name, all) {
            ("join", [separator, lists @ ..]) => {
                let separator = text(separator)?;
                let mut parts = Vec::new();
                for list in lists {
                    for (_, item) in self.pairs(list)? {
                        parts.push(text(&item)?);
                    }
                }
                let bytes: usize = parts.iter().map(|part| part.len() + separator.len()).sum();
                self.budget.text(bytes)?;
                Val::text(parts.join(&*separator))
            }
            ("split", [separator, whole]) => {
                let (separator, whole) = (text(separator)?, text(whole)?);
                if separator.is_empty() && !whole.is_ascii() {
                    return Ok(Some(not_done("a text that is not ASCII")));
                }
                let parts: Vec<Val> = if separator.is_empty() {
                    whole.chars().map(|part| Val::text(part.to_string())).collect()
                } else {
                    whole.split(&*separator).map(Val::text).collect()
                };
                self.budget.items(parts.len())?;
                Val::list(crate::source::value::ListKind::List, parts)?
            }
            ("lower", [value]) => ascii(&text(value)?, str::to_ascii_lowercase),
            ("upper", [value]) => ascii(&text(value)?, str::to_ascii_uppercase),
            ("title", [value]) => ascii(&text(value)?, titled),
            ("indent", [spaces, value]) => {
                let value = text(value)?;
                let spaces = match number(spaces)? {
                    Number::Whole(spaces) => usize::try_from(spaces).ok(),
                    Number::Fraction(_) => None,
                };
                let Some(spaces) = spaces else {
                    return Fault::wrong("a whole number of spaces is needed");
                };
                let lines = value.matches('\n').count();
                self.budget.text(value.len().saturating_add(lines.saturating_mul(spaces)))?;
                Val::text(value.replace('\n', &format!("\n{}", " ".repeat(spaces))))
            }
            ("chomp", [value]) => Val::text(text(value)?.trim_end_matches(['\r', '\n'])),
            ("trimspace", [value]) => Val::text(text(value)?.trim()),
            ("trim", [value, cut]) => {
                let cut = text(cut)?;
                Val::text(text(value)?.trim_matches(|character| cut.contains(character)))
            }
            ("trimprefix", [value, cut]) => {
                let (value, cut) = (text(value)?, text(cut)?);
                Val::text(value.strip_prefix(&*cut).unwrap_or(&value))
            }
            ("trimsuffix", [value, cut]) => {
                let (value, cut) = (text(value)?, text(cut)?);
                Val::text(value.strip_suffix(&*cut).unwrap_or(&value))
            }
            ("startswith", [value, part]) => Val::Bool(text(value)?.starts_with(&*text(part)?)),
            ("endswith", [value, part]) => Val::Bool(text(value)?.ends_with(&*text(part)?)),
            ("strcontains", [value, part]) => Val::Bool(text(value)?.contains(&*text(part)?)),
            ("strrev", [value]) => ascii(&text(value)?, |text| text.chars().rev().collect()),
            ("substr", [value, start, length]) => {
                let value = text(value)?;
                let (Number::Whole(start), Number::Whole(length)) =
                    (number(start)?, number(length)?)
                else {
                    return Fault::wrong("a whole number is needed");
                };
                match (usize::try_from(start), usize::try_from(length)) {
                    (Ok(start), length)
                        if value.is_ascii() && (length.is_ok() || length_is_rest(all)) =>
                    {
                        let rest = value.get(start.min(value.len())..).unwrap_or_default();
                        let length = length.unwrap_or(rest.len()).min(rest.len());
                        Val::text(rest.get(..length).unwrap_or_default())
                    }
                    _ => not_done("`substr` from the end"),
                }
            }
            _ => return Fault::wrong("wrong number of arguments"),
        };
        Ok(Some(value))
    }
}

fn length_is_rest(all: &[Val]) -> bool {
    matches!(all.get(2), Some(Val::Number(Number::Whole(-1))))
}

fn ascii(text: &str, change: fn(&str) -> String) -> Val {
    if text.is_ascii() { Val::text(change(text)) } else { not_done("a text that is not ASCII") }
}

/// Each word with its first letter in upper case.
fn titled(text: &str) -> String {
    let mut before = ' ';
    let mut all = String::with_capacity(text.len());
    for character in text.chars() {
        let is_first = !before.is_ascii_alphanumeric() && before != '_';
        all.push(if is_first { character.to_ascii_uppercase() } else { character });
        before = character;
    }
    all
}
