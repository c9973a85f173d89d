//! Tampering with log files.

use super::Tampering;
use crate::digests::gzip;

/// The kinds.
pub(super) const ALL: &[Tampering] = &[
    Tampering {
        name: "log-changed",
        what: "an event in a log file is changed",
        apply: |it| {
            let key = it.log(3);
            it.change_content(&key, |content| content.replace("alice", "mallo"))
        },
    },
    Tampering {
        name: "log-deleted",
        what: "a log file is deleted",
        apply: |it| {
            let key = it.log(3);
            it.remove(&key);
            Ok(())
        },
    },
    Tampering {
        name: "log-emptied",
        what: "a log file is made empty",
        apply: |it| {
            let key = it.log(3);
            it.change_bytes(&key, Vec::clear);
            Ok(())
        },
    },
    Tampering {
        name: "log-cut",
        what: "the end of a log file is cut off",
        apply: |it| {
            let key = it.log(3);
            it.change_bytes(&key, |bytes| bytes.truncate(bytes.len() - 20));
            Ok(())
        },
    },
    Tampering {
        name: "log-checksum",
        what: "the checksum at the end of a log file is changed",
        apply: |it| {
            let key = it.log(3);
            it.change_bytes(&key, |bytes| {
                if let Some(byte) = bytes.iter_mut().rev().nth(6) {
                    *byte ^= 1;
                }
            });
            Ok(())
        },
    },
    Tampering {
        name: "log-appended",
        what: "a second gzip member is put behind a log file",
        apply: |it| {
            let key = it.log(3);
            let more = gzip(b"{\"Records\":[]}", 6)?;
            it.change_bytes(&key, |bytes| bytes.extend(more));
            Ok(())
        },
    },
    Tampering {
        name: "log-exchanged",
        what: "a log file gets the content of another one",
        apply: |it| {
            let bytes = it.bucket.files.get(&it.log(4)).map(|file| file.bytes.clone());
            let key = it.log(3);
            it.change_bytes(&key, |old| *old = bytes.unwrap_or_default());
            Ok(())
        },
    },
    Tampering {
        name: "log-added",
        what: "a log file is added that no digest names",
        apply: |it| it.forge_log(4).map(drop),
    },
    Tampering {
        name: "log-moved",
        what: "a log file is moved to another day's folder",
        apply: |it| {
            let key = it.log(3);
            it.rename(&key, &key.replace("/03/01/", "/03/02/"));
            Ok(())
        },
    },
    Tampering {
        name: "log-renamed",
        what: "a log file gets another name",
        apply: |it| {
            let key = it.log(3);
            it.rename(&key, &key.replace(".json.gz", "X.json.gz"));
            Ok(())
        },
    },
    Tampering {
        name: "log-compressed-again",
        what: "a log file is compressed again, its content is the same",
        apply: |it| {
            let key = it.log(3);
            let bytes = gzip(it.content(&key)?.as_bytes(), 1)?;
            it.change_bytes(&key, |old| *old = bytes);
            Ok(())
        },
    },
    Tampering {
        name: "log-decompressed",
        what: "a log file is stored without compression, its content is the same",
        apply: |it| {
            let key = it.log(3);
            let content = it.content(&key)?;
            it.change_bytes(&key, |old| *old = content.into_bytes());
            Ok(())
        },
    },
];
