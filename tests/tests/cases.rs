//! Every worked case, through the real function over HTTP and through the real command:
//! both give the verdict that the case says, and the same sentence.

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::cases::{self, Case};
use e2e::cli::{Aws, NO_AWS, trailproof};
use e2e::event::{SENT_AT_SECONDS, scheduled};
use e2e::runtime_api::Answer;
use e2e::servers::{Standin, world_of};
use serde_json::{Value, json};

/// Cases whose selectors AWS's own model forbids in an answer: they show what must not be dropped.
const BEYOND_MODEL: [&str; 2] = ["arn-49-empty-value", "ev-15-empty-list"];

const MODES: [&str; 3] = ["any", "union", "every"];

/// What one side says of a case.
#[derive(Debug, PartialEq)]
struct Said {
    verdict: String,
    summary: String,
}

/// The command's results for the snapshot, one for each mode.
fn command(case: &Case, kind: &str) -> Result<Vec<Said>> {
    MODES
        .iter()
        .map(|mode| {
            let mut arguments = vec!["audit", "--snapshot", "-", "--format", "json"];
            arguments.extend(["--kind", kind, "--trails", mode]);
            for bucket in &case.allow_unlogged {
                arguments.extend(["--allow-unlogged", bucket]);
            }
            arguments.extend(case.deliveries_option());
            let ran = trailproof(NO_AWS, &arguments, &case.snapshot.to_string())?;
            let report = ran.json()?;
            let result = &report["results"][0];
            let said = Said {
                verdict: result["verdict"].as_str().unwrap_or_default().to_string(),
                summary: result["summary"].as_str().unwrap_or_default().to_string(),
            };
            let code = match said.verdict.as_str() {
                "COMPLIANT" => 0,
                "NON_COMPLIANT" => 1,
                "INDETERMINATE" => 3,
                _ => return Err(format!("no verdict: {ran:?}").into()),
            };
            assert_eq!(ran.code, code, "{} {kind} {mode}: the exit code", case.id);
            Ok(said)
        })
        .collect()
}

/// The case's account, with one rule.
fn world(case: &Case) -> Value {
    let mut world = world_of(&case.snapshot);
    if BEYOND_MODEL.contains(&case.id.as_str()) {
        world["beyondModel"] = json!(["GetEventSelectors"]);
    }
    world
}

/// What the function puts, or that it fails for want of an answer.
fn function(
    bootstrap: &mut Bootstrap,
    standin: &Standin,
    case: &Case,
    kind: &str,
    mode: &str,
) -> Result<Said> {
    standin.set_world(&world(case))?;
    let (account, region) = (case.text("accountId"), case.text("region"));
    let mut parameters = Value::Object(case.parameters());
    parameters["EventKinds"] = json!(kind);
    parameters["TrailMode"] = json!(mode);
    parameters["OnIndeterminate"] = json!("ERROR");
    let event = scheduled(account, region, case.text("partition"), &parameters);
    let answer = bootstrap.invoke(&event)?;
    standin.check_models()?;
    assert_eq!(
        standin.calls()?.iter().any(|call| call.get("beyondModel").is_some()),
        BEYOND_MODEL.contains(&case.id.as_str()),
        "{}: BEYOND_MODEL lists exactly such cases",
        case.id
    );
    let stored = standin.evaluations()?;
    let annotation = match answer {
        Answer::Error(error) => {
            assert_eq!(error["errorType"], "Indeterminate", "{}: {error}", case.id);
            assert_eq!(stored, Vec::<Value>::new(), "{}: nothing is put", case.id);
            let message = error["errorMessage"].as_str().unwrap_or_default();
            let summary = message.find("INDETERMINATE: ").and_then(|at| message.get(at..));
            return Ok(Said {
                verdict: "INDETERMINATE".to_string(),
                summary: summary.unwrap_or(message).to_string(),
            });
        }
        Answer::Response(_) => &stored[0]["evaluations"][0]["Annotation"],
    };
    let verdict = &stored[0]["evaluations"][0]["ComplianceType"];
    let expected = json!([{
        "rule": e2e::event::RULE_NAME,
        "accountId": account,
        "region": region,
        "evaluations": [{
            "ComplianceResourceType": "AWS::::Account",
            "ComplianceResourceId": account,
            "ComplianceType": verdict,
            "Annotation": annotation,
            "OrderingTimestamp": SENT_AT_SECONDS,
        }],
    }]);
    assert_eq!(json!(stored), expected, "{}: exactly one evaluation", case.id);
    Ok(Said {
        verdict: verdict.as_str().unwrap_or_default().to_string(),
        summary: annotation.as_str().unwrap_or_default().to_string(),
    })
}

/// Runs every case and lists all that is wrong, not only the first.
fn check(kind: &str) -> Result {
    let standin = Standin::start()?;
    let mut bootstrap = Bootstrap::start(&standin.url(), "us-east-1")?;
    let mut wrong = Vec::new();
    let mut verdicts = 0;
    for case in cases::all()? {
        let commands = command(&case, kind)?;
        for (mode, command) in MODES.iter().zip(commands) {
            let function = function(&mut bootstrap, &standin, &case, kind, mode)
                .map_err(|error| format!("{} {kind} {mode}: {error}", case.id))?;
            let expected = case.expected(kind, mode);
            if command.verdict != expected || command != function {
                wrong.push(format!(
                    "{} {kind} {mode}: expected {expected}\n  command:  {command:?}\n  function: {function:?}",
                    case.id
                ));
            }
            verdicts += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {verdicts}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(verdicts >= 270, "only {verdicts} verdicts were compared");
    Ok(())
}

#[test]
fn write_events() -> Result {
    check("write")
}

#[test]
fn read_events() -> Result {
    check("read")
}

/// The account read live, and its snapshot read from a pipe: one report, with the case's verdicts.
#[test]
fn live_and_from_a_snapshot() -> Result {
    let standin = Standin::start()?;
    let url = standin.url();
    for case in cases::all()? {
        standin.set_world(&world(&case))?;
        let aws = Aws { endpoint: &url, region: case.text("region") };
        let mut arguments = vec!["audit", "--format", "json", "--kind", "write", "--kind", "read"];
        for bucket in &case.allow_unlogged {
            arguments.extend(["--allow-unlogged", bucket]);
        }
        arguments.extend(case.deliveries_option());
        let live = trailproof(aws, &arguments, "")?;
        let snapshot = trailproof(aws, &["snapshot"], "")?;
        standin.check_models()?;
        arguments.extend(["--snapshot", "-"]);
        let piped = trailproof(NO_AWS, &arguments, &snapshot.stdout)?;
        assert_eq!(live.json()?, piped.json()?, "{}", case.id);
        assert_eq!((live.code, snapshot.code), (piped.code, 0), "{}", case.id);
        let report = live.json()?;
        for (index, kind) in ["write", "read"].into_iter().enumerate() {
            let result = &report["results"][index];
            let asked = (&result["accountId"], &result["kind"], &result["verdict"]);
            let expected = case.expected(kind, "any");
            let account = &case.snapshot["accountId"];
            assert_eq!(asked, (account, &json!(kind), &json!(expected)), "{}", case.id);
        }
    }
    Ok(())
}
