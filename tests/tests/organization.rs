//! One function for a whole organization: a role in each member, and one for the organization
//! trail that most members may not read.

use std::collections::BTreeMap;

use e2e::Result;
use e2e::bootstrap::{Bootstrap, Failed};
use e2e::cli::{Aws, trailproof};
use e2e::event::RULE_NAME;
use e2e::organization::{
    CENTRAL, HOME, MANAGEMENT, MEMBER_ROLE, Member, Sort, member_role, organization_role,
    organization_trail, world,
};
use e2e::runtime_api::Answer;
use e2e::servers::Standin;
use serde_json::{Value, json};

/// How many members there are: of each of the eight sorts as many.
const MEMBERS: usize = 56;

/// What came of asking about every member.
struct Asked {
    members: Vec<Member>,
    standin: Standin,
    /// What is stored for each account, as `id compliance`.
    stored: BTreeMap<String, Vec<String>>,
    /// The annotation of each account's first row.
    annotations: BTreeMap<String, String>,
    failed: BTreeMap<String, Failed>,
}

/// Has one function evaluate every member with these parameters.
fn ask(parameters: &Value) -> Result<Asked> {
    let members = Member::many(MEMBERS);
    let standin = Standin::with(&world(&members))?;
    let mut bootstrap = Bootstrap::start(&standin.url(), HOME)?;
    let mut failed = BTreeMap::new();
    for member in &members {
        let answer = bootstrap.invoke_in("aws", HOME, CENTRAL, &member.event(parameters))?;
        if matches!(answer, Answer::Error(_)) {
            failed.insert(member.id.clone(), answer.failed()?);
        }
    }
    standin.check_models()?;
    let (mut stored, mut annotations) = (BTreeMap::new(), BTreeMap::new());
    for rule in standin.evaluations()? {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let account = text(&rule["accountId"]);
        let rows = rule["evaluations"].as_array().cloned().unwrap_or_default();
        let row = |row: &Value| {
            format!("{} {}", text(&row["ComplianceResourceId"]), text(&row["ComplianceType"]))
        };
        annotations.insert(account.clone(), text(&rows[0]["Annotation"]));
        stored.insert(account, rows.iter().map(row).collect());
    }
    assert!(!bootstrap.log().contains("token-"), "result tokens are not logged");
    Ok(Asked { members, standin, stored, annotations, failed })
}

impl Asked {
    /// That each member of a sort has these rows of its own account, or else failed so.
    fn check(&self, sort: Sort, expected: std::result::Result<&[&str], &str>) {
        let of_sort: Vec<&Member> =
            self.members.iter().filter(|member| member.sort == sort).collect();
        assert_eq!(of_sort.len(), MEMBERS / Sort::ALL.len());
        for member in of_sort {
            let stored = self.stored.get(&member.id);
            let failed = self.failed.get(&member.id).map(|failed| failed.error_type.as_str());
            match expected {
                Ok(rows) => {
                    let rows: Vec<String> =
                        rows.iter().map(|row| row.replace("ACCOUNT", &member.id)).collect();
                    assert_eq!((stored, failed), (Some(&rows), None), "{sort:?}");
                }
                Err(kind) => assert_eq!((stored, failed), (None, Some(kind)), "{sort:?}"),
            }
        }
    }

    /// The accounts in which a call was made, each once.
    fn callers(&self, operation: &str) -> Result<Vec<String>> {
        let calls = self.standin.calls_of(operation)?;
        let caller = |call: &Value| call["accountId"].as_str().unwrap_or_default().to_owned();
        let mut callers: Vec<String> = calls.iter().map(caller).collect();
        callers.sort();
        callers.dedup();
        Ok(callers)
    }

    fn ids(&self, is_meant: impl Fn(Sort) -> bool) -> Vec<String> {
        let meant = self.members.iter().filter(|member| is_meant(member.sort));
        meant.map(|member| member.id.clone()).collect()
    }

    /// The roles that were asked for, each as often as it was.
    fn assumed(&self) -> Result<BTreeMap<String, usize>> {
        let mut assumed = BTreeMap::new();
        for call in self.standin.calls_of("AssumeRole")? {
            assert_eq!(call["accountId"], CENTRAL, "no role opens another one");
            assert_eq!(call["region"], HOME, "the Regional endpoint");
            assert_eq!(call["input"]["RoleSessionName"], RULE_NAME);
            let role = call["input"]["RoleArn"].as_str().unwrap_or_default().to_owned();
            *assumed.entry(role).or_default() += 1;
        }
        Ok(assumed)
    }
}

