//! The files of several folders, merged by the time of their delivery.

use std::collections::VecDeque;

use cis_aws::Failure;
use futures_util::stream::{self, StreamExt as _};

use super::client::{Bucket, Object, list_failed};
use super::{CONCURRENT, NotListed};
use crate::layout::{Kind, Place};
use crate::{LeftOut, Selection};

/// How many listed objects are held at most, as far as each folder has 50 of them.
const HELD: usize = 20_000;

/// One folder, listed page by page.
#[derive(Debug)]
struct Folder {
    prefix: String,
    /// Where the next page begins; `None` when there is none.
    next: Option<Next>,
    page: VecDeque<Object>,
}

#[derive(Debug)]
enum Next {
    After(String),
    Token(String),
}

/// What is listed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    pub(super) bucket: &'a Bucket,
    pub(super) kinds: &'a [Kind],
    /// Whether files in their folders are wanted that are not called as files of these kinds are.
    pub(super) has_others: bool,
    pub(super) selection: &'a Selection,
}

/// The folders of a bucket.
#[derive(Debug)]
pub(super) struct Listing<'a> {
    wanted: Wanted<'a>,
    folders: Vec<Folder>,
    /// How many objects are listed at once.
    page: i32,
    /// Folders that could not be listed to their end, and were not told yet.
    not_listed: Vec<NotListed>,
}

impl<'a> Listing<'a> {
    /// Lists the first page of each folder, several at once.
    ///
    /// # Errors
    /// The folders that cannot be listed are left, and named.
    pub(super) async fn begin(
        wanted: Wanted<'a>,
        prefixes: Vec<String>,
        left_out: &mut LeftOut,
    ) -> (Self, Vec<NotListed>) {
        let page = (HELD / prefixes.len().max(1)).clamp(50, 1_000);
        let page = i32::try_from(page).unwrap_or(1_000);
        let turned: Vec<_> = stream::iter(prefixes)
            .map(|prefix| async move {
                let next = Some(Next::After(first_key(&prefix, wanted.selection)));
                let mut folder = Folder { prefix, next, page: VecDeque::new() };
                let mut left_out = LeftOut::default();
                let turned = folder.turn(wanted, page, &mut left_out).await;
                (folder, turned, left_out)
            })
            .buffered(CONCURRENT)
            .collect()
            .await;
        let (mut folders, mut not_listed) = (Vec::new(), Vec::new());
        for (folder, turned, of_folder) in turned {
            left_out.merge(of_folder);
            match turned {
                Ok(()) => folders.push(folder),
                Err(failure) => {
                    let place = wanted.bucket.url(&folder.prefix);
                    not_listed.push(NotListed { place, failure });
                }
            }
        }
        (Self { wanted, folders, page, not_listed: Vec::new() }, not_listed)
    }

    /// The object that was delivered first of those that are left.
    ///
    /// # Errors
    /// A folder that cannot be listed to its end, which is then left, and why.
    pub(super) async fn next(
        &mut self,
        left_out: &mut LeftOut,
    ) -> Result<Option<Object>, NotListed> {
        let lacks = |folder: &Folder| folder.page.is_empty() && folder.next.is_some();
        while self.folders.iter().any(lacks) {
            self.turn_pages(left_out).await;
        }
        if let Some(not_listed) = self.not_listed.pop() {
            return Err(not_listed);
        }
        let fronts = self.folders.iter().enumerate();
        let fronts = fronts.filter_map(|(index, folder)| Some((folder.page.front()?, index)));
        let first = fronts
            .min_by(|(one, _), (other, _)| {
                (one.delivered, &one.key).cmp(&(other.delivered, &other.key))
            })
            .map(|(_, index)| index);
        Ok(first.and_then(|index| self.folders.get_mut(index)?.page.pop_front()))
    }
}

