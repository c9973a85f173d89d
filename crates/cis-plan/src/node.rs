//! A document as it was written: the one shape that JSON and YAML are read into.

/// The name of a member that readers add to some maps: where the map is written, `LINE:COLUMN`, or
/// `LINE:COLUMN:FILE` where the file is not that of the whole document. No file writes a member of
/// this name that is read.
pub(crate) const PLACE: &str = "\u{0}place";

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

/// A document, with the names in it that stand twice.
pub(crate) struct Document {
    /// All of it; of a name that stands twice, the last value.
    pub(crate) root: Node,
    /// The names that stand twice in one map.
    pub(crate) repeats: Vec<Repeat>,
}

/// A name that stands twice in one map.
pub(crate) struct Repeat {
    /// The names of the members around it, from the root.
    pub(crate) path: Vec<String>,
    /// The name.
    pub(crate) name: String,
    /// Where it stands first.
    pub(crate) first: Place,
    /// Where it stands again.
    pub(crate) second: Place,
}

/// A place in a text, from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The line.
    pub(crate) line: usize,
    /// The column.
    pub(crate) column: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {} column {}", self.line, self.column)
    }
}

impl Place {
    /// What a map has as its member [`PLACE`].
    pub(crate) fn mark(self) -> Node {
        Node::Text(format!("{}:{}", self.line, self.column))
    }
}

/// Whether a map with these members is a selector of a trail, a field selector, or data resources.
pub(crate) fn is_of_selectors(members: &[(String, Node)]) -> bool {
    let names = ["Field", "FieldSelectors", "DataResources"];
    members.iter().any(|(name, _)| names.contains(&name.as_str()))
}

impl Node {
    /// Notes where a map is written.
    pub(crate) fn put_place(&mut self, place: Place) {
        if let Self::Map(members) = self {
            match members.iter_mut().find(|(name, _)| name == PLACE) {
                Some((_, known)) => *known = place.mark(),
                None => members.push((PLACE.to_string(), place.mark())),
            }
        }
    }

    /// How much a copy of it takes, in nodes and bytes of text, and how deep it nests.
    pub(crate) fn weight_and_depth(&self) -> (usize, usize) {
        let all = |nodes: &mut dyn Iterator<Item = (usize, &Self)>| {
            nodes.fold((1, 1), |(weight, depth), (name, node)| {
                let (of_node, deep) = node.weight_and_depth();
                (weight + name + of_node, depth.max(deep + 1))
            })
        };
        match self {
            Self::Null | Self::Bool(_) => (1, 0),
            Self::Text(text) | Self::Unclear(text) => (1 + text.len(), 0),
            Self::List(elements) => all(&mut elements.iter().map(|element| (0, element))),
            Self::Map(members) => all(&mut members.iter().map(|(name, node)| (name.len(), node))),
        }
    }

    /// All texts in it, names of members included, in the order of the document.
    pub(crate) fn texts<'a>(&'a self, take: &mut dyn FnMut(&'a str)) {
        match self {
            Self::Text(text) | Self::Unclear(text) => take(text),
            Self::List(elements) => elements.iter().for_each(|element| element.texts(take)),
            Self::Map(members) => {
                for (name, member) in members {
                    take(name);
                    member.texts(take);
                }
            }
            Self::Null | Self::Bool(_) => {}
        }
    }

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
}
