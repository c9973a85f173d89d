//! What was asked, in words.

use cis_rules::controls::{CIS, SECURITY_HUB, controls};
use cis_rules::question::{Deliveries, Kind, Mode, Question};

use crate::html::{Attribute, Html};

pub(super) fn write(html: &mut Html, questions: &[Question]) {
    html.element("ul", &[Attribute::Own("class", "asked")], |html| {
        for question in questions {
            html.leaf("li", &[], &sentence(question));
        }
    });
}

fn sentence(question: &Question) -> String {
    let kind = question.kind;
    let who = match question.mode {
        Mode::Any => "one trail records",
        Mode::Union => "the trails together record",
        Mode::Every => "every trail records",
    };
    let mut text = format!("Whether {who} every S3 {kind} event ({}).", ids(kind));
    for (what, buckets) in [
        ("May stay unlogged", &question.allow_unlogged),
        ("Trusted log buckets", &question.trusted_log_buckets),
    ] {
        if !buckets.is_empty() {
            let names: Vec<_> = buckets.iter().map(|name| name.as_str()).collect();
            text += &format!(" {what}: {}.", names.join(", "));
        }
    }
    if question.require_delivery {
        text += " A trail whose latest log file was not delivered does not count.";
    }
    match (kind, question.deliveries) {
        (Kind::Write, Deliveries::Ignore) => {
            text += " CloudTrail's own log deliveries need not be recorded.";
        }
        (Kind::Read, _) | (Kind::Write, Deliveries::Require) => {}
    }
    text
}

/// The newest version of each standard.
fn ids(kind: Kind) -> String {
    let all = controls(kind);
    let of = |standard: &str, short: &str| {
        let control = all.iter().find(|control| control.standard == standard);
        control.map(|control| format!("{short} {}", control.id))
    };
    let ids = [of(CIS, "CIS"), of(SECURITY_HUB, "Security Hub")];
    ids.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