#[test]
fn members_that_may_not_read_the_organization_trail_get_a_real_verdict_through_the_role() -> Result
{
    let asked = ask(&json!({
        "MemberRoleName": MEMBER_ROLE,
        "OrganizationTrailRoleArn": organization_role(),
        "ReportOn": "account+trails",
    }))?;
    for sort in [Sort::Reading, Sort::Selectorless, Sort::Blind] {
        asked.check(sort, Ok(&["ACCOUNT COMPLIANT"]));
    }
    asked.check(Sort::WithLossyTrail, Ok(&["ACCOUNT COMPLIANT", "own NOT_APPLICABLE"]));
    asked.check(Sort::WithGoodTrail, Ok(&["ACCOUNT COMPLIANT", "own COMPLIANT"]));
    asked.check(Sort::Outside, Ok(&["ACCOUNT NON_COMPLIANT", "own NOT_APPLICABLE"]));
    asked.check(Sort::Unlisted, Err("TrailsUnreadable"));
    asked.check(Sort::Closed, Err("RoleNotAssumed"));
    for id in asked.ids(|sort| sort == Sort::Blind) {
        let expected = "COMPLIANT: trail organization is proved to log every S3 object-level write \
                        event";
        assert_eq!(asked.annotations.get(&id).map(String::as_str), Some(expected));
    }

    // Each account's calls are its own: nothing is read or put anywhere else.
    let open = asked.ids(|sort| sort != Sort::Closed);
    let decided = asked.ids(|sort| !matches!(sort, Sort::Closed | Sort::Unlisted));
    assert_eq!(asked.callers("DescribeTrails")?, open);
    assert_eq!(asked.callers("PutEvaluations")?, decided);
    assert_eq!(asked.callers("GetComplianceDetailsByConfigRule")?, decided);

    // One session for each member, and one for the organization trail, which is read now and then.
    let assumed = asked.assumed()?;
    let mut expected: BTreeMap<String, usize> =
        asked.members.iter().map(|member| (member_role(&member.id), 1)).collect();
    expected.insert(organization_role(), 1);
    assert_eq!(assumed, expected, "and never the role of AWS Config itself");
    let in_need = asked
        .ids(|sort| !matches!(sort, Sort::Reading | Sort::Outside | Sort::Unlisted | Sort::Closed));
    let mut reads = asked.standin.calls_of("GetEventSelectors")?;
    reads.retain(|call| call["accountId"] == MANAGEMENT);
    assert!(!reads.is_empty() && reads.len() < in_need.len(), "{}", reads.len());
    assert!(reads.iter().all(|call| call["input"]["TrailName"] == organization_trail()));
    Ok(())
}

#[test]
fn without_that_role_they_are_undecided_and_nothing_is_put() -> Result {
    let asked = ask(&json!({"MemberRoleName": MEMBER_ROLE}))?;
    asked.check(Sort::Reading, Ok(&["ACCOUNT COMPLIANT"]));
    for sort in [Sort::Selectorless, Sort::Blind, Sort::WithLossyTrail] {
        asked.check(sort, Err("Indeterminate"));
    }
    asked.check(Sort::WithGoodTrail, Ok(&["ACCOUNT COMPLIANT"]));
    asked.check(Sort::Outside, Ok(&["ACCOUNT NON_COMPLIANT"]));
    asked.check(Sort::Unlisted, Err("TrailsUnreadable"));
    asked.check(Sort::Closed, Err("RoleNotAssumed"));
    assert!(!asked.assumed()?.contains_key(&organization_role()));
    let closed = asked.ids(|sort| sort == Sort::Closed);
    let message = &asked.failed[&closed[0]].message;
    assert!(message.contains(&member_role(&closed[0])), "{message}");
    assert!(message.contains("AccessDenied"), "{message}");
    Ok(())
}

/// One member and a function in this account.
fn one(sort: Sort, function_in: &str) -> Result<(Member, Standin, Bootstrap)> {
    let members = Member::many(Sort::ALL.len());
    let mut described = world(&members);
    described["caller"] = json!(function_in);
    let standin = Standin::with(&described)?;
    let bootstrap = Bootstrap::start(&standin.url(), HOME)?;
    let member = members.into_iter().find(|member| member.sort == sort).ok_or("no such member")?;
    Ok((member, standin, bootstrap))
}

