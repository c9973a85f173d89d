//! Answers as HTML pages: one self-contained file each, without any script.
//!
//! Whatever stands on a page goes through [`html::Html`], which has no way to write text that it does
//! not escape, nor an address that is made of data. A page's own policy refuses scripts and everything
//! from elsewhere, so a hostile name is text and nothing more.

pub mod html;
mod logs;
mod visible;

pub use logs::logs;
pub use visible::{is_unsafe, visible};
