//! The classes of a list whose elements are few.
//!
//! Where a list is used, it matters which elements it has, and not how often or in which order. Where
//! it is compared, it matters whether it is the same text, written with commas.

use super::Class;
use super::uses::Uses;

/// The most elements of which all sets are looked at.
const MOST: usize = 6;

impl Uses<'_> {
    /// Each set of these elements, in as many spellings that at least one of them is compared with
    /// nothing, and each list that something is compared with; none where there are too many, or
    /// where the list is used in another way.
    pub(super) fn lists(&self, elements: &[String]) -> Option<Vec<Class>> {
        let is_only = |text: &str| text.chars().count() == 1;
        let is_plain = elements.iter().all(|element| !element.contains(',') && !element.is_empty());
        if !self.is_followed
            || !is_plain
            || elements.len() > MOST
            || !self.texts.iter().all(|(at, one)| *at == self.index && is_only(&one.text))
        {
            return None;
        }
        let mut classes: Vec<Class> = self.equals.iter().map(|text| Class::text(text)).collect();
        for set in 1_usize..1 << elements.len() {
            let of_set = elements.iter().enumerate().filter(|(at, _)| (set >> at) & 1 == 1);
            let mut list: Vec<&str> = of_set.map(|(_, element)| element.as_str()).collect();
            // A list with its last element once more has the same elements.
            while self.equals.contains(&list.join(",")) {
                list.extend(list.last().copied());
            }
            classes.push(Class::text(&list.join(",")));
        }
        Some(classes)
    }
}