#[test]
fn a_role_for_the_organization_trail_that_does_not_work_is_named() -> Result {
    let (member, standin, mut bootstrap) = one(Sort::Selectorless, CENTRAL)?;
    let role = format!("arn:aws:iam::{MANAGEMENT}:role/none");
    let parameters = json!({"MemberRoleName": MEMBER_ROLE, "OrganizationTrailRoleArn": role});
    let answer = bootstrap.invoke_in("aws", HOME, CENTRAL, &member.event(&parameters))?;
    let failed = answer.failed()?;
    assert_eq!(failed.error_type, "Indeterminate");
    let expected = format!("trail {}: AssumeRole failed with AccessDenied", organization_trail());
    assert!(failed.message.ends_with(&expected), "{}", failed.message);
    assert_eq!(standin.evaluations()?, Vec::<Value>::new());

    let parameters = json!({
        "MemberRoleName": MEMBER_ROLE,
        "OrganizationTrailRoleArn": role,
        "OnUnreadable": "NOT_APPLICABLE",
    });
    let answer = bootstrap.invoke_in("aws", HOME, CENTRAL, &member.event(&parameters))?;
    assert!(matches!(answer, Answer::Response(_)), "{answer:?}");
    let stored = standin.evaluations()?;
    assert_eq!(stored[0]["evaluations"][0]["ComplianceType"], "NOT_APPLICABLE");
    standin.check_models()
}

#[test]
fn a_function_in_each_account_reads_the_organization_trail_through_the_role_as_well() -> Result {
    let (member, standin, mut bootstrap) = one(Sort::Blind, "100000000002")?;
    assert_eq!(member.id, "100000000002");
    // It trusts the central account, and not this one.
    let parameters = json!({"OrganizationTrailRoleArn": organization_role()});
    let failed = bootstrap.invoke_to_fail(&member.event(&parameters))?;
    assert_eq!(failed.error_type, "Indeterminate");

    let mut described = world(&Member::many(Sort::ALL.len()));
    described["caller"] = json!(member.id);
    described["roles"] = json!([organization_role()]);
    standin.set_world(&described)?;
    bootstrap.invoke_to_answer(&member.event(&parameters))?;
    let stored = standin.evaluations()?;
    assert_eq!(stored[0]["accountId"], member.id);
    assert_eq!(stored[0]["evaluations"][0]["ComplianceType"], "COMPLIANT");
    standin.check_models()
}

#[test]
fn the_command_works_in_the_same_roles() -> Result {
    let (member, standin, mut bootstrap) = one(Sort::Blind, CENTRAL)?;
    let event = member.event(&json!({
        "MemberRoleName": MEMBER_ROLE,
        "OrganizationTrailRoleArn": organization_role(),
        "ReportOn": "account+trails",
    }));
    bootstrap.invoke_in("aws", HOME, CENTRAL, &event)?;
    let by_function = standin.evaluations()?;
    assert_eq!(by_function[0]["evaluations"][0]["ComplianceType"], "COMPLIANT");

    standin.set_world(&world(&Member::many(Sort::ALL.len())))?;
    let aws = Aws { endpoint: &standin.url(), region: HOME };
    let arguments = ["invoke", "--live", "--event", "-", "--format", "json"];
    let ran = trailproof(aws, &arguments, &event.to_string())?;
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    assert_eq!(standin.evaluations()?, by_function);
    standin.check_models()
}

#[test]
fn an_event_of_two_accounts_is_refused_before_a_role_is_assumed() -> Result {
    let (member, standin, mut bootstrap) = one(Sort::Reading, CENTRAL)?;
    let mut event = member.event(&json!({"MemberRoleName": MEMBER_ROLE}));
    event["accountId"] = json!(MANAGEMENT);
    let failed = bootstrap.invoke_in("aws", HOME, CENTRAL, &event)?.failed()?;
    assert_eq!(failed.error_type, "InvalidEvent");
    assert!(failed.message.contains("configRuleArn"), "{}", failed.message);

    // Without a role, the function's own credentials are of another account than the event.
    let event = member.event(&json!({}));
    let failed = bootstrap.invoke_in("aws", HOME, CENTRAL, &event)?.failed()?;
    assert_eq!(failed.error_type, "WrongAccount");
    assert_eq!(standin.calls()?, Vec::<Value>::new());
    Ok(())
}
