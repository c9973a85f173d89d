//! Where the logs are silent.

use cis_evidence::answer::{LogsAnswer, Proof};

use crate::html::Html;
use crate::table::{count, table};

/// How many runs of hours are shown.
const SHOWN: usize = 50;

pub(super) fn write(html: &mut Html, answer: &LogsAnswer) {
    let silence = &answer.silence;
    if silence.hours.is_empty() && silence.buckets.is_empty() {
        html.leaf("p", &[], "There is no hour without files, and no bucket stopped appearing.");
        return;
    }
    if !silence.buckets.is_empty() {
        let rows = silence.buckets.iter().map(|bucket| {
            vec![
                bucket.bucket.clone(),
                bucket.last_data_event.to_string(),
                bucket.last_management_event.to_string(),
                bucket.may_be_because.join("; "),
            ]
        });
        let titles = [
            ("Bucket", false),
            ("Last data event", false),
            ("Still named by a management event", false),
            ("It may be because", false),
        ];
        table(html, "Buckets whose data events stopped", &titles, rows);
    }
    if !silence.hours.is_empty() {
        let rows = silence.hours.iter().take(SHOWN).map(|run| {
            vec![
                format!("{} {}", run.account_id, run.aws_region),
                run.from.to_string(),
                run.to.to_string(),
                count(run.hours),
                match run.proof {
                    Proof::FilesMissing => {
                        format!("{} files are missing", count(run.files_missing))
                    }
                    Proof::NothingDelivered => "nothing was delivered".to_string(),
                    Proof::None => "nothing".to_string(),
                },
            ]
        });
        let titles = [
            ("Account and Region", false),
            ("From", false),
            ("To", false),
            ("Hours", true),
            ("Digests say", false),
        ];
        table(html, "Hours without files", &titles, rows);
        html.leaf(
            "p",
            &[],
            "Without a digest an hour without files proves nothing: a quiet Region has none, either.",
        );
    }
    let hidden = silence.hours.len().saturating_sub(SHOWN);
    if hidden > 0 {
        html.leaf("p", &[], &format!("And {} more.", count(hidden as u64)));
    }
}