impl Listing<'_> {
    /// Lists the next page of each folder that will soon need one, several at once.
    async fn turn_pages(&mut self, left_out: &mut LeftOut) {
        let (wanted, page) = (self.wanted, self.page);
        let few = usize::try_from(page / 2).unwrap_or(0);
        let needs = |folder: &&mut Folder| folder.page.len() <= few && folder.next.is_some();
        let turned: Vec<_> = stream::iter(self.folders.iter_mut().filter(needs))
            .map(|folder| async move {
                let mut left_out = LeftOut::default();
                let turned = folder.turn(wanted, page, &mut left_out).await;
                let turned = turned.map_err(|failure| NotListed {
                    place: wanted.bucket.url(&folder.prefix),
                    failure,
                });
                (turned, left_out)
            })
            .buffer_unordered(CONCURRENT)
            .collect()
            .await;
        for (turned, of_folder) in turned {
            left_out.merge(of_folder);
            self.not_listed.extend(turned.err());
        }
    }
}

impl Folder {
    /// Lists the next page.
    ///
    /// # Errors
    /// Why it cannot be listed; there is no next one then.
    async fn turn(
        &mut self,
        wanted: Wanted<'_>,
        page: i32,
        left_out: &mut LeftOut,
    ) -> Result<(), Failure> {
        let Wanted { bucket, kinds, has_others, selection } = wanted;
        let call = bucket
            .client
            .list_objects_v2()
            .bucket(&bucket.name)
            .prefix(&self.prefix)
            .max_keys(page)
            .set_request_payer(bucket.payer.clone());
        let call = match self.next.take() {
            None => return Ok(()),
            Some(Next::After(key)) if key == self.prefix => call,
            Some(Next::After(key)) => call.start_after(key),
            Some(Next::Token(token)) => call.continuation_token(token),
        };
        let page = call.send().await.map_err(|error| list_failed(&error))?;
        self.next = page.next_continuation_token().map(|token| Next::Token(token.to_string()));
        for object in page.contents().iter().filter_map(Object::of) {
            let place = Place::of(&object.key);
            let is_named = kinds.contains(&place.kind) && place.delivered.is_some();
            if !is_named && !has_others {
                let is_of_kind = kinds.contains(&place.kind);
                let kind = if is_of_kind { Kind::Unknown } else { place.kind };
                left_out.add(kind, &bucket.url(&object.key));
                continue;
            }
            if selection.takes_file(&place) {
                self.page.push_back(object);
                continue;
            }
            left_out.not_selected += 1;
            // Keys sort by the day: nothing behind a day that is too late is asked for.
            if place.day.is_some()
                && !selection.takes_folder(&place)
                && is_too_late(&place, selection)
            {
                self.next = None;
                break;
            }
        }
        Ok(())
    }
}

fn is_too_late(place: &Place<'_>, selection: &Selection) -> bool {
    let first = Selection { to: None, ..selection.clone() };
    first.takes_folder(place)
}

/// The key behind which the first file that is asked for lies: of the day of its delivery, or the prefix
/// itself where that cannot be told.
fn first_key(prefix: &str, selection: &Selection) -> String {
    let place = Place::of_folders(prefix);
    let ends_with_region = place.region.is_some_and(|region| {
        prefix.strip_suffix('/').is_some_and(|prefix| prefix.ends_with(region))
    });
    match selection.from {
        Some(from) if ends_with_region => {
            // An hour is more than any clock goes wrong by.
            let day = from.plus(-3_600).to_string().get(..10).unwrap_or("").replace('-', "/");
            format!("{prefix}{day}")
        }
        _ => prefix.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listing_begins_at_the_first_day_that_is_asked_for() {
        let selection =
            Selection { from: Some("2026-03-01".parse().unwrap()), ..Selection::default() };
        let region = "a/AWSLogs/111122223333/CloudTrail/eu-west-1/";
        assert_eq!(first_key(region, &selection), format!("{region}2026/02/28"));
        let month = format!("{region}2026/");
        assert_eq!(first_key(&month, &selection), month);
        assert_eq!(first_key("mine/", &selection), "mine/");
        assert_eq!(first_key(region, &Selection::default()), region);
    }
}
