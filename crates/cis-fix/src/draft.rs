//! An account while it is being changed: the calls so far, and what they make of it.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::account::Account;
use crate::change::{Call, Change, Undo};
use crate::json::Members;
use crate::selectors::SelectorSet;
use crate::trail::Handle;

/// One setting of a trail.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    /// The member of UpdateTrail, and of what DescribeTrails gives.
    name: &'static str,
    value: Box<RawValue>,
    former: Option<Box<RawValue>>,
    /// Why, as a clause.
    why: String,
}

impl Setting {
    /// A setting with the value that it had, where that is known.
    pub(crate) fn new<T: Serialize>(
        name: &'static str,
        value: &T,
        former: Option<&T>,
        why: &str,
    ) -> Option<Self> {
        let former = former.and_then(|former| to_raw_value(former).ok());
        Some(Self { name, value: to_raw_value(value).ok()?, former, why: why.to_owned() })
    }
}

/// The calls so far, and the entries of the trails as they leave them.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) changes: Vec<Change>,
    pub(crate) entries: Vec<Members>,
}

impl Draft {
    /// No call.
    pub(crate) fn new(account: &Account) -> Self {
        Self { changes: Vec::new(), entries: account.entries().to_vec() }
    }

    /// Changes settings of a trail, in one call.
    pub(crate) fn update(&mut self, handle: &Handle<'_>, settings: &[Setting]) {
        if settings.is_empty() {
            return;
        }
        let named = Members::default().with("Name", &handle.name);
        let mut request = named.clone();
        let mut former = named;
        for setting in settings {
            request.set(setting.name, &setting.value);
            if let Some(value) = &setting.former {
                former.set(setting.name, value);
            }
        }
        let undo = if former.names().count() > 1 {
            vec![Undo { call: Call::UpdateTrail, request: former }]
        } else {
            Vec::new()
        };
        let whys: Vec<&str> = settings.iter().map(|setting| setting.why.as_str()).collect();
        self.push(handle, Call::UpdateTrail, request, undo, whys.join("; "));
        for setting in settings {
            self.edit(handle, "trail", |trail| trail.set(setting.name, &setting.value));
        }
    }

    /// Puts a set of selectors in place of the trail's.
    pub(crate) fn put(&mut self, handle: &Handle<'_>, set: &SelectorSet, why: String) {
        let request = put_request(handle.name, set);
        let undo = handle.set.iter().map(|former| Undo {
            call: Call::PutEventSelectors,
            request: put_request(handle.name, former),
        });
        self.push(handle, Call::PutEventSelectors, request, undo.collect(), why);
        let arn = handle.observed.trail.arn.as_deref();
        self.edit(handle, "eventSelectors", |response| {
            if let (false, Some(arn)) = (response.has("TrailARN"), arn) {
                response.set("TrailARN", &arn);
            }
            response.remove("EventSelectors");
            response.remove("AdvancedEventSelectors");
            response.set(set.member(), &set.selectors());
        });
        self.edit(handle, "trail", |trail| trail.set("HasCustomEventSelectors", &true));
    }

    /// Switches a trail on.
    pub(crate) fn start(&mut self, handle: &Handle<'_>) {
        let request = Members::default().with("Name", &handle.name);
        let (undo, why) = match handle.is_logging() {
            Some(false) => (
                vec![Undo { call: Call::StopLogging, request: request.clone() }],
                "the trail is stopped; find out who stopped it: look up StopLogging in the Event \
                 history",
            ),
            _ => (
                Vec::new(),
                "it is not known whether the trail is logging; where it is, the call changes \
                 nothing",
            ),
        };
        self.push(handle, Call::StartLogging, request, undo, why.to_owned());
        self.edit(handle, "status", |status| status.set("IsLogging", &true));
    }

    /// The account after the calls; `None` if it would be none.
    pub(crate) fn account(&self, before: &Account) -> Option<Account> {
        before.with_entries(self.entries.clone())
    }

    /// Takes over what another draft does to a trail.
    pub(crate) fn join(&mut self, other: &Self, handle: &Handle<'_>) {
        self.changes.extend(other.changes.iter().cloned());
        for &at in &handle.entries {
            if let (Some(ours), Some(theirs)) = (self.entries.get_mut(at), other.entries.get(at)) {
                ours.clone_from(theirs);
            }
        }
    }

    fn push(
        &mut self,
        handle: &Handle<'_>,
        call: Call,
        request: Members,
        undo: Vec<Undo>,
        why: String,
    ) {
        self.changes.push(Change {
            call,
            account_id: handle.owner.to_owned(),
            region: handle.region.to_owned(),
            request,
            undo,
            why,
        });
    }

    /// Edits a part of each entry of a trail.
    fn edit(&mut self, handle: &Handle<'_>, part: &str, edit: impl Fn(&mut Members)) {
        for &at in &handle.entries {
            if let Some(entry) = self.entries.get_mut(at) {
                let mut members: Members = entry.read(part).unwrap_or_default();
                edit(&mut members);
                entry.set(part, &members);
            }
        }
    }
}

/// The whole request of PutEventSelectors.
pub(crate) fn put_request(trail: &str, set: &SelectorSet) -> Members {
    Members::default().with("TrailName", &trail).with(set.member(), &set.selectors())
}
