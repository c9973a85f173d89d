//! One document after the other: an object or an array, whose records are given away while it is read.

use std::fmt;
use std::ops::ControlFlow;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::bounded::Budget;
use super::envelope;
use super::{LOG_EVENTS, NotARecord, Place, TextSink};

/// The lists of records, or of envelopes, that objects may hold.
const LISTS: [&str; 4] = ["Records", "Events", "events", LOG_EVENTS];

/// The documents of an input.
pub(super) struct Documents<'s, 'a> {
    sink: &'s mut TextSink<'a>,
    budget: &'s Budget,
    place: Place,
    is_broken: bool,
}

/// What came next.
pub(super) enum Next {
    /// A document.
    Document,
    /// The end of the input.
    End,
    /// A record at which the sink broke.
    Broken,
}

/// What the deserializer is stopped with where the sink breaks.
const STOPPED: &str = "stopped";

impl<'s, 'a> Documents<'s, 'a> {
    pub(super) fn new(sink: &'s mut TextSink<'a>, budget: &'s Budget) -> Self {
        Self { sink, budget, place: Place::default(), is_broken: false }
    }

    /// Reads one document.
    ///
    /// # Errors
    /// Where the input cannot be read, or is not JSON.
    pub(super) fn next<'de, R: serde_json::de::Read<'de>>(
        &mut self,
        deserializer: &mut serde_json::Deserializer<R>,
    ) -> Result<Next, serde_json::Error> {
        match deserializer.end() {
            Ok(()) => return Ok(Next::End),
            Err(error) if error.is_io() => return Err(error),
            Err(_something_follows) => {}
        }
        let read = Document { documents: self, is_entry: false }.deserialize(deserializer);
        match read {
            Ok(()) => {}
            Err(_) if self.is_broken => return Ok(Next::Broken),
            Err(error) => return Err(error),
        }
        self.place = Place { document: self.place.document + 1, ..Place::default() };
        Ok(Next::Document)
    }

    /// Gives away what stands in the place of a record.
    fn element<E: Error>(&mut self, text: &str) -> Result<(), E> {
        self.budget.renew();
        let (sink, place) = (&mut *self.sink, self.place);
        let flow = envelope::open(text, &mut |found| sink(place, found));
        self.flow(flow)
    }

    /// Gives away that something is no record.
    fn none<E: Error>(&mut self, what: &str) -> Result<(), E> {
        let flow = (self.sink)(self.place, Err(NotARecord::Other(what.to_string())));
        self.flow(flow)
    }

    fn flow<E: Error>(&mut self, flow: ControlFlow<()>) -> Result<(), E> {
        match flow {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => {
                self.is_broken = true;
                Err(E::custom(STOPPED))
            }
        }
    }
}

/// A document, or an entry of the array that is one.
struct Document<'d, 's, 'a> {
    documents: &'d mut Documents<'s, 'a>,
    is_entry: bool,
}

impl Document<'_, '_, '_> {
    fn expected(&self) -> &'static str {
        if self.is_entry { "an object is expected" } else { "a record is expected" }
    }
}

impl<'de> DeserializeSeed<'de> for Document<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let documents = self.documents;
        // A record by itself is known only at its end, so its text is put together again.
        let mut text = String::from("{");
        let mut has_list = false;
        while let Some(name) = object.next_key::<String>()? {
            match LISTS.into_iter().find(|list| *list == name) {
                Some(list) => {
                    has_list = true;
                    object.next_value_seed(List { documents, name: list })?;
                    documents.place.list = None;
                }
                None if has_list => {
                    object.next_value::<IgnoredAny>()?;
                }
                None => {
                    let value = object.next_value::<Box<RawValue>>()?;
                    let name = serde_json::to_string(&name).map_err(A::Error::custom)?;
                    let comma = if text.len() > 1 { "," } else { "" };
                    text.extend([comma, &name, ":", value.get()]);
                }
            }
        }
        if has_list {
            return Ok(());
        }
        text.push('}');
        documents.element(&text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        if self.is_entry {
            while array.next_element::<IgnoredAny>()?.is_some() {}
            let what = self.expected();
            return self.documents.none(what);
        }
        let documents = self.documents;
        let mut index = 0;
        loop {
            documents.place.entry = Some(index);
            let entry = Document { documents, is_entry: true };
            if array.next_element_seed(entry)?.is_none() {
                break;
            }
            index += 1;
        }
        documents.place.entry = None;
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        let what = self.expected();
        self.documents.none(what)
    }

    fn visit_bool<E: Error>(self, _boolean: bool) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_i64<E: Error>(self, _number: i64) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_u64<E: Error>(self, _number: u64) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_f64<E: Error>(self, _number: f64) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_str<E: Error>(self, _text: &str) -> Result<(), E> {
        self.visit_unit()
    }
}

/// The value of a member that holds a list.
struct List<'d, 's, 'a> {
    documents: &'d mut Documents<'s, 'a>,
    name: &'static str,
}

impl<'de> DeserializeSeed<'de> for List<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(entry) = list.next_element::<Box<RawValue>>()? {
            self.documents.place.list = Some((self.name, index));
            self.documents.element(entry.get())?;
            index += 1;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.visit_unit()
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.documents.none(&format!("`{}` must be an array", self.name))
    }

    fn visit_bool<E: Error>(self, _boolean: bool) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_i64<E: Error>(self, _number: i64) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_u64<E: Error>(self, _number: u64) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_f64<E: Error>(self, _number: f64) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_str<E: Error>(self, _text: &str) -> Result<(), E> {
        self.visit_unit()
    }
}
