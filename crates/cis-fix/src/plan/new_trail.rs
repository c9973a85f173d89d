//! Plans that make a trail: the last resort, for a second trail costs a second copy of what both log.

use std::collections::BTreeMap;

use cis_rules::partition::Partition;
use cis_rules::{Deliveries, Kind, RecordField};

use super::{Aim, Effort, Obstacle, Plan, Put};
use crate::change::{Call, Change, Undo};
use crate::draft::{Draft, put_request};
use crate::edits::{EditKind, Want};
use crate::json::Members;
use crate::limits::{TRAILS, is_accepted};
use crate::selectors::{SelectorSet, advanced_text, equals, field_selector_text};
use crate::trail::{Handle, is_plain};

/// What a new trail is called.
const NAME: &str = "s3-object-events";

/// A trail that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewTrail {
    /// Its name.
    pub(crate) name: String,
    /// Its home Region.
    pub(crate) region: String,
    /// Its bucket.
    pub(crate) bucket: String,
    /// Whether the bucket must be made first.
    pub(crate) makes_bucket: bool,
    /// Its ARN.
    pub(crate) arn: String,
}

impl NewTrail {
    /// The trail that would be made.
    pub(crate) fn of(aim: &Aim<'_>, handles: &[Handle<'_>]) -> Self {
        let snapshot = aim.account.snapshot();
        let own = || handles.iter().filter(|handle| !handle.is_of_other);
        let sample = Partition::named(&snapshot.partition)
            .and_then(|partition| partition.sample_regions.first().copied())
            .unwrap_or("us-east-1");
        let region = snapshot
            .region
            .as_deref()
            .or_else(|| own().map(|handle| handle.region).next())
            .unwrap_or(sample);
        let trusted = aim.questions.first().and_then(|it| it.trusted_log_buckets.first());
        let delivers = |handle: &&Handle<'_>| {
            let status = handle.observed.status.as_ref();
            let error = status.and_then(|status| status.latest_delivery_error.as_deref());
            error.is_none_or(str::is_empty)
        };
        let known = aim
            .log_bucket
            .or_else(|| trusted.map(|trusted| trusted.as_str()))
            .or_else(|| own().filter(delivers).find_map(Handle::log_bucket));
        let account = &snapshot.account_id;
        let name = name_beside(handles);
        Self {
            arn: format!("arn:{}:cloudtrail:{region}:{account}:trail/{name}", snapshot.partition),
            bucket: known
                .map_or_else(|| format!("aws-cloudtrail-logs-{account}-{region}"), str::to_owned),
            makes_bucket: known.is_none(),
            region: region.to_owned(),
            name,
        }
    }
}

