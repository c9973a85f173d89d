//! Which accounts of a list are read, and which are skipped and why.

use std::collections::HashSet;

use crate::account::Listed;

/// Which accounts are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these ids; all where it is empty.
    pub include: Vec<String>,
    /// Never these ids.
    pub exclude: Vec<String>,
}

/// What came of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selected {
    /// The accounts that are read, in the list's order.
    pub read: Vec<Listed>,
    /// Accounts that are asked for, but whose state says that they cannot be read.
    pub skipped: Vec<Listed>,
}

/// An id that the list does not have: likely a slip, which must not make a sweep smaller or larger than
/// was meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{option} {id}`: the list has no such account")]
pub struct NotListed {
    /// The option: `--include` or `--exclude`.
    pub option: &'static str,
    /// The id.
    pub id: String,
}

impl Selection {
    /// Applies it.
    ///
    /// # Errors
    /// Where it names an account that the list does not have.
    pub fn of(&self, listed: Vec<Listed>) -> Result<Selected, NotListed> {
        let known: HashSet<&str> = listed.iter().map(|account| account.id.as_str()).collect();
        for (option, ids) in [("--include", &self.include), ("--exclude", &self.exclude)] {
            if let Some(id) = ids.iter().find(|id| !known.contains(id.as_str())) {
                return Err(NotListed { option, id: id.clone() });
            }
        }
        let is_asked_for = |account: &Listed| {
            (self.include.is_empty() || self.include.contains(&account.id))
                && !self.exclude.contains(&account.id)
        };
        let asked_for = listed.into_iter().filter(is_asked_for);
        let (read, skipped) = asked_for.partition(|account| account.state.is_readable());
        Ok(Selected { read, skipped })
    }
}

impl Selected {
    /// The skipped accounts by their states, each state once, in the list's order.
    #[must_use]
    pub fn skipped_by_state(&self) -> Vec<(String, Vec<&Listed>)> {
        let mut states: Vec<(String, Vec<&Listed>)> = Vec::new();
        for account in &self.skipped {
            let state = account.state.to_string();
            match states.iter_mut().find(|(known, _)| *known == state) {
                Some((_, accounts)) => accounts.push(account),
                None => states.push((state, vec![account])),
            }
        }
        states
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::State;

    fn list() -> Vec<Listed> {
        let states = [Some("ACTIVE"), Some("SUSPENDED"), None, Some("CLOSED"), Some("SUSPENDED")];
        let listed = |(number, state): (usize, &Option<&str>)| Listed {
            id: format!("{number:012}"),
            name: None,
            state: State::of(*state),
        };
        states.iter().enumerate().map(listed).collect()
    }

    fn ids(accounts: &[Listed]) -> Vec<usize> {
        accounts.iter().map(|account| account.id.parse().unwrap()).collect()
    }

    #[test]
    fn every_account_is_read_or_skipped_with_its_state() {
        let selected = Selection::default().of(list()).unwrap();
        assert_eq!((ids(&selected.read), ids(&selected.skipped)), (vec![0, 2], vec![1, 3, 4]));
        let states = selected.skipped_by_state();
        let counts: Vec<_> = states.iter().map(|(name, all)| (name.as_str(), all.len())).collect();
        assert_eq!(counts, [("SUSPENDED", 2), ("CLOSED", 1)]);
    }

    #[test]
    fn an_account_that_is_excluded_is_not_read_even_where_it_is_included() {
        let selection = Selection {
            include: vec!["000000000000".into(), "000000000001".into(), "000000000002".into()],
            exclude: vec!["000000000002".into()],
        };
        let selected = selection.of(list()).unwrap();
        assert_eq!((ids(&selected.read), ids(&selected.skipped)), (vec![0], vec![1]));
    }

    #[test]
    fn an_id_that_is_not_listed_is_refused() {
        let id = "999999999999".to_owned();
        let include = Selection { include: vec![id.clone()], ..Selection::default() };
        let exclude = Selection { exclude: vec![id.clone()], ..Selection::default() };
        for (selection, option) in [(include, "--include"), (exclude, "--exclude")] {
            assert_eq!(selection.of(list()), Err(NotListed { option, id: id.clone() }));
        }
    }
}
