//! The one special language: ARNs of objects, whose bucket names are finite strings, and whose keys
//! have a longest length.

pub(super) mod bucket_names;
pub(super) mod near_limit;
pub(super) mod object_arns;
