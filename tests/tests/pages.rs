//! The HTML pages in a real browser: light and dark, wide and narrow, by keyboard, by the rules of
//! accessibility, and with hostile names.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use e2e::Result;
use e2e::cli::{NO_AWS, trailproof};
use e2e::{logs, setup};
use serde_json::{Value, json};

/// The browser, and the folder with its driver; `None` where they cannot be had, which is said.
fn browser(name: &str) -> Option<(PathBuf, PathBuf)> {
    let root = xtask::root();
    let found =
        xtask::pages::chromium().and_then(|browser| Ok((browser, xtask::pages::packages(&root)?)));
    match found {
        Ok(found) => Some(found),
        Err(why) => {
            println!("SKIPPED: the page of {name} is not looked at: {why}");
            eprintln!("SKIPPED: the page of {name} is not looked at: {why}");
            None
        }
    }
}

/// What a script of `tests/pages` says, given the browser and these arguments.
fn said(
    (browser, packages): &(PathBuf, PathBuf),
    script: &str,
    arguments: &[&OsStr],
) -> Result<Value> {
    let output = Command::new("node")
        .current_dir(packages)
        .arg(setup::directory().join("pages").join(script))
        .arg(browser)
        .args(arguments)
        .output()?;
    let error = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("Chromium did not look at {arguments:?}: {error}").into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// A page in a file, and the folder for what is seen of it.
fn kept(page: &str, name: &str) -> Result<(PathBuf, PathBuf)> {
    let folder = setup::scratch()?.join("pages").join(name);
    fs::create_dir_all(&folder)?;
    let file = folder.join("page.html");
    fs::write(&file, page)?;
    Ok((file, folder))
}

/// Whether it is known that an item is none, which the rules of accessibility leave to people.
///
/// The signs of the picture, `✕` and `✓`, are no letters, so that the rules say nothing of their contrast,
/// nor whether the names of their buttons hold what is seen; nor of the contrast of what lies under the
/// head that stays in sight. The contrast is measured, against the 4.5 that letters need. Their names tell the sign in words, which is what a sign that cannot be spoken needs:
/// <https://www.w3.org/WAI/WCAG22/Understanding/label-in-name.html>
fn is_settled(item: &Value) -> bool {
    let settled: &[&str] = match item["id"].as_str() {
        Some("color-contrast") => &[
            "Element content contains only non-text characters",
            "Element content is too short to determine if it is actual text content",
            "Element's background color could not be determined because it's partially obscured by \
             another element",
        ],
        Some("label-content-name-mismatch") => {
            &["Unable to determine if the visible text is part of the accessible name"]
        }
        _ => return false,
    };
    let is_settled = |why: &Value| why.as_str().is_some_and(|why| settled.contains(&why));
    let all = item["why"].as_array();
    all.is_some_and(|all| all.iter().all(is_settled)) && item["contrast"].as_f64() >= Some(4.5)
}

/// Nothing is wrong, and the rules of accessibility find nothing in so many looks.
fn is_fine(seen: &Value, looks: usize) -> Result {
    assert_eq!(seen["wrong"], json!([]));
    let findings = seen["findings"].as_array().ok_or("no findings")?;
    for finding in findings {
        assert_eq!(finding["violations"], json!([]), "{}", finding["where"]);
        assert!(finding["passes"].as_u64() > Some(15), "{finding}");
        for item in finding["incomplete"].as_array().ok_or("no incomplete items")? {
            assert!(is_settled(item), "{}: {item}", finding["where"]);
        }
    }
    assert_eq!(findings.len(), looks);
    Ok(())
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
    let Some(browser) = browser("logs") else { return Ok(()) };
    let (file, folder) = kept(&page.stdout, "logs")?;
    let seen = said(&browser, "look.mjs", &[file.as_os_str(), folder.as_os_str()])?;
    is_fine(&seen, 4)?;
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

/// A name that does what names can do.
const HOSTILE: &str =
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`\u{202e}\u{1b}[31m";

/// A trail, which selects everything but what the conditions leave out.
fn trail(account: &str, region: &str, is_multi_region: bool, conditions: &[Value]) -> Value {
    let mut fields = vec![
        json!({"Field": "eventCategory", "Equals": ["Data"]}),
        json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
    ];
    fields.extend_from_slice(conditions);
    json!({
        "trail": {
            "Name": "main",
            "TrailARN": format!("arn:aws:cloudtrail:{region}:{account}:trail/main"),
            "HomeRegion": region,
            "IsMultiRegionTrail": is_multi_region,
            "S3BucketName": "audit-logs",
        },
        "status": {"IsLogging": true},
        "eventSelectors": {"AdvancedEventSelectors": [{"Name": "S3", "FieldSelectors": fields}]},
    })
}

/// Accounts of all sorts, one on each line.
fn accounts(count: usize) -> String {
    const REGIONS: [&str; 8] = [
        "us-east-1",
        "us-west-2",
        "eu-west-1",
        "eu-central-1",
        "ap-southeast-2",
        "ap-northeast-1",
        "sa-east-1",
        "ca-central-1",
    ];
    let account = |number: usize| {
        let id = format!("{:012}", 100_000_000_000_u64 + 37 * number as u64);
        let home = REGIONS[number % 3];
        let other = REGIONS[number % REGIONS.len()];
        let left_out = |value: &str| json!({"Field": "resources.ARN", "NotStartsWith": [value]});
        let trails = match number % 11 {
            0 => json!([]),
            1 => json!([trail(&id, other, false, &[]), trail(&id, home, true, &[left_out("x")])]),
            2 => json!([trail(&id, home, true, &[left_out("arn:aws:s3:::acme-logs")])]),
            3 => json!([trail(&id, home, true, &[left_out(&format!("arn:aws:s3:::{HOSTILE}"))])]),
            4 => json!([trail(&id, other, false, &[])]),
            5 => {
                let mut unread = trail(&id, home, true, &[]);
                unread["eventSelectors"] = Value::Null;
                json!([unread])
            }
            _ => json!([trail(&id, home, true, &[])]),
        };
        let name = if number == 7 { HOSTILE.to_string() } else { format!("team-{number}") };
        json!({"schemaVersion": 1, "name": name, "accountId": id, "region": "us-east-1",
               "collectedAt": "2026-11-26T08:00:00Z", "trails": trails})
    };
    (0..count).map(|number| account(number).to_string() + "\n").collect()
}

/// Why the first account is excepted.
const EXCEPTED: &str = "sandbox of team 0, <b>not</b> in use";

/// The exception of the first account, which has no trail, as a configuration file.
fn exception() -> Result<PathBuf> {
    let file = setup::scratch()?.join("pages-exceptions.toml");
    fs::write(
        &file,
        format!("[[exceptions]]\naccount = \"100000000000\"\nreason = \"{EXCEPTED}\"\n"),
    )?;
    Ok(file)
}

fn page(accounts: &str, options: &[&str]) -> Result<String> {
    let arguments = [&["audit", "--snapshot", "-", "--format", "html"], options].concat();
    let page = trailproof(NO_AWS, &arguments, accounts)?;
    assert_eq!(page.code, 1, "{}", page.stderr);
    Ok(page.stdout)
}

#[test]
fn the_page_about_accounts_is_whole_in_a_browser_and_hostile_names_are_text() -> Result {
    let config = exception()?;
    let config = config.to_str().ok_or("a path that is no text")?;
    let few = page(&accounts(24), &["--kind", "write,read", "--config", config])?;
    let many = page(&accounts(700), &[])?;
    let Some(browser) = browser("accounts") else { return Ok(()) };
    for (name, page, answers) in [("accounts-few", &few, 48), ("accounts-many", &many, 700)] {
        let (file, folder) = kept(page, name)?;
        let seen = said(&browser, "accounts.mjs", &[file.as_os_str(), folder.as_os_str()])?;
        is_fine(&seen, 9)?;
        assert_eq!(seen["answers"], answers);
        assert_eq!(seen["printed"], answers, "not every answer is printed");
        let text = seen["text"].as_str().ok_or("no text")?;
        for shown in ["<script>alert(1)</script>", "\\u{202e}\\u{1b}[31m", "acme-logs"] {
            assert!(text.contains(shown), "{shown} is missing in {text}");
        }
        let is_excepted = name == "accounts-few";
        assert_eq!(text.contains(EXCEPTED), is_excepted, "{text}");
        assert_eq!(text.contains("NON_COMPLIANT excepted"), is_excepted, "{text}");
    }
    Ok(())
}

#[test]
fn ten_thousand_accounts_open_in_less_than_two_seconds() -> Result {
    const SIZES: [usize; 3] = [10, 1_000, 10_000];
    let mut files = Vec::new();
    for size in SIZES {
        let page = page(&accounts(size), &[])?;
        files.push((size, page.len(), kept(&page, &format!("accounts-{size}"))?.0));
    }
    let Some(browser) = browser("10,000 accounts") else { return Ok(()) };
    let arguments = [OsStr::new("5")].into_iter();
    let arguments: Vec<_> =
        arguments.chain(files.iter().map(|(.., file)| file.as_os_str())).collect();
    let seen = said(&browser, "time.mjs", &arguments)?;
    assert_eq!(seen["wrong"], json!([]));
    let measured = seen["measured"].as_array().ok_or("nothing was measured")?;
    assert_eq!(measured.len(), SIZES.len());
    for ((accounts, bytes, _), times) in files.iter().zip(measured) {
        println!("{accounts} accounts: {bytes} bytes, in milliseconds {times}");
        // Of several runs the best one: other programs of the machine can only add to it.
        assert!(times["best"].as_f64() < Some(2_000.0), "{accounts} accounts: {times}");
    }
    Ok(())
}
