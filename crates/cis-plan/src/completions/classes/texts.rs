//! The classes of a text that ARNs are compared with.

use super::super::OpenText;
use super::super::domain::Domain;
use super::Class;
use super::names::Mentions;
use super::place::{LONGEST_NAME, Place, first_name, is_of_name};

/// The shortest.
const SHORTEST_NAME: usize = 3;

/// What the classes of an open text are made from.
pub(super) struct Texts<'a> {
    pub(super) open: &'a OpenText,
    pub(super) mentions: &'a Mentions<'a>,
    pub(super) places: &'a [Place<'a>],
    /// Texts that have classes of their own.
    pub(super) not: &'a [String],
    /// How the ARNs of objects start.
    pub(super) header: &'a str,
}

impl Texts<'_> {
    /// The classes; none where the text is better left open.
    pub(super) fn classes(&self) -> Option<Vec<Class>> {
        let is_start = |place: &Place<'_>| matches!(place, Place::Start { .. });
        let starts = self.places.iter().filter(|place| is_start(place)).count();
        if self.open.domain.is_name() || starts == 0 {
            return self.names("");
        }
        if !matches!(&self.open.domain, Domain::Text(_)) {
            return None;
        }
        let mut classes = self.arns()?;
        if starts < self.places.len() {
            // Where a name is meant, a whole ARN is none.
            classes.extend(self.names("")?);
        }
        Some(classes)
    }

    /// A text that may be a whole ARN: the start of one, one with a name, or something else.
    fn arns(&self) -> Option<Vec<Class>> {
        let after = self.places.iter().map(|place| match place {
            Place::Start { after } => Place::InArn {
                before: "",
                after: first_name(after),
                is_closed: {
                    let rest = after.trim_start_matches(is_of_name);
                    rest.starts_with(|next| super::super::marks::index_of(next).is_none())
                },
            },
            _ => Place::Nowhere,
        });
        let places: Vec<Place<'_>> = after.collect();
        let inner = OpenText { domain: Domain::any(), ..self.open.clone() };
        let in_arns = Texts { open: &inner, places: &places, not: &[], ..*self };
        let mut classes = in_arns.names(self.header)?;
        classes.extend(self.starts_of_arns().into_iter().map(Class::text));
        let other = ["*", "?", "!"].map(String::from);
        let other = other.into_iter().find(|text| !self.not.contains(text))?;
        classes.push(Class {
            value: "a text with which no ARN starts".to_string(),
            ..Class::text(&other)
        });
        let is_own = |class: &Class| class.text_is_one_of(self.not);
        classes.retain(|class| !is_own(class));
        // What is not allowed in the pattern cannot be told from what is.
        let is_allowed = |class: &Class| class.is_allowed(&self.open.domain);
        classes.iter().all(is_allowed).then_some(classes)
    }

    /// Texts with which all ARNs of objects start. Where they are compared as they are, only
    /// `arn:aws:s3` and `arn:aws:s3:` are others than the rest: to basic selectors.
    fn starts_of_arns(&self) -> Vec<&str> {
        let ends = self.header.char_indices().map(|(end, _)| end);
        let all = ends.filter_map(|end| self.header.get(..end));
        let is_whole = |place: &Place<'_>| matches!(place, Place::Start { after: "" });
        if !self.places.iter().all(is_whole) {
            return all.collect();
        }
        let service = self.header.trim_end_matches(':');
        let kind = |start: &&str| {
            (start.is_empty(), start.starts_with(service), start.len() > service.len())
        };
        let mut starts: Vec<&str> = Vec::new();
        for start in all.filter(|start| !self.not.iter().any(|not| not == start)) {
            if !starts.iter().any(|known| kind(known) == kind(&start)) {
                starts.push(start);
            }
        }
        starts
    }

    /// The classes of a name behind this start, and of what stands there and is no name.
    fn names(&self, header: &str) -> Option<Vec<Class>> {
        let domain = &self.open.domain;
        let names = self.mentions.names(self.places, &|text| domain.accepts(text));
        let is_other = |text: &&String| domain.accepts(text) && !self.not.contains(text);
        let mentioned: Vec<&String> = names.whole.iter().filter(is_other).collect();
        let all = names.whole.iter().chain(self.not).map(String::as_str);
        let avoid: Vec<&str> = self.mentions.texts().chain(all).collect();
        let others = &self.mentions.others;
        let hint = others.within(hint(&self.open.shown));
        let text = |text: &str| Class::text(&format!("{header}{text}"));
        let mut classes: Vec<Class> = mentioned.iter().map(|name| text(name)).collect();
        let mut made_up = Vec::new();
        let pairs = names
            .starts
            .iter()
            .flat_map(|start| names.ends.iter().map(move |end| (start.as_str(), end.as_str())));
        for (start, end) in pairs {
            match domain.fresh(start, end, &hint, &avoid).filter(|name| self.is_a_name(name)) {
                // What stands for others must leave the texts that are filled in later as much.
                Some(name) if !others.can_be_of(&name, domain) => return None,
                Some(name) => {
                    made_up.push(name.clone());
                    classes.push(Class::like(header, name, in_words(start, end), self.open));
                }
                // There may be such names although none was found.
                None if start.is_empty() && end.is_empty() || has_room(domain, start, end) => {
                    return None;
                }
                None => {}
            }
        }
        if domain.is_name() {
            return Some(classes);
        }
        let starts = mentioned.iter().map(|name| name.as_str());
        let starts: Vec<&str> = starts.chain(made_up.iter().map(String::as_str)).collect();
        classes.extend(self.no_names(header)?);
        if !domain.has_only(is_of_name) {
            classes.extend(starts.iter().flat_map(|name| self.keys(header, name)));
        }
        Some(classes)
    }

    /// Whether a text makes a bucket's name wherever it must.
    fn is_a_name(&self, text: &str) -> bool {
        text.chars().all(is_of_name)
            && self.places.iter().all(|place| match place {
                Place::InArn { before, after, is_closed } => {
                    let length = before.len() + text.len() + after.len();
                    length <= LONGEST_NAME && (!is_closed || length >= SHORTEST_NAME)
                }
                _ => true,
            })
    }

    /// Texts that are not in the names of buckets: nothing, too long ones, too short ones, others.
    fn no_names(&self, header: &str) -> Option<Vec<Class>> {
        let domain = &self.open.domain;
        let is_left = |text: &str| domain.accepts(text) && !self.not.iter().any(|not| not == text);
        let class = |text: &str, value: &str| Class {
            value: value.to_string(),
            ..Class::text(&format!("{header}{text}"))
        };
        let mut classes = Vec::new();
        if is_left("") {
            classes.push(class("", "the empty text"));
        }
        if !domain.has_only(is_of_name) {
            let other = ["*", "?", "!"].into_iter().find(|text| is_left(text))?;
            classes.push(class(other, "a text that is in no name"));
        }
        let around = |place: &Place<'_>| match place {
            Place::InArn { before, after, .. } => Some(before.len() + after.len()),
            _ => None,
        };
        let mut lengths: Vec<usize> = self.places.iter().filter_map(around).collect();
        lengths.sort_unstable();
        lengths.dedup();
        // Beside what it stands in, a name may be too long in one place and not in another.
        let longest = lengths.iter().map(|around| LONGEST_NAME.saturating_sub(*around));
        let lengths: Vec<usize> = longest.skip(1).chain([LONGEST_NAME + 1]).collect();
        for length in lengths {
            if domain.longest().is_some_and(|longest| longest < length) {
                continue;
            }
            let repeated = ["a", "x", "0", "A", "-", "a-"].map(|text| text.repeat(length));
            let long = repeated.iter().find(|text| is_left(text))?;
            classes.push(class(long, "a text that is too long for a name"));
        }
        let short = ["q", "7", "Q", "-", "q7", "77", "QQ"];
        if short.iter().any(|text| domain.accepts(text) && !self.is_a_name(text)) {
            let short = short.into_iter().find(|text| is_left(text) && !self.is_a_name(text))?;
            classes.push(class(short, "a text that is too short for a name"));
        }
        Some(classes)
    }

    /// Texts that have a name and a part of a key.
    fn keys(&self, header: &str, name: &str) -> Vec<Class> {
        let made_up = ["", "made-up", "made-up*"].map(|key| format!("{name}/{key}"));
        let is_clear = !self.mentions.has_keys(name)
            && made_up
                .iter()
                .all(|text| self.open.domain.accepts(text) && !self.not.contains(text));
        if !is_clear {
            return vec![Class::starting(&format!("{header}{name}/"), self.not)];
        }
        let value = format!("a text that starts with `{header}{name}/`");
        let class = |text: &String| Class {
            value: value.clone(),
            ..Class::text(&format!("{header}{text}"))
        };
        made_up.iter().map(class).collect()
    }
}

