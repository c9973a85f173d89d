//! The HTML pages in a real browser: light and dark, wide and narrow, by keyboard, by the rules of
//! accessibility, and with hostile names.

use std::fs;
use std::process::Command;

use e2e::Result;
use e2e::cli::{NO_AWS, trailproof};
use e2e::{logs, setup};
use serde_json::Value;

/// The page in Chromium; `None` where the browser cannot be had, which is said.
fn looked_at(page: &str, name: &str) -> Result<Option<Value>> {
    let root = xtask::root();
    let found =
        xtask::pages::chromium().and_then(|browser| Ok((browser, xtask::pages::packages(&root)?)));
    let (browser, packages) = match found {
        Ok(found) => found,
        Err(why) => {
            println!("SKIPPED: the page of {name} is not looked at: {why}");
            eprintln!("SKIPPED: the page of {name} is not looked at: {why}");
            return Ok(None);
        }
    };
    let folder = setup::scratch()?.join("pages").join(name);
    fs::create_dir_all(&folder)?;
    let file = folder.join("page.html");
    fs::write(&file, page)?;
    let output = Command::new("node")
        .current_dir(packages)
        .arg(setup::directory().join("pages/look.mjs"))
        .args([browser.as_os_str(), file.as_os_str(), folder.as_os_str()])
        .output()?;
    let error = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("Chromium did not look at {}: {error}", file.display()).into());
    }
    Ok(Some(serde_json::from_slice(&output.stdout)?))
}

#[test]
fn the_page_about_logs_is_whole_in_a_browser_and_hostile_names_are_text() -> Result {
    let folder = setup::scratch()?.join("pages-logs");
    let _not_there = fs::remove_dir_all(&folder);
    logs::write(&folder, &logs::week())?;
    let path = folder.to_str().ok_or("a path that is no text")?;
    let json = trailproof(NO_AWS, &["logs", path, "--format", "json"], "")?;
    assert_eq!(json.code, 1, "{}", json.stderr);
    let page = trailproof(NO_AWS, &["logs", path, "--format", "html"], "")?;
    assert_eq!(page.code, 1, "{}", page.stderr);
    let Some(seen) = looked_at(&page.stdout, "logs")? else { return Ok(()) };
    assert_eq!(seen["wrong"], serde_json::json!([]));
    for finding in seen["findings"].as_array().ok_or("no findings")? {
        assert_eq!(finding["violations"], serde_json::json!([]), "{}", finding["where"]);
        assert!(finding["passes"].as_u64() > Some(15), "{finding}");
    }
    assert_eq!(seen["findings"].as_array().map(Vec::len), Some(4));
    assert_eq!(seen["data"], json.json()?);
    let text = seen["text"].as_str().ok_or("no text")?;
    for shown in [
        "from 2026-03-02 10:04 to 2026-03-03 13:20 no write event on objects in bucket `payroll` was \
         recorded by trail/main, because user/mallory excluded it",
        "<script>alert(1)</script>",
        "Contradicted",
    ] {
        assert!(text.contains(shown), "{shown} is missing in {text}");
    }
    Ok(())
}
