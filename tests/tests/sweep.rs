//! `trailproof sweep` of an organization: against the stand-in, which checks each request by the service
//! models, and against moto.

use std::collections::BTreeMap;

use e2e::Result;
use e2e::boto::Boto;
use e2e::cli::{Aws, Ran, trailproof};
use e2e::organization::{CENTRAL, HOME, MANAGEMENT, MEMBER_ROLE, Member, Sort, world};
use e2e::servers::{Moto, Standin};
use e2e::trails::{all_s3, all_s3_but};
use serde_json::{Value, json};

/// How many members there are: of each of the eight sorts as many.
const MEMBERS: usize = 56;

/// The unit that every second member is in.
const UNIT: &str = "ou-ab12-cdefghij";

/// An organization whose management account sweeps it.
fn swept(members: &[Member]) -> Value {
    let mut world = world(members);
    world["caller"] = json!(MANAGEMENT);
    for role in world["roles"].as_array_mut().into_iter().flatten() {
        if role["trusts"] == CENTRAL {
            role["trusts"] = json!(MANAGEMENT);
        }
    }
    let mut accounts = vec![
        json!({"Id": MANAGEMENT, "Name": "management", "State": "ACTIVE", "Status": "ACTIVE"}),
        json!({"Id": "888877776666", "Name": "closed", "State": "CLOSED", "Status": "SUSPENDED"}),
    ];
    for (number, member) in members.iter().enumerate() {
        let mut account = json!({"Id": member.id, "Name": format!("{:?}", member.sort)});
        account["State"] = json!("ACTIVE");
        if number % 2 == 0 {
            account["parent"] = json!(UNIT);
            account["tags"] = json!({"env": "prod"});
        }
        accounts.push(account);
    }
    world["organization"] = json!({
        "management": MANAGEMENT, "units": {UNIT: "r-ab12"}, "accounts": accounts,
    });
    let row = |member: &Member| {
        json!({
            "ConfigRuleName": "s3-writes", "AccountId": member.id, "AwsRegion": HOME,
            "Compliance": {"ComplianceType": "COMPLIANT"},
        })
    };
    world["aggregators"] = json!({"all": {
        "accountId": MANAGEMENT, "region": HOME,
        "compliance": members.iter().map(row).collect::<Vec<_>>(),
        "sources": [{
            "SourceId": members[0].id, "SourceType": "ACCOUNT", "AwsRegion": HOME,
            "LastUpdateStatus": "OUTDATED", "LastUpdateTime": "2026-11-20T21:50:00+00:00",
        }],
    }});
    world
}

fn sweep(url: &str, arguments: &[&str]) -> Result<Ran> {
    let sweep = ["sweep", "--role-name", MEMBER_ROLE];
    trailproof(Aws { endpoint: url, region: HOME }, &[&sweep[..], arguments].concat(), "")
}

/// The verdict of each account.
fn verdicts(report: &Value) -> BTreeMap<String, String> {
    let results = report["results"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    results.map(|result| (text(&result["accountId"]), text(&result["verdict"]))).collect()
}

#[test]
fn every_sort_of_member_has_its_verdict_and_no_request_breaks_a_model() -> Result {
    let members = Member::many(MEMBERS);
    let standin = Standin::with(&swept(&members))?;
    let ran = sweep(&standin.url(), &["--format", "json"])?;
    standin.check_models()?;
    let verdicts = verdicts(&ran.json()?);
    for member in &members {
        let expected = match member.sort {
            Sort::Outside => "NON_COMPLIANT",
            Sort::Unlisted | Sort::Closed => "INDETERMINATE",
            _ => "COMPLIANT",
        };
        assert_eq!(verdicts[&member.id], expected, "{member:?}");
    }
    assert_eq!((verdicts.len(), verdicts[MANAGEMENT].as_str()), (MEMBERS + 1, "COMPLIANT"));
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("CLOSED: 888877776666 (closed)"), "{}", ran.stderr);
    // The organization's trail once, and those of the members that have their own.
    let own = members.iter().filter(|member| {
        matches!(member.sort, Sort::WithLossyTrail | Sort::WithGoodTrail | Sort::Outside)
    });
    assert_eq!(standin.calls_of("GetEventSelectors")?.len(), 1 + own.count());
    Ok(())
}

