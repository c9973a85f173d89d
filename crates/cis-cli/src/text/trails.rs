//! What each trail logs and what it misses.

use std::io::{self, Write};

use cis_findings::evidence::trails_with_results;
use cis_findings::repair::has_known_selectors;
use cis_rules::report::{AccountResult, Gap, TrailResult, Verdict};
use cis_rules::snapshot::{ObservedTrail, Snapshot};

use super::page::Page;

/// Gaps that are shown of one trail.
const GAPS: usize = 4;

/// Writes one paragraph per trail, then what no trail logs.
pub(super) fn write<W: Write>(
    page: &mut Page<W>,
    snapshot: &Snapshot,
    result: &AccountResult,
) -> io::Result<()> {
    page.section("Trails")?;
    if result.trails.is_empty() {
        page.text(
            4,
            if snapshot.planned {
                "none: the file plans no trail"
            } else if snapshot.trails.is_some() && snapshot.unreadable.is_empty() {
                "none: the account has no trail"
            } else {
                "not known: the trails could not be listed"
            },
        )?;
    }
    for (observed, trail) in trails_with_results(snapshot, result) {
        one(page, result, observed, trail)?;
    }
    if result.trails.len() > 1 && !result.gaps.is_empty() {
        page.section("Logged by no trail")?;
        gaps(page, 4, &result.gaps, result.more_gaps)?;
    }
    Ok(())
}

fn one<W: Write>(
    page: &mut Page<W>,
    result: &AccountResult,
    observed: &ObservedTrail,
    trail: &TrailResult,
) -> io::Result<()> {
    match &trail.place {
        Some(place) => page.text(4, &format!("{} ({place})", trail.arn))?,
        None => page.text(4, &trail.arn)?,
    }
    page.text(6, &state(observed, trail))?;
    for reason in &trail.reasons {
        page.item(6, "-", reason)?;
    }
    match trail.verdict {
        Verdict::Compliant => {
            page.text(6, &format!("logs every S3 object-level {} event", result.kind))
        }
        Verdict::Indeterminate => {
            page.text(6, &format!("may or may not log every S3 object-level {} event", result.kind))
        }
        Verdict::NonCompliant => {
            page.text(6, "misses:")?;
            gaps(page, 6, &trail.gaps, trail.more_gaps)
        }
    }
}

fn state(observed: &ObservedTrail, trail: &TrailResult) -> String {
    let counts = if trail.counts { "counts" } else { "does not count" };
    match trail.template {
        Some(template) => format!("{counts}; log selector template: {template}"),
        None if has_known_selectors(observed) => {
            format!("{counts}; no selector for S3 data events was seen")
        }
        None => format!("{counts}; its selectors are not known"),
    }
}

fn gaps<W: Write>(page: &mut Page<W>, indent: usize, gaps: &[Gap], more: bool) -> io::Result<()> {
    for gap in gaps.iter().take(GAPS) {
        page.item(indent, "-", &gap.description)?;
    }
    match gaps.len().saturating_sub(GAPS) {
        0 if more => page.item(indent, "-", "and more"),
        0 => Ok(()),
        hidden => page.item(
            indent,
            "-",
            &format!(
                "and {}{hidden} more: `--format json` lists them",
                if more { "at least " } else { "" }
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use cis_rules::report::{AccountMembers, Place, TrailMembers};

    use super::*;
    use crate::text::samples;

    fn rendered(snapshot: &Snapshot, result: &AccountResult) -> String {
        let mut page = Page::new(Vec::new(), false);
        write(&mut page, snapshot, result).unwrap();
        String::from_utf8(page.into_inner()).unwrap()
    }

    #[test]
    fn no_trail_and_unlisted_trails_differ() {
        let result = samples::indeterminate().with(|members| members.trails.clear()).unwrap();
        let mut snapshot = samples::snapshot();
        snapshot.trails = Some(Vec::new());
        assert!(rendered(&snapshot, &result).contains("the account has no trail"));
        snapshot.planned = true;
        assert!(rendered(&snapshot, &result).contains("the file plans no trail"));
        snapshot.planned = false;
        snapshot.trails = None;
        assert!(rendered(&snapshot, &result).contains("could not be listed"));
    }

    #[test]
    fn a_trail_says_what_it_misses() {
        assert_eq!(
            rendered(&samples::snapshot(), &samples::non_compliant()),
            "
  Trails
    arn:aws:cloudtrail:us-east-1:111122223333:trail/main
      counts; log selector template: Custom
      misses:
      - events in any bucket whose name starts with `payroll`
"
        );
    }

    #[test]
    fn a_trail_of_a_file_says_its_file_and_line() {
        let file = "modules/\u{1b}[2Jtrail.tf".to_string();
        let placed = |trail: &mut TrailMembers| trail.place = Some(Place { file, line: Some(12) });
        let with_place = |members: &mut AccountMembers| {
            members.trails = vec![members.trails[0].clone().with(placed).unwrap()];
        };
        let result = samples::non_compliant().with(with_place).unwrap();
        let text = rendered(&samples::snapshot(), &result);
        let expected = ":trail/main (modules/\\u{1b}[2Jtrail.tf:12)\n";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn selectors_that_were_not_read_are_not_said_to_be_absent() {
        let mut snapshot = samples::snapshot();
        let without_template = |members: &mut AccountMembers| {
            let trail = members.trails[0].clone();
            members.trails = vec![trail.with(|trail| trail.template = None).unwrap()];
        };
        let result = samples::non_compliant().with(without_template).unwrap();
        let seen = "no selector for S3 data events was seen";
        assert!(rendered(&snapshot, &result).contains(seen));
        snapshot.trails.as_mut().unwrap()[0].event_selectors = None;
        let text = rendered(&snapshot, &result);
        assert!(text.contains("counts; its selectors are not known"), "{text}");
        assert!(!text.contains(seen), "{text}");
    }

    #[test]
    fn many_gaps_are_counted() {
        let with_many = |trail: &mut TrailMembers| {
            trail.gaps = vec![samples::gap(); 7];
            trail.more_gaps = true;
        };
        let many = |members: &mut AccountMembers| {
            members.trails = vec![members.trails[0].clone().with(with_many).unwrap()];
        };
        let result = samples::non_compliant().with(many).unwrap();
        assert!(rendered(&samples::snapshot(), &result).contains("and at least 3 more"));
    }
}
