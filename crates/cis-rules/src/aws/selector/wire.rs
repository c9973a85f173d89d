//! Selectors from AWS's JSON: the only file that knows how GetEventSelectors spells its members.
//!
//! A member that is not known is kept by name. A member that is `null` counts as absent.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use smallvec::SmallVec;

use super::{
    AdvancedSelector, BasicSelector, Condition, DataResource, Field, FieldSelector,
    ManagementEvents, Operator, ReadWriteType, Selector,
};

/// The response of GetEventSelectors.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EventSelectors {
    #[serde(default)]
    event_selectors: Option<Vec<BasicSelector>>,
    #[serde(default)]
    advanced_event_selectors: Option<Vec<AdvancedSelector>>,
}

impl EventSelectors {
    /// The selectors in the order of the response.
    pub(crate) fn into_selectors(self) -> Vec<Selector> {
        let basic = self.event_selectors.unwrap_or_default().into_iter().map(Selector::Basic);
        let advanced =
            self.advanced_event_selectors.unwrap_or_default().into_iter().map(Selector::Advanced);
        basic.chain(advanced).collect()
    }
}

/// An object whose members are read one by one, so that unknown ones are kept by name.
trait Members: Sized + Default {
    /// What the object is, for messages.
    const WHAT: &'static str;

    /// Reads the value of one member.
    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, map: &mut A) -> Result<(), A::Error>;
}

/// A member's name, borrowed where the text has it without escapes.
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member's name")
            }

            fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_string())))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}

struct MembersVisitor<T>(core::marker::PhantomData<T>);

impl<'de, T: Members> Visitor<'de> for MembersVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::WHAT)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut object = T::default();
        let mut seen: SmallVec<[Cow<'de, str>; 4]> = SmallVec::new();
        while let Some(Name(member)) = map.next_key()? {
            if seen.contains(&member) {
                return Err(A::Error::custom(format_args!(
                    "member `{member}` stands twice in {}",
                    T::WHAT
                )));
            }
            object.read(&member, &mut map)?;
            seen.push(member);
        }
        Ok(object)
    }
}

macro_rules! deserialize_by_members {
    ($($type:ty),*) => {$(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_map(MembersVisitor(core::marker::PhantomData))
            }
        }
    )*};
}

deserialize_by_members!(BasicSelector, DataResource, AdvancedSelector, FieldSelector);

fn list<'de, A: MapAccess<'de>, T: Deserialize<'de>>(map: &mut A) -> Result<Vec<T>, A::Error> {
    Ok(map.next_value::<Option<Vec<T>>>()?.unwrap_or_default())
}

/// Reads a member on which no verdict rests; `None` where it is of another shape.
fn lenient<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    map: &mut A,
    absent: T,
) -> Result<Option<T>, A::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written<T> {
        Known(Option<T>),
        Other(IgnoredAny),
    }
    Ok(match map.next_value()? {
        Written::Known(read) => Some(read.unwrap_or(absent)),
        Written::Other(IgnoredAny) => None,
    })
}

fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

impl Default for BasicSelector {
    fn default() -> Self {
        Self {
            read_write: ReadWriteType::All,
            data_resources: Vec::new(),
            management: Some(ManagementEvents::default()),
            unknown_members: Vec::new(),
        }
    }
}

impl Members for BasicSelector {
    const WHAT: &'static str = "an event selector";

    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, map: &mut A) -> Result<(), A::Error> {
        match member {
            "ReadWriteType" => {
                self.read_write = match map.next_value::<Option<String>>()? {
                    None => ReadWriteType::All,
                    Some(value) => match value.as_str() {
                        "All" => ReadWriteType::All,
                        "ReadOnly" => ReadWriteType::ReadOnly,
                        "WriteOnly" => ReadWriteType::WriteOnly,
                        _ => ReadWriteType::Unknown(value),
                    },
                };
            }
            "DataResources" => self.data_resources = list(map)?,
            // These two concern management events only.
            "IncludeManagementEvents" => {
                let read = lenient(map, true)?;
                self.management = self.management.take().zip(read).map(|(management, read)| {
                    ManagementEvents { are_included: read, ..management }
                });
            }
            "ExcludeManagementEventSources" => {
                let read = lenient(map, Vec::new())?;
                self.management = self.management.take().zip(read).map(|(management, read)| {
                    ManagementEvents { excluded_sources: read, ..management }
                });
            }
            _ => {
                self.unknown_members.push(member.to_string());
                skip(map)?;
            }
        }
        Ok(())
    }
}

impl Members for DataResource {
    const WHAT: &'static str = "a data resource";

    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, map: &mut A) -> Result<(), A::Error> {
        match member {
            "Type" => self.resource_type = map.next_value()?,
            "Values" => self.values = list(map)?,
            _ => {
                self.unknown_members.push(member.to_string());
                skip(map)?;
            }
        }
        Ok(())
    }
}

impl Members for AdvancedSelector {
    const WHAT: &'static str = "an advanced event selector";

    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, map: &mut A) -> Result<(), A::Error> {
        match member {
            "Name" => self.name = map.next_value()?,
            "FieldSelectors" => self.field_selectors = list(map)?,
            _ => {
                self.unknown_members.push(member.to_string());
                skip(map)?;
            }
        }
        Ok(())
    }
}

impl Default for FieldSelector {
    fn default() -> Self {
        Self {
            field: Field::Unknown(String::new()),
            conditions: Vec::new(),
            unknown_operators: Vec::new(),
        }
    }
}

impl Members for FieldSelector {
    const WHAT: &'static str = "a field selector";

    fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, map: &mut A) -> Result<(), A::Error> {
        if member == "Field" {
            self.field = Field::from_name(map.next_value::<Option<String>>()?.unwrap_or_default());
        } else if let Some(operator) =
            Operator::ALL.into_iter().find(|operator| operator.name() == member)
        {
            if let Some(values) = map.next_value()? {
                self.conditions.push(Condition { operator, values });
            }
        } else {
            self.unknown_operators.push(member.to_string());
            skip(map)?;
        }
        Ok(())
    }
}
