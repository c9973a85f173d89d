//! Regular expressions: what matches them, and texts that do.

use regex_lite::Regex;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// The most texts of a pattern that are looked at.
const MOST: usize = 64;

/// A regular expression that a whole text must match.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    regex: Regex,
    hir: Hir,
}

impl Pattern {
    /// Reads a pattern; none where it has what is not read here, such as a look-ahead.
    pub(crate) fn new(pattern: &str) -> Option<Self> {
        let regex = Regex::new(&format!("^(?:{pattern})$")).ok()?;
        // Java's `\d` and `\w`, which CloudFormation's patterns are of, are ASCII.
        let hir = ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).ok()?;
        Some(Self { regex, hir })
    }

    /// As it is written, with what makes it match the whole.
    pub(crate) fn source(&self) -> &str {
        self.regex.as_str()
    }

    /// Whether a text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Whether every text that matches has these characters only.
    pub(crate) fn has_only(&self, is_meant: fn(char) -> bool) -> bool {
        has_only(&self.hir, is_meant)
    }

    /// The length of the longest text that matches; none where there is none such.
    pub(crate) fn longest(&self) -> Option<usize> {
        self.hir.properties().maximum_len()
    }

    /// All texts that match, where they are few.
    pub(crate) fn all(&self) -> Option<Vec<String>> {
        let Texts { texts, are_all } = texts(&self.hir);
        are_all.then(|| texts.into_iter().filter(|text| self.matches(text)).collect())
    }

    /// Some texts that match.
    pub(crate) fn examples(&self) -> Vec<String> {
        texts(&self.hir).texts.into_iter().filter(|text| self.matches(text)).collect()
    }
}

fn has_only(hir: &Hir, is_meant: fn(char) -> bool) -> bool {
    let is_byte = |byte: u8| byte.is_ascii() && is_meant(char::from(byte));
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => literal.0.iter().copied().all(is_byte),
        HirKind::Class(Class::Bytes(class)) => {
            class.iter().all(|range| (range.start()..=range.end()).all(is_byte))
        }
        HirKind::Class(Class::Unicode(class)) => class
            .iter()
            .all(|range| range.end().is_ascii() && { (range.start()..=range.end()).all(is_meant) }),
        HirKind::Repetition(repetition) => has_only(&repetition.sub, is_meant),
        HirKind::Capture(capture) => has_only(&capture.sub, is_meant),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().all(|part| has_only(part, is_meant))
        }
    }
}

/// Texts that match a part of a pattern, and whether there are no others.
struct Texts {
    texts: Vec<String>,
    are_all: bool,
}

impl Texts {
    fn one(text: &str) -> Self {
        Self { texts: vec![text.to_string()], are_all: true }
    }

    fn cut(mut self) -> Self {
        if self.texts.len() > MOST {
            self.texts.truncate(MOST);
            self.are_all = false;
        }
        self
    }

    fn then(self, next: &Self) -> Self {
        let both = self
            .texts
            .iter()
            .flat_map(|start| next.texts.iter().map(move |end| format!("{start}{end}")));
        let texts = both.take(MOST + 1).collect();
        Self { texts, are_all: self.are_all && next.are_all }.cut()
    }

    fn or(mut self, other: Self) -> Self {
        self.texts.extend(other.texts);
        Self { texts: self.texts, are_all: self.are_all && other.are_all }.cut()
    }
}

fn texts(hir: &Hir) -> Texts {
    let none = || Texts { texts: Vec::new(), are_all: true };
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Texts::one(""),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => Texts::one(text),
            Err(_) => Texts { texts: Vec::new(), are_all: false },
        },
        HirKind::Class(class) => {
            let characters: Vec<char> = match class {
                Class::Bytes(class) => class
                    .iter()
                    .flat_map(|range| range.start()..=range.end())
                    .map(char::from)
                    .take(MOST + 1)
                    .collect(),
                Class::Unicode(class) => class
                    .iter()
                    .flat_map(|range| range.start()..=range.end())
                    .take(MOST + 1)
                    .collect(),
            };
            let texts = characters.into_iter().map(String::from).collect();
            Texts { texts, are_all: true }.cut()
        }
        HirKind::Repetition(repetition) => {
            let one = texts(&repetition.sub);
            let least = repetition.min.min(MOST as u32);
            let mut all = (0..least).fold(Texts::one(""), |all, _| all.then(&one));
            let mut longer = Texts { texts: all.texts.clone(), are_all: all.are_all };
            let most = repetition.max.unwrap_or(u32::MAX).min(least.saturating_add(4));
            for _ in least..most {
                longer = longer.then(&one);
                let next = Texts { texts: longer.texts.clone(), are_all: longer.are_all };
                all = all.or(next);
            }
            all.are_all &= repetition.max.is_some_and(|max| max <= most);
            all
        }
        HirKind::Capture(capture) => texts(&capture.sub),
        HirKind::Concat(parts) => {
            parts.iter().fold(Texts::one(""), |all, part| all.then(&texts(part)))
        }
        HirKind::Alternation(parts) => parts.iter().fold(none(), |all, part| all.or(texts(part))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(pattern: &str) -> Option<Vec<String>> {
        Pattern::new(pattern).unwrap().all()
    }

    #[test]
    fn few_texts_are_listed() {
        assert_eq!(all("^(true|false)$"), Some(vec!["true".to_string(), "false".to_string()]));
        assert_eq!(all("pro?d"), Some(vec!["prd".to_string(), "prod".to_string()]));
        assert_eq!(all("[ab]{2}").map(|all| all.len()), Some(4));
        assert_eq!(all("[a-z]+"), None);
        assert_eq!(all("x{3,20}"), None);
        assert!(Pattern::new("(?!x)y").is_none());
    }

    #[test]
    fn examples_match_and_characters_are_known() {
        let name = Pattern::new("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$").unwrap();
        let is_name =
            |character: char| character.is_ascii_alphanumeric() || ".-_".contains(character);
        assert!(name.has_only(is_name));
        assert!(!name.examples().is_empty());
        for pattern in ["", "arn:.*", "[^x]", "\\S+", "a|/"] {
            let is_empty = pattern.is_empty();
            assert_eq!(Pattern::new(pattern).unwrap().has_only(is_name), is_empty, "{pattern}");
        }
    }
}
