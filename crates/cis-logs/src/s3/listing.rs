//! The log files of several folders, merged by the time of their delivery.

use std::collections::VecDeque;

use super::client::{Bucket, because};
use crate::layout::{Kind, Place};
use crate::{LeftOut, Selection, Time};

/// An object that is asked for.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) key: String,
    pub(super) size: u64,
    pub(super) delivered: Time,
}

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

/// The folders of a bucket.
#[derive(Debug)]
pub(super) struct Listing<'a> {
    bucket: &'a Bucket,
    selection: &'a Selection,
    folders: Vec<Folder>,
}

impl<'a> Listing<'a> {
    pub(super) fn new(bucket: &'a Bucket, selection: &'a Selection, prefixes: Vec<String>) -> Self {
        let folders = prefixes
            .into_iter()
            .map(|prefix| {
                let next = Some(Next::After(first_key(&prefix, selection)));
                Folder { prefix, next, page: VecDeque::new() }
            })
            .collect();
        Self { bucket, selection, folders }
    }

    /// The object that was delivered first of those that are left.
    ///
    /// # Errors
    /// A folder that cannot be listed to its end, which is then left, and why.
    pub(super) async fn next(
        &mut self,
        left_out: &mut LeftOut,
    ) -> Result<Option<Object>, (String, String)> {
        for folder in &mut self.folders {
            while folder.page.is_empty() && folder.next.is_some() {
                folder.turn(self.bucket, self.selection, left_out).await.map_err(|what| {
                    (format!("s3://{}/{}", self.bucket.name, folder.prefix), what)
                })?;
            }
        }
        let first = self
            .folders
            .iter_mut()
            .filter_map(|folder| {
                let object = folder.page.front()?;
                Some(((object.delivered, object.key.clone()), folder))
            })
            .min_by(|(one, _), (other, _)| one.cmp(other));
        Ok(first.and_then(|(_, folder)| folder.page.pop_front()))
    }
}

impl Folder {
    /// Lists the next page.
    ///
    /// # Errors
    /// Why it cannot be listed; there is no next one then.
    async fn turn(
        &mut self,
        bucket: &Bucket,
        selection: &Selection,
        left_out: &mut LeftOut,
    ) -> Result<(), String> {
        let call = bucket
            .client
            .list_objects_v2()
            .bucket(&bucket.name)
            .prefix(&self.prefix)
            .set_request_payer(bucket.payer.clone());
        let call = match self.next.take() {
            None => return Ok(()),
            Some(Next::After(key)) if key == self.prefix => call,
            Some(Next::After(key)) => call.start_after(key),
            Some(Next::Token(token)) => call.continuation_token(token),
        };
        let page = call.send().await.map_err(|error| because(&error))?;
        self.next = page.next_continuation_token().map(|token| Next::Token(token.to_string()));
        for object in page.contents() {
            let Some(key) = object.key().filter(|key| !key.ends_with('/')) else { continue };
            let place = Place::of(key);
            let (Kind::Log, Some(delivered)) = (place.kind, place.delivered) else {
                let kind = if place.kind == Kind::Log { Kind::Unknown } else { place.kind };
                left_out.add(kind, &format!("s3://{}/{key}", bucket.name));
                continue;
            };
            if selection.takes_file(&place) {
                let size = object.size().and_then(|size| u64::try_from(size).ok()).unwrap_or(0);
                self.page.push_back(Object { key: key.to_string(), size, delivered });
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
