//! A document as it was written: the one shape that JSON and YAML are read into.

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A text, or a whole number as it was written.
    Text(String),
    /// A scalar that readers of the format understand differently, such as YAML's `yes` or `0o17`.
    Unclear(String),
    /// A list.
    List(Vec<Node>),
    /// Members in the order of the document, each name once.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// A member of a map.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// The members of a map; none where it is something else.
    pub(crate) fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Map(members) => members,
            _ => &[],
        }
    }

    /// The elements of a list; none where it is something else.
    pub(crate) fn elements(&self) -> &[Self] {
        match self {
            Self::List(elements) => elements,
            _ => &[],
        }
    }

    /// The text.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether a text stands anywhere in it.
    pub(crate) fn mentions(&self, sought: &str) -> bool {
        match self {
            Self::Text(text) => text == sought,
            Self::List(elements) => elements.iter().any(|element| element.mentions(sought)),
            Self::Map(members) => members.iter().any(|(_, value)| value.mentions(sought)),
            Self::Null | Self::Bool(_) | Self::Unclear(_) => false,
        }
    }
}
