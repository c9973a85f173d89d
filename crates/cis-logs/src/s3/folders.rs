//! The folders of a bucket in which log files lie.

use super::client::{Bucket, because};
use crate::layout::{Kind, Place};
use crate::{LeftOut, Selection};

/// The prefixes of the log files that lie at a prefix: one for each account and Region that is asked
/// for. What lies beside them is left out, and counted by its folders.
///
/// # Errors
/// The prefix that cannot be listed, and why.
pub(super) async fn of_logs(
    bucket: &Bucket,
    prefix: &str,
    selection: &Selection,
    left_out: &mut LeftOut,
) -> Result<Vec<String>, (String, String)> {
    let mut open = vec![start(bucket, prefix).await?];
    let mut found = Vec::new();
    while let Some(prefix) = open.pop() {
        let place = Place::of_folders(&prefix);
        let is_in_layout = prefix.split('/').any(|part| part == "AWSLogs");
        if !is_in_layout || place.region.is_some_and(|region| !region.is_empty()) {
            let url = format!("s3://{}/{prefix}", bucket.name);
            match (is_in_layout, place.kind) {
                (true, kind) if kind != Kind::Log => left_out.add(kind, &url),
                (true, _) if !selection.takes_folder(&place) => left_out.not_selected += 1,
                _ => found.push(prefix),
            }
            continue;
        }
        for folder in sub_folders(bucket, &prefix).await? {
            let place = Place::of_folders(&folder);
            match place.kind {
                Kind::Log | Kind::Unknown if selection.takes_folder(&place) => open.push(folder),
                Kind::Log | Kind::Unknown => left_out.not_selected += 1,
                kind => left_out.add(kind, &format!("s3://{}/{folder}", bucket.name)),
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// The prefix, or the folder `AWSLogs` in it, where there is one.
async fn start(bucket: &Bucket, prefix: &str) -> Result<String, (String, String)> {
    if prefix.split('/').any(|part| part == "AWSLogs") {
        return Ok(prefix.to_string());
    }
    let inner = format!("{prefix}AWSLogs/");
    let is_there = !sub_folders(bucket, &inner).await?.is_empty();
    Ok(if is_there { inner } else { prefix.to_string() })
}

/// The folders in a folder.
async fn sub_folders(bucket: &Bucket, prefix: &str) -> Result<Vec<String>, (String, String)> {
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
        let page =
            page.map_err(|error| (format!("s3://{}/{prefix}", bucket.name), because(&error)))?;
        let prefixes = page.common_prefixes().iter().filter_map(|folder| folder.prefix());
        folders.extend(prefixes.map(str::to_string));
    }
    Ok(folders)
}
