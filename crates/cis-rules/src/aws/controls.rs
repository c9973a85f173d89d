//! The controls that the rule answers, as data: which numbers each benchmark version gives them.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::spec::question::Kind;

/// One control of one standard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Control {
    /// The standard's name.
    pub standard: Cow<'static, str>,
    /// The standard's version, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Cow<'static, str>>,
    /// The control's number.
    pub id: Cow<'static, str>,
}

/// The name of the benchmark.
pub const CIS: &str = "CIS AWS Foundations Benchmark";

/// The name of AWS's own standard.
pub const SECURITY_HUB: &str = "AWS Security Hub CSPM";

/// Benchmark versions, newest first, each with its write and its read control.
///
/// Sources: the benchmarks' own numbering; v1.2.0 has neither control.
const CIS_VERSIONS: [(&str, &str, &str); 9] = [
    ("7.0.0", "4.8", "4.9"),
    ("6.0.0", "4.8", "4.9"),
    ("5.0.0", "3.8", "3.9"),
    ("4.0.1", "3.8", "3.9"),
    ("4.0.0", "3.8", "3.9"),
    ("3.0.0", "3.8", "3.9"),
    ("2.0.0", "3.10", "3.11"),
    ("1.5.0", "3.10", "3.11"),
    ("1.4.0", "3.10", "3.11"),
];

/// The controls that ask for this kind of event, newest benchmark first.
///
/// Security Hub: <https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html>
#[must_use]
pub fn controls(kind: Kind) -> Vec<Control> {
    let cis = CIS_VERSIONS.iter().map(|&(version, write, read)| Control {
        standard: CIS.into(),
        version: Some(version.into()),
        id: match kind {
            Kind::Write => write,
            Kind::Read => read,
        }
        .into(),
    });
    let security_hub = Control {
        standard: SECURITY_HUB.into(),
        version: None,
        id: match kind {
            Kind::Write => "S3.22",
            Kind::Read => "S3.23",
        }
        .into(),
    };
    cis.chain([security_hub]).collect()
}