#[test]
fn units_tags_and_the_aggregator_are_asked_as_their_models_say() -> Result {
    let members = Member::many(MEMBERS);
    let standin = Standin::with(&swept(&members))?;
    for options in [["--ou", UNIT], ["--tag", "env=prod"]] {
        let ran = sweep(&standin.url(), &[&options[..], &["--format", "json"]].concat())?;
        assert_eq!(verdicts(&ran.json()?).len(), MEMBERS / 2, "{options:?}");
    }
    let from = ["--from-aggregator", "all", "--rule", "s3-writes", "--format", "json"];
    let recorded = sweep(&standin.url(), &[&from[..], &["--compare"]].concat())?.json()?;
    standin.check_models()?;
    assert_eq!(recorded["counts"]["stale"], 1);
    assert_eq!(recorded["counts"]["missing"], 1, "the management account");
    let outside = members
        .iter()
        .filter(|member| matches!(member.sort, Sort::Outside | Sort::Unlisted | Sort::Closed));
    assert_eq!(recorded["counts"]["disagreeing"], outside.count());
    Ok(())
}

#[test]
fn a_member_account_is_told_who_may_list() -> Result {
    let members = Member::many(8);
    let mut world = swept(&members);
    world["caller"] = json!(members[0].id);
    let standin = Standin::with(&world)?;
    let ran = sweep(&standin.url(), &[])?;
    standin.check_models()?;
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains(&format!("management account, {MANAGEMENT}")), "{}", ran.stderr);
    Ok(())
}

/// A trail in an account of moto, made with the account's own credentials.
fn make_trail(account: &mut Boto, id: &str, selectors: &Value) -> Result {
    let bucket = format!("trail-logs-{id}");
    account.call(HOME, "s3", "create_bucket", json!({"Bucket": bucket}))??;
    let trail = json!({"Name": "main", "S3BucketName": bucket, "IsMultiRegionTrail": true});
    account.call(HOME, "cloudtrail", "create_trail", trail)??;
    let put = json!({"TrailName": "main", "AdvancedEventSelectors": selectors});
    account.call(HOME, "cloudtrail", "put_event_selectors", put)??;
    account.call(HOME, "cloudtrail", "start_logging", json!({"Name": "main"}))??;
    Ok(())
}

#[test]
fn an_organization_in_moto_is_swept_account_by_account() -> Result {
    let moto = Moto::start_corrected()?;
    let mut user = Boto::start(&moto.url())?;
    user.call(HOME, "organizations", "create_organization", json!({"FeatureSet": "ALL"}))??;
    for number in 0..24 {
        let account = json!({
            "AccountName": format!("member-{number:02}"), "Email": format!("{number}@example.com"),
        });
        user.call(HOME, "organizations", "create_account", account)??;
    }
    let mut listed = Vec::new();
    let mut page = user.call(HOME, "organizations", "list_accounts", json!({}))??;
    listed.extend(page["Accounts"].as_array().cloned().unwrap_or_default());
    while let Some(token) = page["NextToken"].as_str() {
        let next = json!({"NextToken": token});
        page = user.call(HOME, "organizations", "list_accounts", next)??;
        listed.extend(page["Accounts"].as_array().cloned().unwrap_or_default());
    }
    assert_eq!(listed.len(), 25);
    let mut expected = BTreeMap::new();
    for account in &listed {
        let id = account["Id"].as_str().ok_or("no id")?;
        let name = account["Name"].as_str().ok_or("no name")?;
        let role = format!("arn:aws:iam::{id}:role/OrganizationAccountAccessRole");
        let verdict = match name {
            "member-03" => {
                let session = user.assume(&role)?;
                make_trail(&mut Boto::in_session(&moto.url(), &session)?, id, &all_s3())?;
                "COMPLIANT"
            }
            "member-07" => {
                let session = user.assume(&role)?;
                let lossy = all_s3_but("arn:aws:s3:::payroll/");
                make_trail(&mut Boto::in_session(&moto.url(), &session)?, id, &lossy)?;
                "NON_COMPLIANT"
            }
            _ => "NON_COMPLIANT",
        };
        expected.insert(id.to_owned(), verdict.to_owned());
    }
    let aws = Aws { endpoint: &moto.url(), region: HOME };
    let ran = trailproof(aws, &["sweep", "--format", "json"], "")?;
    let report = ran.json()?;
    assert_eq!(verdicts(&report), expected);
    let mut results = report["results"].as_array().into_iter().flatten();
    let lossy = results.find(|result| result["name"] == "member-07").ok_or("no member-07")?;
    assert!(lossy["gaps"].to_string().contains("payroll"), "{lossy}");
    Ok(())
}
