//! Findings in the portions that BatchImportFindings takes.

use super::Finding;

/// The most findings of one call.
///
/// Source: <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html>
pub const MOST_IN_A_BATCH: usize = 100;

/// The largest call, in bytes of JSON: 6 MB.
const BATCH_SIZE: usize = 6_000_000;

/// What a call has around its findings, and each finding after it.
const AROUND: usize = 32;
const BETWEEN: usize = 1;

/// The findings in portions of at most 100 and at most 6 MB, in their order.
#[must_use]
pub fn batches(findings: &[Finding]) -> Vec<&[Finding]> {
    let mut batches = Vec::new();
    let (mut start, mut size) = (0, AROUND);
    for (index, finding) in findings.iter().enumerate() {
        let one = finding.size() + BETWEEN;
        if index > start && (index - start == MOST_IN_A_BATCH || size + one > BATCH_SIZE) {
            batches.extend(findings.get(start..index));
            (start, size) = (index, AROUND);
        }
        size += one;
    }
    batches.extend(findings.get(start..).filter(|rest| !rest.is_empty()));
    batches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sample;

    fn sizes(findings: &[Finding]) -> Vec<usize> {
        batches(findings).into_iter().map(<[Finding]>::len).collect()
    }

    #[test]
    fn a_call_has_at_most_100_findings() {
        let finding = Finding::new(&Sample::compliant().input());
        for (count, expected) in [
            (0, vec![]),
            (1, vec![1]),
            (100, vec![100]),
            (101, vec![100, 1]),
            (250, vec![100, 100, 50]),
        ] {
            assert_eq!(sizes(&vec![finding.clone(); count]), expected);
        }
    }

    #[test]
    fn a_call_has_at_most_6_megabytes() {
        let mut finding = Finding::new(&Sample::compliant().input());
        let small = finding.size();
        finding.description += &"x".repeat(super::super::FINDING_SIZE - small);
        let findings = vec![finding; 60];
        let batches = batches(&findings);
        assert_eq!(batches.concat(), findings);
        assert_eq!(batches.iter().map(|batch| batch.len()).collect::<Vec<_>>(), [24, 24, 12]);
        for batch in batches {
            let call = serde_json::json!({"Findings": batch}).to_string();
            assert!(call.len() <= BATCH_SIZE, "{}", call.len());
        }
    }
}
