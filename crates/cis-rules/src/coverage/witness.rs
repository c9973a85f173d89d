//! A readable record of a region.
