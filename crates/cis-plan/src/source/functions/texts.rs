//! Functions of texts.

use crate::source::evaluator::Evaluator;
use crate::source::fault::{Answer, Fault};
use crate::source::types::{number, text, truth};
use crate::source::value::{Number, Val};

/// Names of these functions.
const NAMES: [&str; 22] = [
    "chomp",
    "endswith",
    "format",
    "formatlist",
    "indent",
    "join",
    "lower",
    "regex",
    "regexall",
    "replace",
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
    "parseint",
];

impl Evaluator<'_> {
    /// A function of texts; none where it is none of these.
    pub(super) fn text_function(&self, name: &str, all: &[Val]) -> Answer<Option<Val>> {
        if !NAMES.contains(&name) {
            return Ok(None);
        }
        let value = match (name, all) {
            ("format", [pattern, values @ ..]) => self.format(&text(pattern)?, values)?,
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
            ("replace", [whole, from, to]) => {
                let (whole, from, to) = (text(whole)?, text(from)?, text(to)?);
                if from.len() > 1 && from.starts_with('/') && from.ends_with('/') {
                    let pattern = from.get(1..from.len() - 1).unwrap_or_default();
                    if to.contains('$') {
                        return Ok(Some(not_done("a replacement with `$`")));
                    }
                    let Some(pattern) = pattern_of(pattern, &whole)? else {
                        return Ok(Some(not_done("a pattern")));
                    };
                    Val::text(pattern.replace_all(&whole, &*to))
                } else if from.is_empty() {
                    not_done("replacing an empty text")
                } else {
                    let found = whole.matches(&*from).count();
                    self.budget.text(whole.len() + found * to.len())?;
                    Val::text(whole.replace(&*from, &to))
                }
            }
            ("regex" | "regexall", [_, _]) => not_done("a pattern"),
            ("lower", [value]) => ascii(&text(value)?, str::to_ascii_lowercase),
            ("upper", [value]) => ascii(&text(value)?, str::to_ascii_uppercase),
            ("title", [_]) | ("formatlist" | "indent" | "parseint", _) => not_done(name),
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

    /// `format`, with the verbs `%s`, `%d`, `%t`, `%v` and `%%`.
    fn format(&self, pattern: &str, values: &[Val]) -> Answer<Val> {
        let mut all = String::new();
        let mut values = values.iter();
        let mut characters = pattern.chars();
        while let Some(character) = characters.next() {
            if character != '%' {
                all.push(character);
                continue;
            }
            let verb = characters.next();
            if verb == Some('%') {
                all.push('%');
                continue;
            }
            if !matches!(verb, Some('s' | 'd' | 't' | 'v')) {
                return Ok(not_done("a verb of `format`"));
            }
            let Some(value) = values.next() else {
                return Fault::wrong("there are fewer values than verbs");
            };
            match (verb, value) {
                (Some('d'), value) => match number(value)? {
                    Number::Whole(whole) => all.push_str(&whole.to_string()),
                    Number::Fraction(_) => return Ok(not_done("`%d` of a fraction")),
                },
                (Some('t'), value) => all.push_str(&truth(value)?.to_string()),
                (Some('v'), Val::List(_) | Val::Map(_) | Val::Null) => {
                    self.json(value, &mut all)?
                }
                (_, value) => all.push_str(&text(value)?),
            }
            self.budget.text(all.len())?;
        }
        if values.next().is_some() {
            return Fault::wrong("there are more values than verbs");
        }
        Ok(Val::text(all))
    }
}

fn length_is_rest(all: &[Val]) -> bool {
    matches!(all.get(2), Some(Val::Number(Number::Whole(-1))))
}

/// A pattern, where both readers understand it alike.
fn pattern_of(pattern: &str, whole: &str) -> Answer<Option<regex_lite::Regex>> {
    let is_plain = pattern.is_ascii()
        && whole.is_ascii()
        && !pattern.contains("\\C")
        && !pattern.contains("\\Q")
        && !pattern.contains("[[:");
    Ok(if is_plain { regex_lite::Regex::new(pattern).ok() } else { None })
}

fn ascii(text: &str, change: fn(&str) -> String) -> Val {
    if text.is_ascii() { Val::text(change(text)) } else { not_done("a text that is not ASCII") }
}

fn not_done(what: &str) -> Val {
    Val::open(format!("{what} is not evaluated here"), "write the value out, or audit a plan")
}
