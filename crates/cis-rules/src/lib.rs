//! Decides whether an AWS account's CloudTrail trails record every S3 object-level event.
//!
//! [`evaluate`] answers a [`Question`] about a [`Snapshot`]: COMPLIANT with a proof that a checker
//! accepted, NON_COMPLIANT with a record that is lost, or INDETERMINATE with what is not known and
//! what would settle it. [`explain`](explain()) says what the trails do with one event, and
//! [`diff`](diff()) what a change of the trails loses and gains.
//!
//! The crate is pure: no input or output, no clock, no environment, no AWS SDK.
//!
//! # A snapshot
//!
//! What was observed of an account is one JSON document. It holds AWS's own answers, unchanged:
//! of each trail its item of DescribeTrails, and the answers of GetTrailStatus and GetEventSelectors.
//! A call that failed is written down, too, in `unreadable`: less knowledge never makes an account
//! COMPLIANT.
//!
//! # An answer
//!
//! ```
//! use cis_rules::aws::field::RecordField;
//! use cis_rules::report::Verdict;
//! use cis_rules::{Kind, Mode, Question, Snapshot, evaluate};
//!
//! let snapshot = Snapshot::from_json(
//!     r#"{
//!   "schemaVersion": 1, "accountId": "111122223333",
//!   "trails": [{
//!     "trail": {
//!       "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/main",
//!       "IsMultiRegionTrail": true
//!     },
//!     "status": {"IsLogging": true},
//!     "eventSelectors": {"AdvancedEventSelectors": [{"FieldSelectors": [
//!       {"Field": "eventCategory", "Equals": ["Data"]},
//!       {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
//!       {"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::payroll"]}
//!     ]}]}
//!   }]
//! }"#,
//! )?;
//! let result = evaluate(&snapshot, &Question::new(Kind::Write, Mode::Any));
//!
//! assert_eq!(result.verdict, Verdict::NonCompliant);
//! let gap = &result.gaps[0];
//! assert_eq!(
//!     gap.description,
//!     "every write event on objects in any bucket whose name starts with `payroll`"
//! );
//! let lost = &gap.witness.record;
//! assert_eq!(lost.get(RecordField::EventName), Some("DeleteObject"));
//! assert_eq!(lost.get(RecordField::ResourcesArn), Some("arn:aws:s3:::payroll/2026/11/report.csv"));
//! # Ok::<(), cis_rules::InputError>(())
//! ```
//!
//! [`report`] describes the rest of an answer, and [`aws`] what AWS says: selectors, records, the
//! events of S3, the controls, the partitions.
#![no_std]

extern crate alloc;

mod answer;
pub mod aws;
mod engine;
#[cfg(feature = "schema")]
pub mod schema;
mod sets;
mod spec;

pub use answer::diff::diff;
pub use answer::evaluate::{evaluate, evaluate_with_account};
pub use answer::explain::explain;
pub use answer::{diff, explain, report};
pub use aws::snapshot::{InputError, Snapshot};
pub use spec::question::{BucketName, Deliveries, Kind, Mode, Question};

#[doc(hidden)]
pub use aws::field::RecordField;
#[doc(hidden)]
pub use aws::{catalogue, controls, field, open_values, partition, record, selector, snapshot};
#[doc(hidden)]
pub use spec::{matching, question};

/// The inside, for tests, fuzz targets and benchmarks: it changes without notice.
#[doc(hidden)]
pub mod internals {
    pub use crate::engine::{compile, gaps, problem, proof, search, witness};
    /// The string sets.
    pub mod sets {
        pub use crate::sets::*;
    }
    pub use crate::sets::region;
    pub use crate::spec::{matching, scope, trail};
}
