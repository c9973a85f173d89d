//! Tampering with whole hours, and with the trail itself.

use super::{Scene, Tampering};
use crate::bucket::Plan;
use crate::digests::MakingError;

/// The kinds.
pub(super) const ALL: &[Tampering] = &[
    Tampering {
        name: "digest-deleted",
        what: "a digest is deleted",
        apply: |it| {
            let key = it.digest(5);
            it.remove(&key);
            Ok(())
        },
    },
    Tampering {
        name: "three-digests-deleted",
        what: "three digests in a row are deleted",
        apply: |it| {
            for hour in [4, 5, 6] {
                let key = it.digest(hour);
                it.remove(&key);
            }
            Ok(())
        },
    },
    Tampering {
        name: "hour-deleted",
        what: "a digest and the log files that it names are deleted",
        apply: |it| it.remove_hours([5].into_iter()),
    },
    Tampering {
        name: "newest-deleted",
        what: "the newest four digests and their log files are deleted",
        apply: |it| it.remove_hours(8..12),
    },
    Tampering {
        name: "oldest-deleted",
        what: "the oldest three digests and their log files are deleted",
        apply: |it| it.remove_hours(0..3),
    },
    Tampering {
        name: "digests-deleted",
        what: "all digests are deleted, the log files stay",
        apply: |it| {
            for hour in 0..12 {
                let key = it.digest(hour);
                it.remove(&key);
            }
            Ok(())
        },
    },
    Tampering {
        name: "everything-deleted",
        what: "all digests and log files are deleted",
        apply: |it| {
            it.bucket.files.clear();
            Ok(())
        },
    },
    Tampering {
        name: "stopped",
        what: "the trail is stopped for three hours and started again",
        apply: |it| stop(it),
    },
    Tampering {
        name: "stopped-and-deleted",
        what: "the trail is stopped and started again, and the last hour before is deleted",
        apply: |it| {
            stop(it)?;
            it.remove_hours([3].into_iter())
        },
    },
];

fn stop(it: &mut Scene<'_>) -> Result<(), MakingError> {
    let plan = Plan { stopped: Some((4, 7)), ..it.plan.clone() };
    *it = Scene::of(plan, it.key, it.other)?;
    Ok(())
}