/// Whether there can be a text with this start and this end, and more between them.
fn has_room(domain: &Domain, start: &str, end: &str) -> bool {
    let (longest, is_meant): (usize, fn(char) -> bool) = match domain {
        Domain::BucketName { start: whole } => {
            if !start.starts_with(whole.as_str()) && !whole.starts_with(start) {
                return false;
            }
            (63, |one| !one.is_ascii_uppercase() && one != '_')
        }
        Domain::AccountId => (12, |one| one.is_ascii_digit()),
        Domain::Region(_) => (32, |_| true),
        Domain::StackName => (128, |_| true),
        Domain::Listed(_) | Domain::ListOf(_) | Domain::Text(_) => (usize::MAX, |_| true),
    };
    start.len() + end.len() < longest && start.chars().chain(end.chars()).all(is_meant)
}

fn in_words(start: &str, end: &str) -> String {
    match (start, end) {
        ("", "") => "any other name".to_string(),
        (start, "") => format!("any other name that starts with `{start}`"),
        ("", end) => format!("any other name that ends with `{end}`"),
        (start, end) => format!("any other name that starts with `{start}` and ends with `{end}`"),
    }
}

/// A name that says what it stands for: `log-bucket-made-up` for `${LogBucket}`.
fn hint(shown: &str) -> String {
    let mut name = String::new();
    for character in shown.chars() {
        match character {
            'a'..='z' | '0'..='9' => name.push(character),
            'A'..='Z' => {
                if name.ends_with(|last: char| last.is_ascii_lowercase()) {
                    name.push('-');
                }
                name.push(character.to_ascii_lowercase());
            }
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    let name = name.get(..name.len().min(40)).unwrap_or_default();
    format!("{}-made-up", name.trim_end_matches('-'))
}
