//! Which accounts are swept, and as whom each is read.

use serde_json::Value;

use super::world::{MANAGEMENT, Site, World, id};

fn verdicts(results: &[Value]) -> Vec<(&str, &str)> {
    results
        .iter()
        .map(|result| (result["accountId"].as_str().unwrap(), result["verdict"].as_str().unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_accounts_of_a_file_are_answered_in_its_order_and_audit_says_the_same() {
    let mut world = World::of(4);
    world.organization_trail = None;
    let site = Site::of(world).await;
    let list = format!("{}\n{MANAGEMENT}\n{}\n", id(3), id(1));
    std::fs::write(site.path("list.txt"), list).unwrap();
    let (results, ran) = site.results(&["--accounts", "list.txt", "--keep", "sweep.jsonl"]);
    let expected = [id(3), MANAGEMENT.to_owned(), id(1)];
    let ids: Vec<&str> = verdicts(&results).iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, expected);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("3 accounts were read"), "{ran:?}");

    let audit = super::command::run(
        &["audit", "--snapshot", site.path("sweep.jsonl").to_str().unwrap(), "--format", "json"],
        b"",
    );
    assert_eq!((audit.stdout, audit.code), (ran.stdout, ran.code));

    assert_eq!(site.server.requests_for("ListAccounts").len(), 0);
    assert_eq!(site.server.requests_for("AssumeRole").len(), 2, "not in the caller's own account");
    assert_eq!(site.asked("DescribeTrails", MANAGEMENT), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_account_of_the_organization_is_read_or_skipped_with_its_state() {
    let mut world = World::of(9);
    world.member(1).state = Some("SUSPENDED");
    world.member(2).state = Some("CLOSED");
    world.member(4).state = Some("PENDING_CLOSURE");
    world.member(5).state = Some("SOMETHING_NEW");
    let site = Site::of(world).await;
    let (results, ran) = site.results(&[]);
    let ids: Vec<String> =
        [0, 3, 5, 6, 7, 8].map(id).into_iter().chain([MANAGEMENT.to_owned()]).collect();
    assert_eq!(verdicts(&results).iter().map(|it| it.0).collect::<Vec<_>>(), ids);
    assert_eq!(results[0]["name"], format!("name-{}", id(0)), "{ran:?}");
    for said in [
        format!("the state is SUSPENDED: {} (old)", id(1)),
        format!("the state is CLOSED: {}", id(2)),
        format!("the state is PENDING_CLOSURE: {}", id(4)),
    ] {
        assert!(ran.stderr.contains(&said), "{said}: {ran:?}");
    }
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let skipped: Vec<(&str, &str)> = report["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["accountId"].as_str().unwrap(), it["state"].as_str().unwrap()))
        .collect();
    let [one, two, four] = [id(1), id(2), id(4)];
    let expected = [(&*one, "SUSPENDED"), (&*two, "CLOSED"), (&*four, "PENDING_CLOSURE")];
    assert_eq!(skipped, expected);
    assert_eq!(report["skipped"][0]["name"], "old");
    let reason = report["skipped"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("while its state is SUSPENDED"), "{reason}");
    let text = site.run(&[]);
    for said in
        ["3 accounts are skipped", &format!("{} (old), SUSPENDED", id(1)), "7 results: 0 NON_COMPL"]
    {
        assert!(text.stdout.contains(said), "{said}: {text:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn units_and_tags_and_ids_choose_accounts() {
    let mut world = World::of(6);
    world.units = [("ou-ab12-cdefghij", vec!["ou-ab12-below0000"])].into();
    world.member(0).unit = Some("ou-ab12-cdefghij");
    world.member(1).unit = Some("ou-ab12-below0000");
    world.member(2).unit = Some("ou-ab12-below0000");
    world.member(3).unit = Some("ou-ab12-other0000");
    world.member(1).tags = vec![("env", "prod")];
    world.member(2).tags = vec![("env", "test")];
    world.member(4).tags = vec![("env", "prod"), ("team", "pay")];
    let site = Site::of(world).await;
    let excluded = format!("--exclude={}", id(2));
    let included = format!("--include={},{}", id(2), id(5));
    for (options, expected) in [
        (vec!["--ou", "ou-ab12-cdefghij"], vec![0, 1, 2]),
        (vec!["--ou", "ou-ab12-cdefghij", &excluded], vec![0, 1]),
        (vec!["--ou", "ou-ab12-cdefghij", "--tag", "env"], vec![1, 2]),
        (vec!["--tag", "env=prod"], vec![1, 4]),
        (vec!["--tag", "env=prod", "--tag", "team"], vec![4]),
        (vec![&included], vec![2, 5]),
    ] {
        let (results, _) = site.results(&options);
        let mut ids: Vec<&str> = verdicts(&results).iter().map(|it| it.0).collect();
        ids.sort_unstable();
        assert_eq!(ids, expected.into_iter().map(id).collect::<Vec<_>>(), "{options:?}");
    }
    site.run(&["--include", "123456789012"]).is_refused(&["--include 123456789012", "no such"]);
    site.run(&["--tag", "env=none"]).is_refused(&["no account is left"]);
    let refused = site.run(&["--ou", "Sandbox"]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_may_not_list_is_told_who_can() {
    let site = Site::with(World::of(1), |request, _| match request.operation() {
        "ListAccounts" => Some(loopback::Answer::error("AccessDeniedException", "no")),
        "DescribeOrganization" => Some(loopback::Answer::ok(
            &serde_json::json!({"Organization": {"MasterAccountId": "222233334444"}}),
        )),
        _ => None,
    })
    .await;
    site.run(&[]).is_refused(&["ListAccounts", "management account, 222233334444", "--accounts"]);
    let site = Site::with(World::of(1), |request, _| {
        (request.operation() == "ListAccounts")
            .then(|| loopback::Answer::error("AWSOrganizationsNotInUseException", "none"))
    })
    .await;
    site.run(&[]).is_refused(&[MANAGEMENT, "in no organization", "--accounts FILE"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_cannot_be_entered_is_an_answer_and_not_the_end() {
    let mut world = World::of(5);
    world.member(1).is_closed = true;
    let site = Site::of(world).await;
    let (results, ran) = site.results(&["--keep", "sweep.jsonl"]);
    assert_eq!(verdicts(&results)[1], (id(1).as_str(), "INDETERMINATE"));
    let unknown = &results[1]["unknowns"][0];
    assert_eq!(
        unknown["reason"],
        "the trails could not be listed: AssumeRole failed with AccessDenied"
    );
    assert!(unknown["settledBy"].as_str().unwrap().contains("sts:AssumeRole"), "{unknown}");
    assert_eq!(results.len(), 6);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert_eq!(site.snapshots("sweep.jsonl")[1]["trails"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_another_account_reads_nothing() {
    let mut world = World::of(3);
    world.member(1).session_of = Some("100000000000");
    let site = Site::of(world).await;
    let (results, _) = site.results(&[]);
    assert_eq!(verdicts(&results)[1], (id(1).as_str(), "INDETERMINATE"));
    let unknown = &results[1]["unknowns"][0];
    let reason = unknown["reason"].as_str().unwrap();
    assert!(reason.contains("GetCallerIdentity failed with OtherAccount"), "{unknown}");
    let settled = unknown["settledBy"].as_str().unwrap();
    assert!(settled.contains("belongs to account 100000000000"), "{unknown}");
    assert_eq!(site.asked("DescribeTrails", &id(0)), 1, "once, for itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_cut_down_to_three_calls_unless_that_is_not_wanted() {
    let site = Site::of(World::of(1)).await;
    site.run(&["--role-name", "team/reader", "--member-external-id", "abc"]);
    site.run(&["--no-session-policy"]);
    let [cut, whole] = site.server.requests_for("AssumeRole").try_into().unwrap();
    for text in ["Policy=", "DescribeTrails", "GetTrailStatus", "GetEventSelectors"] {
        assert!(cut.body.contains(text) && !whole.body.contains(text), "{text}: {}", cut.body);
    }
    assert!(cut.body.contains("ExternalId=abc") && cut.body.contains("role%2Fteam%2Freader"));
    assert!(whole.body.contains("role%2FOrganizationAccountAccessRole"), "{}", whole.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delegated_administrator_reads_the_management_account_by_its_own_profile() {
    let mut world = World::of(4);
    world.accounts.get_mut(MANAGEMENT).unwrap().is_closed = true;
    let site = Site::of(world).await;
    let profiles = format!(
        "[profile management]\naws_access_key_id = of-{MANAGEMENT}\naws_secret_access_key = testing\n"
    );
    std::fs::write(site.path("config"), profiles).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = site.command(&[&["--format", "json"], arguments].concat());
        command.env("AWS_CONFIG_FILE", site.path("config"));
        let output = command.env("AWS_ACCESS_KEY_ID", format!("of-{}", id(2))).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["results"].as_array().unwrap().clone()
    };
    let without = run(&[]);
    let last = without.last().unwrap();
    assert_eq!(
        (&last["accountId"], &last["verdict"]),
        (&MANAGEMENT.into(), &"INDETERMINATE".into())
    );
    let with = run(&["--own-profile", "management"]);
    assert!(verdicts(&with).iter().all(|(_, verdict)| *verdict == "COMPLIANT"), "{with:?}");
    assert_eq!(with.len(), 5);
}
