//! Where a value stands in a document, written out only where somebody is told.

use std::fmt::{self, Display, Formatter, Write as _};

/// A place in a document.
#[derive(Clone, Copy)]
pub(crate) enum Path<'a> {
    /// What the document, or a part of it, is called.
    Root(&'a str),
    /// A member of a map at a place.
    Member(&'a Path<'a>, &'a str),
    /// An element of a list at a place, from 0.
    Element(&'a Path<'a>, usize),
}

/// The longest path that is written, in bytes: names of a hostile document may be of any length.
const LONGEST: usize = 400;

impl Path<'_> {
    fn write(&self, all: &mut String) -> fmt::Result {
        match self {
            Self::Root(name) => all.push_str(name),
            Self::Member(place, name) => {
                place.write(all)?;
                if !all.is_empty() && all.len() < LONGEST {
                    all.push('.');
                }
                if all.len() < LONGEST {
                    all.push_str(name);
                }
            }
            Self::Element(place, position) => {
                place.write(all)?;
                if all.len() < LONGEST {
                    write!(all, "[{position}]")?;
                }
            }
        }
        if let Some((end, _)) = all.char_indices().find(|(at, _)| *at >= LONGEST) {
            all.truncate(end);
        }
        Ok(())
    }
}

impl Display for Path<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut all = String::new();
        self.write(&mut all)?;
        f.write_str(&all)?;
        if all.len() >= LONGEST { f.write_str("…") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_from_the_outside_in() {
        let root = Path::Root("aws_cloudtrail.a");
        let list = Path::Member(&root, "event_selector");
        assert_eq!(Path::Element(&list, 2).to_string(), "aws_cloudtrail.a.event_selector[2]");
        assert_eq!(Path::Member(&Path::Root(""), "a").to_string(), "a");
    }

    #[test]
    fn a_long_place_is_cut() {
        let name = "é".repeat(LONGEST);
        let root = Path::Root(&name);
        let inner = Path::Member(&root, &name);
        let text = Path::Element(&inner, 1).to_string();
        assert!(text.ends_with("é…") && text.len() < LONGEST + 8, "{text}");
    }
}
