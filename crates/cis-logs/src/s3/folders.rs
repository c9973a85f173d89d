//! The folders of a bucket in which log files lie.

use cis_aws::Failure;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::client::{Bucket, list_failed};
use super::{CONCURRENT, NotListed};
use crate::layout::{Kind, Place};
use crate::{LeftOut, Selection};

/// The prefixes of the files of these kinds that lie at a prefix: one for each account and Region that is
/// asked for. What lies beside them is left out, and counted by its folders.
///
/// # Errors
/// The prefix that cannot be listed, and why.
pub(super) async fn of_logs(
    bucket: &Bucket,
    prefix: &str,
    kinds: &[Kind],
    selection: &Selection,
    left_out: &mut LeftOut,
) -> Result<Vec<String>, NotListed> {
    let mut open = vec![start(bucket, prefix).await?];
    let mut found = Vec::new();
    while !open.is_empty() {
        let mut level = Vec::new();
        for prefix in open {
            let place = Place::of_folders(&prefix);
            let is_in_layout = prefix.split('/').any(|part| part == "AWSLogs");
            let has_region = place.region.is_some_and(|region| !region.is_empty());
            if is_in_layout && !has_region {
                level.push(prefix);
            } else if is_in_layout && !kinds.contains(&place.kind) {
                left_out.add(place.kind, &bucket.url(&prefix));
            } else if is_in_layout && !selection.takes_folder(&place) {
                left_out.not_selected += 1;
            } else {
                found.push(prefix);
            }
        }
        let below: Vec<Vec<String>> = stream::iter(&level)
            .map(|prefix| sub_folders(bucket, prefix))
            .buffer_unordered(CONCURRENT)
            .try_collect()
            .await?;
        open = Vec::new();
        for folder in below.into_iter().flatten() {
            let place = Place::of_folders(&folder);
            if place.kind != Kind::Unknown && !kinds.contains(&place.kind) {
                left_out.add(place.kind, &bucket.url(&folder));
            } else if selection.takes_folder(&place) {
                open.push(folder);
            } else {
                left_out.not_selected += 1;
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// The prefix, or the folder `AWSLogs` in it, where there is one.
async fn start(bucket: &Bucket, prefix: &str) -> Result<String, NotListed> {
    if prefix.split('/').any(|part| part == "AWSLogs") {
        return Ok(prefix.to_string());
    }
    let inner = format!("{prefix}AWSLogs/");
    let is_there = !sub_folders(bucket, &inner).await?.is_empty();
    Ok(if is_there { inner } else { prefix.to_string() })
}

/// The folders in a folder.
async fn sub_folders(bucket: &Bucket, prefix: &str) -> Result<Vec<String>, NotListed> {
    let mut folders = Vec::new();
    let mut pages = bucket
        .client
        .list_objects_v2()
        .bucket(&bucket.name)
        .prefix(prefix)
        .delimiter("/")
        .set_request_payer(bucket.payer.clone())
        .into_paginator()
        .send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| {
            let failure: Failure = list_failed(&error);
            NotListed { place: bucket.url(prefix), failure }
        })?;
        let prefixes = page.common_prefixes().iter().filter_map(|folder| folder.prefix());
        folders.extend(prefixes.map(str::to_string));
    }
    Ok(folders)
}
