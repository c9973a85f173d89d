//! Functions with patterns. A pattern that Terraform's reader and the one here may understand
//! differently is not used, and neither is a text that is not ASCII.
//!
//! Sources: <https://developer.hashicorp.com/terraform/language/functions/regex>,
//! <https://github.com/google/re2/wiki/Syntax>

use regex_lite::{Captures, Regex};
use std::rc::Rc;

use super::not_done;
use crate::source::evaluator::Evaluator;
use crate::source::fault::{Answer, Fault};
use crate::source::types::text;
use crate::source::value::{Members, Val};

/// The most that a repetition may count, as RE2 has it.
const REPETITIONS: usize = 1000;

impl Evaluator<'_> {
    /// A function of a pattern; none where it is none of these.
    pub(super) fn pattern_function(&self, name: &str, all: &[Val]) -> Answer<Option<Val>> {
        let value = match (name, all) {
            ("regex" | "regexall", [pattern, whole]) => {
                let (pattern, whole) = (text(pattern)?, text(whole)?);
                let Some(pattern) = pattern_of(&pattern, &whole) else {
                    return Ok(Some(not_done("a pattern")));
                };
                let names = pattern.capture_names().skip(1).collect::<Vec<_>>();
                if names.iter().any(Option::is_some) && names.iter().any(Option::is_none) {
                    return Fault::wrong("a pattern has groups with and without names");
                }
                let mut found = pattern.captures_iter(&whole);
                if name == "regex" {
                    match found.next() {
                        Some(captures) => matched(&captures, &names)?,
                        None => return Fault::wrong("the pattern does not match"),
                    }
                } else {
                    let mut items = Vec::new();
                    for captures in found {
                        self.budget.items(items.len())?;
                        items.push(matched(&captures, &names)?);
                    }
                    Val::list(crate::source::value::ListKind::List, items)?
                }
            }
            ("replace", [whole, from, to]) => {
                let (whole, from, to) = (text(whole)?, text(from)?, text(to)?);
                let is_pattern = from.len() > 1 && from.starts_with('/') && from.ends_with('/');
                if is_pattern {
                    let pattern = from.get(1..from.len() - 1).unwrap_or_default();
                    match pattern_of(pattern, &whole) {
                        Some(pattern) if to.is_ascii() => self.replaced(&pattern, &whole, &to)?,
                        _ => not_done("a pattern"),
                    }
                } else if from.is_empty() && !whole.is_ascii() {
                    not_done("replacing an empty text")
                } else {
                    let found = whole.matches(&*from).count();
                    self.budget.text(whole.len() + found * to.len())?;
                    Val::text(whole.replace(&*from, &to))
                }
            }
            ("regex" | "regexall" | "replace", _) => {
                return Fault::wrong("wrong number of arguments");
            }
            _ => return Ok(None),
        };
        Ok(Some(value))
    }

    fn replaced(&self, pattern: &Regex, whole: &str, to: &str) -> Answer<Val> {
        let mut all = String::new();
        let mut end = 0;
        for captures in pattern.captures_iter(whole) {
            let Some(found) = captures.get(0) else { continue };
            all.push_str(whole.get(end..found.start()).unwrap_or_default());
            captures.expand(to, &mut all);
            end = found.end();
            self.budget.text(all.len())?;
        }
        all.push_str(whole.get(end..).unwrap_or_default());
        Ok(Val::text(all))
    }
}

/// What was found: the text, or that of each group.
fn matched(captures: &Captures<'_>, names: &[Option<&str>]) -> Answer<Val> {
    let group = |at: usize| captures.get(at).map_or(Val::Null, |found| Val::text(found.as_str()));
    if names.is_empty() {
        return Ok(group(0));
    }
    let groups = names.iter().enumerate().map(|(at, name)| (name, group(at + 1)));
    if names.iter().all(Option::is_none) {
        return Val::tuple(groups.map(|(_, value)| value).collect());
    }
    let named = groups.filter_map(|(name, value)| Some((Rc::from((*name)?), value)));
    Val::object(named.collect::<Members>())
}

/// A pattern, where both readers understand it alike.
fn pattern_of(pattern: &str, whole: &str) -> Option<Regex> {
    let is_plain = pattern.is_ascii() && whole.is_ascii() && !whole.contains('\x0b');
    (is_plain && is_common(pattern.as_bytes())).then(|| Regex::new(pattern).ok()).flatten()
}

/// Whether a pattern has only what both readers have.
fn is_common(mut rest: &[u8]) -> bool {
    let mut may_repeat = false;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'\\' => match after.split_first() {
                Some((escaped, after)) if is_escape(*escaped, b"dDwWsSbBAz") => {
                    rest = after;
                    may_repeat = !b"bBAz".contains(escaped);
                }
                _ => return false,
            },
            b'[' => match class(after) {
                Some(after) => {
                    rest = after;
                    may_repeat = true;
                }
                None => return false,
            },
            b'(' => {
                let is_known = |start: &&&[u8]| after.starts_with(start);
                let starts: [&[u8]; 4] = [b"?:", b"?P<", b"?i)", b"?i:"];
                rest = match starts.iter().find(is_known) {
                    Some(start) => after.get(start.len()..).unwrap_or_default(),
                    None if after.starts_with(b"?") => return false,
                    None => after,
                };
                may_repeat = false;
            }
            b'*' | b'+' | b'?' | b'{' => {
                if !may_repeat {
                    return false;
                }
                if *first == b'{' {
                    match counted(after) {
                        Some(after) => rest = after,
                        None => return false,
                    }
                }
                rest = rest.strip_prefix(b"?").unwrap_or(rest);
                may_repeat = false;
            }
            b'|' | b'^' | b'$' => may_repeat = false,
            b'}' | b']' => return false,
            _ => may_repeat = true,
        }
    }
    true
}

/// Whether an escape means the same to both: of these letters, or of punctuation.
fn is_escape(escaped: u8, letters: &[u8]) -> bool {
    letters.contains(&escaped)
        || b"nrt".contains(&escaped)
        || escaped.is_ascii_punctuation() && !b"<>_".contains(&escaped)
}

/// What stands behind a class in brackets, where it has single characters, ranges and escapes only.
fn class(rest: &[u8]) -> Option<&[u8]> {
    let mut rest = rest.strip_prefix(b"^").unwrap_or(rest);
    let mut before = 0;
    loop {
        let (first, after) = rest.split_first()?;
        rest = after;
        match first {
            b']' if before != 0 => return Some(after),
            b']' | b'[' => return None,
            b'\\' => {
                let (escaped, after) = after.split_first()?;
                if !is_escape(*escaped, b"dDwWsS") {
                    return None;
                }
                rest = after;
            }
            // Two of these are operators to one of the readers.
            b'&' | b'-' | b'~' if before == *first => return None,
            _ => {}
        }
        before = *first;
    }
}

/// What stands behind `{1}`, `{1,}` or `{1,2}`.
fn counted(rest: &[u8]) -> Option<&[u8]> {
    let end = rest.iter().position(|byte| *byte == b'}')?;
    let (count, after) = rest.split_at(end);
    let count = std::str::from_utf8(count).ok()?;
    let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number <= REPETITIONS);
    let (least, most) = count.split_once(',').unwrap_or((count, ""));
    let least = number(least)?;
    let fits = most.is_empty() || number(most).is_some_and(|most| most >= least);
    if fits { after.get(1..) } else { None }
}
