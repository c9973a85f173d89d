//! What other open texts, filled in later, may be beside the one whose classes are made.
//!
//! The text that stands for a class must leave the later ones every relation to it that they can
//! have: one may be the start of a name here, with what follows it in its own place, or the end.

use std::collections::BTreeSet;

use super::super::domain::Domain;
use super::super::marks::{Seen, index_of};
use super::place::{Place, first_name, is_of_name};
use super::uses::{around, has};

/// How much of a made-up name stands before and behind what may follow the start of it: a name has
/// three characters.
const ROOM: usize = 3;

/// What other open texts may be.
#[derive(Debug, Default)]
pub(super) struct Others<'s> {
    /// What follows those that may be the start of a name.
    pub(super) starts: BTreeSet<String>,
    /// What stands before those that may be the end of a name.
    pub(super) ends: BTreeSet<String>,
    /// Which texts others can be that are whole names, where not all names are among them.
    whole: Vec<&'s Domain>,
    /// Whether one of those may be a start or an end: whether it can be of a text that stands for
    /// others is not known.
    pub(super) are_unclear: bool,
}

impl<'s> Others<'s> {
    pub(super) fn beside(own: usize, seen: &'s Seen, header: &str) -> Self {
        let mut others = Self::default();
        for compared in &seen.texts {
            let is_own = has(&compared.text, own);
            let marks = compared.text.chars().filter_map(index_of);
            for index in marks.filter(|index| *index != own) {
                let Some((_, other)) = seen.open.get(index) else { continue };
                let Some((before, after)) = around(&compared.text, index) else { continue };
                let is_restricted = other.domain.is_restricted() && !is_own;
                if compared.is_end {
                    let before = before.rsplit(|one: char| !is_of_name(one)).next();
                    others.ends.insert(before.unwrap_or_default().to_string());
                    others.are_unclear |= is_restricted;
                    continue;
                }
                match Place::of((before, after), compared, &Domain::AccountId, header) {
                    Some(Place::Nowhere) => {}
                    Some(Place::InArn { after: "", is_closed: true, .. }) => {
                        if is_restricted {
                            others.whole.push(&other.domain);
                        }
                    }
                    Some(_) | None => {
                        others.starts.insert(first_name(after).to_string());
                        others.are_unclear |= is_restricted;
                    }
                }
            }
        }
        others
    }

    /// A hint for names that have what follows other texts, and stands before them, inside.
    pub(super) fn within(&self, mut hint: String) -> String {
        for part in self.parts() {
            if !is_inside(&hint, part, ROOM) {
                hint = format!("{hint}{part}q7z");
            }
        }
        hint
    }

    /// Whether a name, made up for a class of texts of this domain, leaves the others all relations
    /// that they can have to the class.
    pub(super) fn can_be_of(&self, name: &str, domain: &Domain) -> bool {
        let room = if matches!(domain, Domain::Region(_)) { 1 } else { ROOM };
        self.whole.iter().all(|other| other.accepts(name))
            && self.parts().all(|part| is_inside(name, part, room) || !domain.may_hold(part))
    }

    fn parts(&self) -> impl Iterator<Item = &str> {
        let all = self.starts.iter().chain(&self.ends).map(String::as_str);
        all.filter(|part| !part.is_empty())
    }
}

fn is_inside(name: &str, part: &str, room: usize) -> bool {
    let mut found = name.match_indices(part).map(|(at, _)| at);
    found.any(|at| at >= room && at + part.len() + room <= name.len())
}
