//! What one CloudTrail record of S3 says: its level and kind, the bucket, key and objects, who
//! called, and who else received a copy.
//!
//! [`shapes`] finds the records in whatever people hold of them, [`RecordSummary`] is what one of them
//! says. Pure: it reads bytes that others give it, and opens nothing. It knows no verdict.

mod arn;
pub mod catalogue;
mod credentials;
mod level;
pub mod recipients;
pub mod shapes;
mod subject;
mod summary;

pub use level::{InvalidLevel, Level};
pub use shapes::{InvalidInput, events};
pub use subject::{SOURCES, bucket, is_bucket_name, level, level_by_category};
pub use summary::{RecordSummary, kind};
