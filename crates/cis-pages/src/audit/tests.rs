//! What the page is made of; a browser looks at it in the tests of whole programs.

use cis_findings::sheet::Sheet;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

use super::*;

fn account(id: &str, name: &str, trails: &Value) -> Snapshot {
    let json = json!({"schemaVersion": 1, "accountId": id, "name": name, "trails": trails});
    Snapshot::from_json(&json.to_string()).unwrap()
}

/// A trail of account 1 that selects everything.
fn trail(region: &str, is_multi_region: bool) -> Value {
    json!({
        "trail": {
            "TrailARN": format!("arn:aws:cloudtrail:{region}:1:trail/main"),
            "HomeRegion": region,
            "IsMultiRegionTrail": is_multi_region,
        },
        "status": {"IsLogging": true},
        "eventSelectors": {"EventSelectors": [
            {"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]},
        ]},
    })
}

fn page(accounts: &[Snapshot], left_out: usize) -> String {
    let question = Question::new(Kind::Write, Mode::Any);
    let mut page = Page::default();
    let data: String = accounts
        .iter()
        .map(|snapshot| {
            let result = cis_rules::evaluate(snapshot, &question);
            page.add(Entry::of(Sheet::of(snapshot, &question, &result)).unwrap())
        })
        .collect();
    [page.before(&[question], left_out), data, page.after().unwrap()].concat()
}

/// A document that stands in the page.
fn data(page: &str, id: &str) -> Value {
    let start = format!("<script type=\"application/json\" id=\"{id}\">");
    let inner = page.split_once(&start).unwrap().1.split_once("</script>").unwrap().0;
    serde_json::from_str(inner).unwrap()
}

#[test]
fn the_answers_stand_in_the_page_in_order() {
    let proved = account("1", "a", &json!([trail("us-east-1", true)]));
    let refuted = account("1", "b", &json!([trail("eu-west-1", false)]));
    let none = account("2", "c", &json!([]));
    let page = page(&[proved, refuted, none], 3);
    let answers = data(&page, "answers");
    assert_eq!(answers[0]["verdict"], "COMPLIANT");
    assert_eq!(answers[1]["verdict"], "NON_COMPLIANT");
    assert_eq!(answers[1]["elsewhere"]["recorded"], "notAll");
    assert_eq!(answers[1]["regions"][0]["record"]["recorded"], "all");
    assert_eq!(data(&page, "about")["regions"], json!(["eu-west-1", "us-east-1"]));
    assert!(page.contains("3 more answers were left out"), "{page}");
    let rows = page.split_once("<tbody>").unwrap().1;
    let places = ["id=\"1\">1 <span class=\"name\">b<", "id=\"2\">2", ">1 <span class=\"name\">a<"];
    let places = places.map(|text| rows.find(text).unwrap());
    assert!(places.is_sorted(), "the worst is not first: {places:?}");
}

#[test]
fn a_page_without_answers_is_a_page() {
    let page = page(&[], 0);
    assert_eq!(data(&page, "answers"), json!([]));
    assert_eq!(data(&page, "about")["regions"], json!([]));
}

#[test]
fn names_are_text_wherever_they_stand() {
    let hostile = "</script><script>alert(1)</script>\u{202e}";
    let page = page(&[account("1", hostile, &json!([trail(hostile, false)]))], 0);
    assert!(!page.contains("<script>alert") && !page.contains('\u{202e}'), "{page}");
    assert_eq!(data(&page, "answers")[0]["name"], hostile);
    assert_eq!(page.matches("<script").count(), 3);
}

#[test]
fn what_is_counted_of_a_region_is_what_its_cells_show() {
    let accounts: Vec<Snapshot> = (0..5)
        .map(|number| match number {
            0 | 1 => account("1", "a", &json!([trail("eu-west-1", false)])),
            2 => account("1", "b", &json!([trail("us-east-1", true)])),
            _ => account("3", "c", &Value::Null),
        })
        .collect();
    let question = Question::new(Kind::Write, Mode::Any);
    let mut page = Page::default();
    let mut sheets = Vec::new();
    for snapshot in &accounts {
        let result = cis_rules::evaluate(snapshot, &question);
        sheets.push(Sheet::of(snapshot, &question, &result));
        let _data = page.add(Entry::of(sheets[sheets.len() - 1].clone()).unwrap());
    }
    for region in [Some("eu-west-1"), Some("us-east-1"), None] {
        for recorded in [Recorded::All, Recorded::NotAll, Recorded::NotKnown] {
            let shown = sheets.iter().filter(|sheet| {
                let home = sheet.regions.iter().find(|home| Some(&*home.region) == region);
                let there = home.and_then(|home| home.record.as_ref());
                there.unwrap_or(&sheet.elsewhere).recorded == recorded
            });
            let counted = page.counts.recorded(region);
            assert_eq!(counted.get(&recorded).copied().unwrap_or(0), shown.count(), "{region:?}");
        }
    }
}

#[test]
fn the_script_does_not_end_where_it_stands() {
    for text in SETTING.script.iter().chain(SETTING.styles) {
        assert!(!text.contains("</") && !text.contains("<!--"));
    }
}
