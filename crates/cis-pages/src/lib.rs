//! Answers as HTML pages: one self-contained file each.
//!
//! Whatever stands on a page goes through [`html::Html`], which has no way to write text that it does
//! not escape, nor an address that is made of data. The page about logs has no script. That about
//! accounts has one, which the page's own policy names by its hash; the policy refuses every other one,
//! all markup that a script would make of text, and everything from elsewhere. So a hostile name is
//! text and nothing more.

pub mod audit;
pub mod html;
mod logs;
mod table;
mod visible;

pub use logs::logs;
pub use visible::{is_unsafe, visible};

/// The style sheet of all pages.
const STYLE: &str = include_str!("style.css");
