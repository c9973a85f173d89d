//! The one special language: ARNs of objects, whose bucket names are finite strings.

pub(super) mod bucket_names;
pub(super) mod object_arns;
