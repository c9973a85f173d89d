//! What is written of one record.

use cis_records::RecordSummary;
use cis_records::recipients::{Recipients, Request, Requester};
use cis_rules::record::json::RecordJson;
use serde::{Serialize, Serializer};

use crate::args::FileOrStdin;

/// What is written of one record.
#[derive(Debug, Serialize)]
pub(super) struct Row<'a> {
    /// What it says.
    #[serde(flatten)]
    pub(super) summary: RecordSummary,
    /// Who received a copy, where that is asked for.
    #[serde(rename = "recipients", skip_serializing_if = "Option::is_none")]
    pub(super) copies: Option<Copies>,
    /// Where it was found.
    #[serde(serialize_with = "name")]
    pub(super) file: &'a FileOrStdin,
}

/// Who received a copy of an event.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Copies {
    /// The requester's account.
    pub(super) requester_account: Option<String>,
    /// The bucket owner's account.
    pub(super) bucket_owner_account: Option<String>,
    /// By which rule they received what.
    #[serde(flatten)]
    pub(super) recipients: Recipients,
}

impl Copies {
    /// Who received a copy of what a record is about.
    pub(super) fn of(record: &RecordJson<'_>, summary: &RecordSummary) -> Self {
        let request = Request::of(record, &summary.caller);
        Self {
            recipients: request.recipients(),
            requester_account: match request.requester {
                Requester::Account(account) => Some(account),
                Requester::Anonymous | Requester::Service | Requester::Unknown => None,
            },
            bucket_owner_account: request.bucket_owner,
        }
    }
}

impl Row<'_> {
    /// The file's name; `-` for standard input.
    pub(super) fn file(&self) -> String {
        match self.file {
            FileOrStdin::Stdin => "-".to_string(),
            FileOrStdin::File(path) => path.display().to_string(),
        }
    }
}

fn name<S: Serializer>(file: &FileOrStdin, serializer: S) -> Result<S::Ok, S::Error> {
    match file {
        FileOrStdin::Stdin => serializer.serialize_str("-"),
        FileOrStdin::File(path) => serializer.collect_str(&path.display()),
    }
}
