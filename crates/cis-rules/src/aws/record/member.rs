//! Members of a record's JSON, in every spelling that CloudTrail and the tools around it write:
//! `null` for what is absent, a list of one for a value, `"true"` for true.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What stands where a value of a shape is expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Member<T> {
    /// Nothing, or `null`.
    #[default]
    Absent,
    /// A value.
    Value(T),
    /// A value of another shape.
    Wrong,
}

impl<T> Member<T> {
    /// The value; `None` where there is none, or one of another shape.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Wrong => None,
        }
    }

    fn of(value: Option<T>) -> Self {
        value.map_or(Self::Wrong, Self::Value)
    }
}

/// A text.
pub type Text<'a> = Member<Cow<'a, str>>;

impl Text<'_> {
    /// The text, where there is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.value().map(AsRef::as_ref)
    }
}

/// Which JSON is a value of a type.
pub trait Shape<'de>: Sized {
    /// What is expected, for messages.
    const EXPECTED: &'static str;

    /// The value that a text is.
    #[must_use]
    fn of_text(_text: Cow<'de, str>) -> Option<Self> {
        None
    }

    /// The value that a boolean is.
    #[must_use]
    fn of_boolean(_boolean: bool) -> Option<Self> {
        None
    }

    /// The value that an object is.
    ///
    /// # Errors
    /// Where the text is not JSON.
    fn of_object<A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    /// The value that a list is: that of its only entry.
    ///
    /// # Errors
    /// Where the text is not JSON.
    fn of_list<A: SeqAccess<'de>>(mut list: A) -> Result<Member<Self>, A::Error> {
        let first = list.next_element::<Member<Self>>()?;
        let mut has_more = false;
        while list.next_element::<IgnoredAny>()?.is_some() {
            has_more = true;
        }
        Ok(first.filter(|_| !has_more).unwrap_or(Member::Wrong))
    }
}

impl<'de: 'a, 'a> Shape<'de> for Cow<'a, str> {
    const EXPECTED: &'static str = "a string is expected";

    fn of_text(text: Cow<'de, str>) -> Option<Self> {
        Some(text)
    }
}

impl<'de> Shape<'de> for bool {
    const EXPECTED: &'static str = "true or false is expected";

    fn of_text(text: Cow<'de, str>) -> Option<Self> {
        text.parse().ok()
    }

    fn of_boolean(boolean: bool) -> Option<Self> {
        Some(boolean)
    }
}

/// A list, whose entries are of a shape.
impl<'de, T: Shape<'de>> Shape<'de> for Vec<Member<T>> {
    const EXPECTED: &'static str = "an array is expected";

    fn of_list<A: SeqAccess<'de>>(mut list: A) -> Result<Member<Self>, A::Error> {
        let mut entries = Self::new();
        while let Some(entry) = list.next_element()? {
            entries.push(entry);
        }
        Ok(Member::Value(entries))
    }
}

/// An object of a type that reads its own members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Shape<'de> for Object<T> {
    const EXPECTED: &'static str = "an object is expected";

    fn of_object<A: MapAccess<'de>>(object: A) -> Result<Option<Self>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(object)).map(Self).map(Some)
    }
}

struct MemberVisitor<T>(PhantomData<T>);

impl<'de, T: Shape<'de>> Visitor<'de> for MemberVisitor<T> {
    type Value = Member<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Member<T>, E> {
        Ok(Member::Absent)
    }

    fn visit_bool<E>(self, boolean: bool) -> Result<Member<T>, E> {
        Ok(Member::of(T::of_boolean(boolean)))
    }

    fn visit_i64<E>(self, _number: i64) -> Result<Member<T>, E> {
        Ok(Member::Wrong)
    }

    fn visit_u64<E>(self, _number: u64) -> Result<Member<T>, E> {
        Ok(Member::Wrong)
    }

    fn visit_f64<E>(self, _number: f64) -> Result<Member<T>, E> {
        Ok(Member::Wrong)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Member<T>, E> {
        Ok(Member::of(T::of_text(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Member<T>, E> {
        Ok(Member::of(T::of_text(Cow::Owned(text.into()))))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Member<T>, A::Error> {
        T::of_object(object).map(Member::of)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Member<T>, A::Error> {
        T::of_list(list)
    }
}

impl<'de, T: Shape<'de>> Deserialize<'de> for Member<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MemberVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> Text<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_text_may_stand_in_a_list_of_one() {
        for (json, member) in [
            ("\"a\"", Member::Value("a".into())),
            ("\"\\u0061\"", Member::Value("a".into())),
            ("[\"a\"]", Member::Value("a".into())),
            ("[[\"a\"]]", Member::Value("a".into())),
            ("[null]", Member::Absent),
            ("null", Member::Absent),
            ("[]", Member::Wrong),
            ("[\"a\",\"b\"]", Member::Wrong),
            ("{\"a\":[{}]}", Member::Wrong),
            ("true", Member::Wrong),
            ("-1", Member::Wrong),
            ("1.5e3", Member::Wrong),
        ] {
            assert_eq!(text(json), member, "{json}");
        }
    }

    #[test]
    fn a_boolean_may_be_a_text() {
        for (json, member) in [
            ("true", Member::Value(true)),
            ("\"false\"", Member::Value(false)),
            ("[\"true\"]", Member::Value(true)),
            ("null", Member::Absent),
            ("\"yes\"", Member::Wrong),
            ("0", Member::Wrong),
        ] {
            assert_eq!(serde_json::from_str::<Member<bool>>(json).unwrap(), member, "{json}");
        }
    }

    #[test]
    fn what_is_not_json_is_an_error() {
        for json in ["", "[\"a\"", "{\"a\":}", "\"\\ud800\""] {
            assert!(serde_json::from_str::<Text<'_>>(json).is_err(), "{json}");
        }
    }
}
