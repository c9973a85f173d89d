//! The classes of a text that is the only one that the values of a field are compared with.
//!
//! Then the text parts the values into those that it takes and the others, and it does not matter
//! which they are: only whether it takes all, some or none.

use cis_rules::open_values::Asked;

use super::super::domain::Domain;
use super::super::marks::{Compared, OF_FIELD, Seen, index_of};
use super::Class;
use super::uses::Uses;

/// Longer than the ARN of any object.
const TOO_LONG: usize = 1400;
/// The longest key.
const LONGEST_KEY: usize = 1024;

/// Fields whose values are any text, with texts that some question leaves out.
const FIELDS: [(&str, &[&str]); 2] =
    [("userIdentity.arn", &[]), ("eventName", &["GetObject", "PutObject"])];

impl Uses<'_> {
    /// Whether this text, with what stands beside it, is the only one that the ends of ARNs are
    /// compared with and nothing parts their starts, or the only one for the values of another field.
    pub(super) fn is_alone(&self, seen: &Seen, asked: &Asked<'_>, header: &str) -> bool {
        let Some((_, Compared { text, .. })) = self.texts.first() else { return false };
        let field = field_of(text);
        let is_own = |compared: &Compared| {
            let mut marks = compared.text.chars().filter_map(index_of);
            marks.next() == Some(self.index) && marks.next().is_none()
        };
        let is_whole = |compared: &Compared| {
            compared.text.split_once(OF_FIELD).is_some_and(|(_, text)| text.chars().count() == 1)
        };
        let is_of_text = matches!(self.open.domain, Domain::Text(_));
        if !is_of_text || !self.texts.iter().all(|(index, one)| *index == self.index && is_own(one))
        {
            return false;
        }
        let of_field = seen.texts.iter().filter(|compared| field_of(&compared.text) == field);
        match field {
            Some(field) => {
                FIELDS.iter().any(|(known, _)| *known == field)
                    && of_field.into_iter().all(|one| is_own(one) && is_whole(one))
                    && self.texts.iter().all(|(_, one)| field_of(&one.text) == Some(field))
            }
            None => {
                asked.mentions.is_empty()
                    && asked.buckets.is_empty()
                    && self.texts.iter().all(|(_, one)| one.is_end && field_of(&one.text).is_none())
                    && of_field.into_iter().all(|one| match one.is_end {
                        true => is_own(one) || one.text.is_empty(),
                        false => header.starts_with(&one.text),
                    })
            }
        }
    }

    /// One text that takes some values, one that takes all, one that takes none; none where there
    /// may be such a text and it is not found.
    pub(super) fn classes_alone(&self) -> Option<Vec<Class>> {
        let domain = &self.open.domain;
        let is_left = |text: &str| domain.accepts(text) && !self.equals.iter().any(|it| it == text);
        let avoid: Vec<&str> = self.equals.iter().map(String::as_str).collect();
        let some = domain.fresh("", "", "made-up", &avoid)?;
        let mut classes = vec![Class::like("", some, "any other text".to_string(), self.open)];
        let field = self.texts.first().and_then(|(_, one)| field_of(&one.text));
        let out = FIELDS.iter().find(|(known, _)| Some(*known) == field).map(|(_, out)| *out);
        for text in out.unwrap_or_default().iter().filter(|text| is_left(text)) {
            classes.push(Class::text(text));
        }
        if is_left("") {
            let value = "the empty text".to_string();
            classes.push(Class { value, ..Class::text("") });
        }
        let longest = domain.longest().unwrap_or(TOO_LONG).min(TOO_LONG);
        if out.is_none() && longest > LONGEST_KEY {
            let long = ["a", "x", "0", "A", "-"].map(|text| text.repeat(longest));
            let long = long.iter().find(|text| is_left(text))?;
            let value = "a text that is too long for an ARN".to_string();
            classes.push(Class { value, ..Class::text(long) });
        }
        Some(classes)
    }
}

/// The field whose values a text is compared with; none for the ARNs of objects.
fn field_of(text: &str) -> Option<&str> {
    text.split_once(OF_FIELD).map(|(field, _)| field)
}
