//! Where an open text stands in a text that ARNs are compared with.

use super::super::domain::Domain;
use super::super::marks::{Compared, OF_FIELD, index_of, is_marked};

/// Where an open text stands.
pub(super) enum Place<'t> {
    /// In the ARN of an object, or in a value of another field.
    InArn {
        /// What stands before it, behind `arn:aws:s3:::`; the other field's name with it.
        before: &'t str,
        /// The part of a name that follows it.
        after: &'t str,
        /// Whether what comes then stands in no name.
        is_closed: bool,
    },
    /// At the start of a text that ARNs may start with.
    Start {
        /// What follows it.
        after: &'t str,
    },
    /// In a text that ARNs may end with.
    End {
        /// The part of the same name before it.
        before: &'t str,
    },
    /// In a text that no ARN starts with.
    Nowhere,
}

/// The longest name of a bucket, old ones included.
pub(super) const LONGEST_NAME: usize = 255;

/// Whether a character may stand in a bucket's name.
pub(super) fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_')
}

/// The name with which a text starts.
pub(super) fn first_name(text: &str) -> &str {
    text.split(|next: char| !is_of_name(next)).next().unwrap_or_default()
}

impl<'t> Place<'t> {
    /// The place of a text of this domain between these parts; none where it is not followed.
    pub(super) fn of(
        (before, after): (&'t str, &'t str),
        compared: &Compared,
        domain: &Domain,
        header: &str,
    ) -> Option<Self> {
        let is_short = domain.longest().is_some_and(|longest| longest <= LONGEST_NAME);
        let is_name = domain.is_name() || is_short && domain.has_only(is_of_name);
        if is_marked(before) || compared.is_end && !is_name {
            return None;
        }
        if let Some((field, _)) = before.split_once(OF_FIELD)
            && !compared.is_end
        {
            // Some names of events are not asked about: a text that may be one is another.
            let is_meant = match field {
                "userIdentity.arn" => is_name,
                "eventName" => domain.is_name() && !matches!(domain, Domain::StackName),
                _ => domain.is_name(),
            };
            let name = first_name(after);
            return is_meant.then_some(Self::InArn { before, after: name, is_closed: false });
        }
        if let Some((start, object)) = before.split_once(":::")
            && start.starts_with("arn:")
            && start.ends_with(":s3")
        {
            let name = first_name(after);
            let rest = after.get(name.len()..).unwrap_or_default();
            let is_meant = is_name || object.chars().all(is_of_name);
            return is_meant.then(|| Self::InArn {
                before: object,
                after: name,
                is_closed: rest.starts_with(|next| index_of(next).is_none()),
            });
        }
        if compared.is_end {
            let before = before.rsplit(|one: char| !is_of_name(one)).next().unwrap_or_default();
            return Some(Self::End { before });
        }
        match before {
            "" => Some(Self::Start { after }),
            start if header.starts_with(start) => None,
            _ => Some(Self::Nowhere),
        }
    }
}
