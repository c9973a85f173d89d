//! What the fuzz targets check.
//!
//! A target takes any bytes and panics where something does not hold that must. `fuzz/` runs the
//! targets under libFuzzer on a nightly toolchain; `tests/replay.rs` gives each of them its corpus on
//! every run of the tests. An input that ever fails becomes a test of its own, with the cause.

mod account;
mod answers;
mod assembly;
mod digests;
mod engine;
mod evidence;
mod files;
mod input;
mod matcher;
mod planned;
mod sets;
mod source;
mod text;
mod yaml;

/// A target: its name, which is also its corpus's, and its body.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 12] = [
    ("snapshot", input::snapshot),
    ("record", input::record),
    ("rule_event", input::rule_event),
    ("planned", planned::planned),
    ("source", source::source),
    ("answers", answers::answers),
    ("assembly", assembly::assembly),
    ("yaml", yaml::yaml),
    ("digests", digests::digests),
    ("string_sets", sets::string_sets),
    ("search_and_checker", engine::search_and_checker),
    ("search_and_matcher", matcher::search_and_matcher),
];

/// Runs the target of a name.
///
/// # Panics
/// Where there is no such target, or something does not hold.
pub fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|(target, _)| *target == name);
    assert!(target.is_some(), "there is no target `{name}`");
    if let Some((_, body)) = target {
        body(data);
    }
}
