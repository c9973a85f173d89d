//! What somebody sees who waits for a sweep at a terminal.

use std::io::Read as _;

use super::world::{Site, World};

/// What a sweep writes to a terminal of this width, and its exit code.
fn at_a_terminal(site: &Site, columns: u16, arguments: &[&str]) -> (String, Option<i32>) {
    let swept = site.command(arguments);
    let (mut terminal, end) = pty_process::blocking::open().unwrap();
    terminal.resize(pty_process::Size::new(24, columns)).unwrap();
    let mut command = pty_process::blocking::Command::new(swept.get_program())
        .args(swept.get_args())
        .current_dir(swept.get_current_dir().unwrap())
        .env_clear()
        .env("TERM", "xterm");
    for (name, value) in swept.get_envs() {
        command = command.env(name, value.unwrap());
    }
    let mut child = command.spawn(end).unwrap();
    let reader = std::thread::spawn(move || {
        let mut seen = Vec::new();
        // A terminal whose other end is closed gives an error, after all that was written.
        let _closed = terminal.read_to_end(&mut seen);
        String::from_utf8_lossy(&seen).into_owned()
    });
    let code = child.wait().unwrap().code();
    (reader.join().unwrap(), code)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_shows_how_far_the_sweep_is_and_what_was_found() {
    let site = Site::of(World::of(60)).await;
    let (seen, code) = at_a_terminal(&site, 120, &["--at-once", "1"]);
    assert_eq!(code, Some(0), "{seen}");
    let shown: Vec<&str> =
        seen.split(['\r', '\n']).filter(|line| line.contains("/61 accounts, ")).collect();
    let counted = |line: &&&str| {
        ["NON_COMPLIANT, ", "INDETERMINATE, ", " COMPLIANT, ", "/s, ", " left"]
            .iter()
            .all(|part| line.contains(part))
    };
    assert!(shown.iter().any(|line| counted(&line)), "{shown:?}");
    let first = shown.first().unwrap();
    assert!(
        first.contains("0/61 accounts, ") && !first.contains("/s"),
        "no rate of nothing: {first}"
    );
    // On a fast machine it is `100.0/s`.
    assert!(!seen.contains(", 0.0/s"), "{seen}");
    let last = seen.rsplit(['\r', '\n']).find(|line| line.contains("/61 accounts")).unwrap();
    let after = seen.rsplit_once(last).unwrap().1;
    assert!(after.contains("61 results: "), "the answers come after it: {after}");
    assert!(after.contains("\u{1b}[2K"), "it is wiped away: {after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_sweep_shows_no_progress_at_a_terminal_either() {
    let site = Site::of(World::of(10)).await;
    let (seen, _) = at_a_terminal(&site, 80, &["--quiet"]);
    assert!(seen.contains("11 results: ") && !seen.contains("/11 accounts"), "{seen}");
}