/// A name that no trail has.
fn name_beside(handles: &[Handle<'_>]) -> String {
    let is_taken = |name: &str| {
        handles.iter().any(|handle| {
            handle.name.rsplit('/').next() == Some(name)
                || handle.observed.trail.name.as_deref() == Some(name)
        })
    };
    let numbered = (2..).map(|number| format!("{NAME}-{number}"));
    std::iter::once(NAME.to_owned())
        .chain(numbered)
        .find(|name| !is_taken(name))
        .unwrap_or_else(|| NAME.to_owned())
}

/// The plan that makes a trail, if there is room for one.
pub(super) fn plans(
    aim: &Aim<'_>,
    handles: &[Handle<'_>],
    obstacles: &mut Vec<Obstacle>,
) -> Option<Plan> {
    let question = aim.questions.first()?;
    let new = NewTrail::of(aim, handles);
    if ![&new.arn, &new.bucket].into_iter().all(|text| is_plain(text)) {
        obstacles.push(Obstacle::Other(
            "the account, its partition or its Region is no name of AWS's, so no trail can be made \
             there: read the account again"
                .to_owned(),
        ));
        return None;
    }
    if let Some(region) = full_region(handles, &new.region) {
        obstacles.push(Obstacle::Quota(format!(
            "{region} has {TRAILS} trails, and AWS allows no more in a Region, so no trail can be \
             made"
        )));
        return None;
    }
    let want = Want {
        kinds: aim.missing,
        allowed: &question.allow_unlogged,
        deliveries: question.deliveries,
        partition: &aim.account.snapshot().partition,
        log_bucket: Some(&new.bucket),
    };
    let has_trails = !handles.is_empty();
    let mut selectors = Vec::new();
    if !has_trails {
        let category = equals(RecordField::EventCategory, &["Management"]);
        selectors.push(advanced_text("Management events", &[field_selector_text(&category)]));
    }
    selectors.push(crate::edits::every_object(&want, !want.allowed.is_empty()));
    let set = SelectorSet::Advanced(selectors);
    if !is_accepted(&set, want.partition) {
        return None;
    }
    let stops_recursion =
        question.deliveries == Deliveries::Ignore && aim.missing.contains(&Kind::Write);
    let mut draft = Draft::new(aim.account);
    draft.changes = changes(aim, &new, &set, stops_recursion, has_trails);
    draft.entries.push(entry(&new, &set, stops_recursion));
    let after = draft.account(aim.account)?;
    let at = draft.entries.len() - 1;
    let effort = Effort {
        is_new_trail: true,
        calls: draft.changes.len(),
        edits: vec![EditKind::AdvancedSelector],
        ..Effort::default()
    };
    let put = Put {
        entry: at,
        kind: EditKind::AdvancedSelector,
        before: SelectorSet::Advanced(Vec::new()),
        after: set,
        lost: Vec::new(),
    };
    Some(Plan { draft, after, effort, puts: vec![put], touched: vec![at] })
}

/// A Region that has as many trails as AWS allows.
fn full_region(handles: &[Handle<'_>], home: &str) -> Option<String> {
    let is_single =
        |handle: &&Handle<'_>| handle.observed.trail.is_multi_region_trail == Some(false);
    let everywhere = handles.iter().filter(|handle| !is_single(handle)).count();
    let mut regions = BTreeMap::from([(home, 0_usize)]);
    for handle in handles.iter().filter(is_single) {
        *regions.entry(handle.region).or_default() += 1;
    }
    let mut full = regions.into_iter().filter(|(_, single)| everywhere + single >= TRAILS);
    full.next().map(|(region, _)| region.to_owned())
}

fn changes(
    aim: &Aim<'_>,
    new: &NewTrail,
    set: &SelectorSet,
    stops_recursion: bool,
    has_trails: bool,
) -> Vec<Change> {
    let mut request = Members::default()
        .with("Name", &new.name)
        .with("S3BucketName", &new.bucket)
        .with("IsMultiRegionTrail", &true)
        .with("EnableLogFileValidation", &true);
    if stops_recursion {
        request.set("RecursiveLogging", &false);
    }
    let named = Members::default().with("Name", &new.arn);
    let bucket = if new.makes_bucket {
        "the bucket must be made first, with a policy that lets CloudTrail write into it"
    } else {
        "the policy of the bucket must let this trail write into it, too"
    };
    let records = if has_trails {
        "it records S3 data events only, for a second copy of management events is billed"
    } else {
        "the account has no trail, so it records management events, too: their first copy is free"
    };
    let change = |call: Call, request: Members, undo: Vec<Undo>, why: String| Change {
        call,
        account_id: aim.account.snapshot().account_id.clone(),
        region: new.region.clone(),
        request,
        undo,
        why,
    };
    let delete = Undo { call: Call::DeleteTrail, request: named.clone() };
    let stop = Undo { call: Call::StopLogging, request: named.clone() };
    vec![
        change(
            Call::CreateTrail,
            request,
            vec![delete],
            format!("a multi-Region trail of its own; {bucket}"),
        ),
        change(
            Call::PutEventSelectors,
            put_request(&new.arn, set),
            Vec::new(),
            format!("the selectors of the new trail; {records}"),
        ),
        change(
            Call::StartLogging,
            named,
            vec![stop],
            "a new trail is stopped until it is started".to_owned(),
        ),
    ]
}

/// The new trail as it would be observed.
fn entry(new: &NewTrail, set: &SelectorSet, stops_recursion: bool) -> Members {
    let mut trail = Members::default()
        .with("Name", &new.name)
        .with("S3BucketName", &new.bucket)
        .with("IncludeGlobalServiceEvents", &true)
        .with("IsMultiRegionTrail", &true)
        .with("HomeRegion", &new.region)
        .with("TrailARN", &new.arn)
        .with("LogFileValidationEnabled", &true)
        .with("HasCustomEventSelectors", &true)
        .with("HasInsightSelectors", &false)
        .with("IsOrganizationTrail", &false);
    if stops_recursion {
        trail.set("RecursiveLogging", &false);
    }
    let response =
        Members::default().with("TrailARN", &new.arn).with(set.member(), &set.selectors());
    Members::default()
        .with("trail", &trail)
        .with("status", &Members::default().with("IsLogging", &true))
        .with("eventSelectors", &response)
}
