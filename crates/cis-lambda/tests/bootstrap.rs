//! The binary as Lambda starts it, over real HTTP: what it answers, what it logs, and when it stops.
#![cfg(feature = "function")]
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

use std::io::{self, BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use loopback::{Answer, NEVER, Request, Server};
use serde_json::{Value, json};

const ACCOUNT: &str = "123456789012";
const REQUEST_ID: &str = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
const TRACE: &str = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";
const TOKEN: &str = "myResultToken";
const FOREVER: Duration = Duration::from_secs(3600);

/// What one invocation came to.
struct Run {
    server: Server,
    /// The end of the path that was answered to: `response` or `error`.
    end: String,
    answer: Value,
    /// The lines of the log, the metrics last.
    log: Vec<String>,
}

impl Run {
    fn line(&self, index: usize) -> Value {
        serde_json::from_str(&self.log[index]).unwrap()
    }

    /// The only line of this level.
    fn of_level(&self, level: &str) -> Value {
        let lines = (0..self.log.len() - 1).map(|index| self.line(index));
        let [line] =
            lines.filter(|line| line["level"] == level).collect::<Vec<_>>().try_into().unwrap();
        line
    }

    fn metrics(&self) -> Value {
        self.line(self.log.len() - 1)
    }

    fn aws_requests(&self) -> Vec<Request> {
        let mut requests = self.server.requests();
        requests.retain(|request| !request.path.contains("/runtime/"));
        requests
    }
}

/// One invocation to make.
struct Invocation {
    event: Value,
    timeout: Duration,
    variables: Vec<(&'static str, &'static str)>,
}

impl Invocation {
    fn new() -> Self {
        let mut event: Value = serde_json::from_str(include_str!("events/scheduled.json")).unwrap();
        event["ruleParameters"] = "{}".into();
        Self { event, timeout: FOREVER, variables: Vec::new() }
    }

    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    /// Starts the binary against a server that is both Lambda's Runtime API, with this one
    /// invocation, and AWS, which answers what `aws` says.
    async fn run(
        self,
        aws: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> io::Result<Run> {
        let invocations = AtomicUsize::new(0);
        let Self { event, timeout, variables } = self;
        let server = Server::start(move |request| {
            if request.path.ends_with("/next") {
                let answer = next(&event, timeout);
                return match invocations.fetch_add(1, Ordering::SeqCst) {
                    0 => answer,
                    _ => answer.after(FOREVER),
                };
            }
            if request.path.contains("/runtime/") { Answer::new(202, "{}") } else { aws(request) }
        })
        .await?;
        let mut child = Command::new(env!("CARGO_BIN_EXE_bootstrap"))
            .env_clear()
            .env("AWS_ACCESS_KEY_ID", "testing")
            .env("AWS_SECRET_ACCESS_KEY", "testing-secret")
            .env("AWS_SESSION_TOKEN", "testing-session")
            .env("AWS_REGION", "us-east-2")
            .env("AWS_MAX_ATTEMPTS", "1")
            .env("AWS_ENDPOINT_URL", server.url())
            .env("AWS_LAMBDA_RUNTIME_API", server.host())
            .env("TRAILPROOF_LONGEST_WAIT", "0")
            .env("AWS_LAMBDA_FUNCTION_NAME", "rule")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "stream")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "group")
            .envs(variables)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let lines = lines(&mut child);
        let _bootstrap = Bootstrap(child);
        for _ in 0..3000 {
            if let Some(answer) = server.requests().iter().find(|request| answered(request)) {
                let end = answer.path.rsplit('/').next().unwrap_or_default().to_owned();
                // It has logged before it answers; only the pipe can be slow.
                let mut log: Vec<String> = Vec::new();
                while log.last().is_none_or(|line| !line.contains("\"_aws\"")) {
                    let line = lines.recv_timeout(Duration::from_secs(10));
                    log.push(line.map_err(|_| io::Error::other(format!("no metrics: {log:?}")))?);
                }
                return Ok(Run { answer: answer.json(), end, server, log });
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(io::Error::other("the function did not answer within 30 seconds"))
    }
}

/// The binary, stopped when it goes out of scope.
struct Bootstrap(Child);

impl Drop for Bootstrap {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a process writes to its standard output and its standard error, line by line.
fn lines(child: &mut Child) -> Receiver<String> {
    let (sender, lines) = channel();
    let pipes: [Option<Box<dyn io::Read + Send>>; 2] = [
        child.stdout.take().map(|pipe| Box::new(pipe) as _),
        child.stderr.take().map(|pipe| Box::new(pipe) as _),
    ];
    for pipe in pipes.into_iter().flatten() {
        let sender = sender.clone();
        thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(io::Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
    }
    lines
}

fn answered(request: &Request) -> bool {
    request.method == "POST"
        && (request.path.ends_with("/response") || request.path.ends_with("/error"))
}

fn next(event: &Value, timeout: Duration) -> Answer {
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + timeout;
    Answer::ok(event)
        .header("lambda-runtime-aws-request-id", REQUEST_ID)
        .header("lambda-runtime-deadline-ms", &deadline.as_millis().to_string())
        .header("lambda-runtime-trace-id", TRACE)
        .header(
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-2:123456789012:function:rule",
        )
}

fn arn(name: &str) -> String {
    format!("arn:aws:cloudtrail:us-east-2:{ACCOUNT}:trail/{name}")
}

/// These trails as DescribeTrails answers them.
fn described(names: &[&str], of_an_organization: bool) -> Value {
    let trail = |name: &&str| {
        json!({
            "Name": name, "TrailARN": arn(name), "S3BucketName": "trail-logs",
            "IsMultiRegionTrail": true, "HomeRegion": "us-east-2",
            "HasCustomEventSelectors": true, "IsOrganizationTrail": of_an_organization,
        })
    };
    json!({"trailList": names.iter().map(trail).collect::<Value>()})
}

/// AWS with these trails, which are logging and record all events on S3 objects.
fn good(names: &[&str], request: &Request) -> Answer {
    match request.operation() {
        "DescribeTrails" => Answer::ok(&described(names, false)),
        "GetTrailStatus" => Answer::ok(&json!({"IsLogging": true})),
        "GetEventSelectors" => Answer::ok(&json!({
            "TrailARN": request.json()["TrailName"],
            "EventSelectors": [{
                "ReadWriteType": "All", "IncludeManagementEvents": true,
                "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
            }],
        })),
        "PutEvaluations" => Answer::ok(&json!({"FailedEvaluations": []})),
        other => Answer::new(404, other),
    }
}

#[tokio::test]
async fn it_answers_an_invocation() -> io::Result<()> {
    let run = Invocation::new().run(|request| good(&[], request)).await?;
    assert_eq!(run.end, "response", "{}", run.answer);
    assert_eq!(run.answer["Evaluations"][0]["ComplianceType"], "NON_COMPLIANT");
    assert!(!run.answer.to_string().contains(TOKEN));
    let [request] = run.server.requests_for("PutEvaluations").try_into().unwrap();
    assert_eq!(request.json()["ResultToken"], TOKEN);
    let agent = &request.headers["user-agent"];
    assert!(agent.contains("app/trailproof"), "{agent}");
    Ok(())
}

#[tokio::test]
async fn it_answers_an_error_as_an_error() -> io::Result<()> {
    let mut invocation = Invocation::new();
    invocation.event["accountId"] = "210987654321".into();
    invocation.event["configRuleArn"] =
        "arn:aws:config:us-east-2:210987654321:config-rule/r".into();
    let run = invocation.run(|request| good(&[], request)).await?;
    assert_eq!(run.end, "error");
    assert_eq!(run.answer["errorType"], "WrongAccount", "{}", run.answer);
    assert!(run.aws_requests().is_empty());
    assert_eq!(run.metrics()["EvaluationSucceeded"], 0);
    Ok(())
}

#[tokio::test]
async fn it_logs_what_it_put_and_its_metrics() -> io::Result<()> {
    let mut invocation = Invocation::new();
    invocation.event["ruleParameters"] = r#"{"EventKinds": "write,read"}"#.into();
    let run = invocation.run(|request| good(&["one", "two"], request)).await?;
    assert_eq!(run.end, "response", "{}", run.answer);
    let line = run.of_level("INFO");
    for (member, value) in [
        ("message", json!("evaluated")),
        ("requestId", json!(REQUEST_ID)),
        ("compliance", json!("COMPLIANT")),
        ("write", json!("COMPLIANT")),
        ("read", json!("COMPLIANT")),
        ("trails", json!(2)),
        ("unreadableTrails", json!(0)),
        ("apiCalls", json!(6)),
        ("testMode", json!(false)),
    ] {
        assert_eq!(line[member], value, "{member}: {line}");
    }
    let metrics = run.metrics();
    for (member, value) in [
        ("FunctionName", json!("rule")),
        ("ruleName", json!("periodic-config-rule")),
        ("accountId", json!(ACCOUNT)),
        ("requestId", json!(REQUEST_ID)),
        ("EvaluationSucceeded", json!(1)),
        ("Compliant", json!(2)),
        ("NonCompliant", json!(0)),
        ("Indeterminate", json!(0)),
        ("UnreadableTrails", json!(0)),
        ("level", json!("INFO")),
    ] {
        assert_eq!(metrics[member], value, "{member}: {metrics}");
    }
    assert!(metrics["Duration"].is_u64(), "{metrics}");
    Ok(())
}

#[tokio::test]
async fn it_makes_one_call_two_for_each_trail_and_one_to_put() -> io::Result<()> {
    for names in [&[][..], &["one"], &["one", "two", "three", "four", "five", "six"]] {
        let run = Invocation::new().run(|request| good(names, request)).await?;
        let calls = 1 + 2 * names.len() + 1;
        assert_eq!(run.aws_requests().len(), calls);
        assert_eq!(run.metrics()["ApiCalls"], calls, "{names:?}");
    }
    Ok(())
}

#[tokio::test]
async fn aws_gets_the_trace_header() -> io::Result<()> {
    let run = Invocation::new().run(|request| good(&["one"], request)).await?;
    let requests = run.aws_requests();
    assert_eq!(requests.len(), 4);
    for request in requests {
        let traced = request.headers.get("x-amzn-trace-id").map(String::as_str);
        assert_eq!(traced, Some(TRACE), "{}", request.operation());
    }
    Ok(())
}

/// Nothing of AWS's messages, no ARN, no bucket and no token in what is logged above DEBUG.
#[tokio::test]
async fn a_failed_call_is_logged_by_its_name_and_code() -> io::Result<()> {
    let run = Invocation::new()
        .run(|request| match request.operation() {
            "GetEventSelectors" => Answer::error(
                "AccessDeniedException",
                "User: arn:aws:sts::123456789012:assumed-role/rule is not authorized",
            ),
            _ => good(&["one"], request),
        })
        .await?;
    assert_eq!(run.answer["errorType"], "Indeterminate", "{}", run.answer);
    assert!(run.answer["errorMessage"].as_str().unwrap().contains(&arn("one")));
    let warning = run.of_level("WARN");
    assert_eq!(
        (&warning["call"], &warning["code"]),
        (&json!("GetEventSelectors"), &json!("AccessDeniedException"))
    );
    assert_eq!(warning["requestId"], REQUEST_ID);
    let error = run.of_level("ERROR");
    assert_eq!(error["errorType"], "Indeterminate");
    assert_eq!((&error["write"], &error["unreadableTrails"]), (&json!("INDETERMINATE"), &json!(1)));
    let log = run.log.join("\n");
    for kept in ["arn:", "not authorized", "trail-logs", "config-role", TOKEN, "testing"] {
        assert!(!log.contains(kept), "{kept}: {log}");
    }
    let metrics = run.metrics();
    assert_eq!(metrics["EvaluationSucceeded"], 0);
    assert_eq!((&metrics["Indeterminate"], &metrics["UnreadableTrails"]), (&json!(1), &json!(1)));
    Ok(())
}

#[tokio::test]
async fn a_put_that_fails_is_logged_by_its_code() -> io::Result<()> {
    let run = Invocation::new()
        .run(|request| match request.operation() {
            "PutEvaluations" => {
                Answer::error("InvalidResultTokenException", &format!("{TOKEN} is stale"))
            }
            _ => good(&["one"], request),
        })
        .await?;
    let error = run.of_level("ERROR");
    assert_eq!(error["errorType"], "PutEvaluationsFailed");
    assert_eq!(
        (&error["call"], &error["code"]),
        (&json!("PutEvaluations"), &json!("InvalidResultTokenException"))
    );
    assert!(!run.log.join("\n").contains(TOKEN), "{:?}", run.log);
    Ok(())
}

#[tokio::test]
async fn debug_shows_messages_and_trace_no_secret() -> io::Result<()> {
    for (level, shown) in [("DEBUG", true), ("TRACE", true), ("INFO", false)] {
        let run = Invocation::new()
            .with("AWS_LAMBDA_LOG_LEVEL", level)
            .run(|request| match request.operation() {
                "PutEvaluations" => {
                    Answer::error("ValidationException", &format!("`{TOKEN}` at arn:x"))
                }
                _ => good(&["one"], request),
            })
            .await?;
        let log = run.log.join("\n");
        assert_eq!(log.contains("arn:x"), shown, "{level}: {log}");
        for secret in [TOKEN, "testing-secret", "testing-session"] {
            assert!(!log.contains(secret), "{level}: {secret} in {log}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_higher_level_keeps_the_metrics() -> io::Result<()> {
    let run = Invocation::new()
        .with("AWS_LAMBDA_LOG_LEVEL", "ERROR")
        .run(|request| good(&["one"], request))
        .await?;
    assert_eq!(run.log.len(), 1, "{:?}", run.log);
    assert_eq!(run.metrics()["level"], "ERROR", "Lambda drops what is below");
    assert_eq!(run.metrics()["EvaluationSucceeded"], 1);
    Ok(())
}

#[tokio::test]
async fn plain_text_where_lambda_says_so() -> io::Result<()> {
    let run = Invocation::new()
        .with("AWS_LAMBDA_LOG_FORMAT", "Text")
        .run(|request| good(&["one"], request))
        .await?;
    assert!(run.log[0].contains(&format!(" INFO {REQUEST_ID} evaluated ")), "{:?}", run.log);
    assert_eq!(run.metrics()["Compliant"], 1, "the metrics are JSON in any case");
    Ok(())
}

/// The role that all members read the organization's trail through is not asked by all at once.
#[tokio::test]
async fn it_waits_before_the_organizations_trail_is_read_as_long_as_it_is_told() -> io::Result<()> {
    for (longest, waits) in [("1", 1), ("0", 0)] {
        let mut invocation = Invocation::new().with("TRAILPROOF_LONGEST_WAIT", longest);
        let role = format!("arn:aws:iam::{ACCOUNT}:role/reader");
        invocation.event["ruleParameters"] =
            json!({"OrganizationTrailRoleArn": role}).to_string().into();
        let run = invocation.run(organization).await?;
        assert_eq!(run.metrics()["Compliant"], 1, "{} {:?}", run.answer, run.log);
        let lines = (0..run.log.len()).map(|index| run.line(index));
        let waited = lines.filter_map(|line| line["seconds"].as_f64()).collect::<Vec<_>>();
        assert_eq!(waited.len(), waits, "{longest}: {:?}", run.log);
        assert!(waited.iter().all(|seconds| (0.0..1.0).contains(seconds)), "{waited:?}");
    }
    Ok(())
}

/// AWS with an organization's trail, which only the session of a role may read.
fn organization(request: &Request) -> Answer {
    let of_the_role = request.access_key() == "of-the-role";
    match request.operation() {
        "AssumeRole" => Answer::session("of-the-role", NEVER),
        "DescribeTrails" => Answer::ok(&described(&["organization"], true)),
        "GetTrailStatus" | "GetEventSelectors" if !of_the_role => {
            Answer::error("AccessDeniedException", "a member may not")
        }
        _ => good(&["organization"], request),
    }
}

/// The other trail proves the account, and there is time to put that.
#[tokio::test]
async fn a_call_that_hangs_leaves_time_for_the_rest() -> io::Result<()> {
    let mut invocation = Invocation::new();
    invocation.timeout = Duration::from_secs(8);
    let run = invocation
        .run(|request| {
            let hangs = request.operation() == "GetEventSelectors"
                && request.json()["TrailName"] == arn("slow");
            let answer = good(&["slow", "good"], request);
            if hangs { answer.after(FOREVER) } else { answer }
        })
        .await?;
    assert_eq!(run.end, "response", "{} {:?}", run.answer, run.log);
    assert_eq!(run.of_level("WARN")["code"], "TimeoutError");
    assert_eq!(run.metrics()["Compliant"], 1);
    assert_eq!(run.metrics()["UnreadableTrails"], 1);
    Ok(())
}

#[tokio::test]
async fn without_time_it_says_so() -> io::Result<()> {
    let mut invocation = Invocation::new();
    invocation.timeout = Duration::ZERO;
    let run = invocation.run(|request| good(&[], request).after(FOREVER)).await?;
    assert_eq!(run.answer["errorType"], "DeadlineExceeded", "{}", run.answer);
    let message = run.answer["errorMessage"].as_str().unwrap();
    assert!(message.contains("set the function's timeout to 120 s or more"), "{message}");
    assert_eq!(run.of_level("ERROR")["errorType"], "DeadlineExceeded");
    Ok(())
}

/// An invocation of a rule that imports findings.
fn importing() -> Invocation {
    let mut invocation = Invocation::new();
    invocation.event["ruleParameters"] = r#"{"SecurityHub": "asff"}"#.into();
    invocation
}

/// What is logged of the import.
fn of_import(run: &Run) -> Value {
    let lines = (0..run.log.len()).map(|index| run.line(index));
    let about = |line: &Value| line["message"].to_string().contains("Security Hub");
    let [line] = lines.filter(about).collect::<Vec<_>>().try_into().unwrap();
    line
}

#[tokio::test]
async fn findings_are_imported_after_aws_config_was_told() -> io::Result<()> {
    let imported = json!({"FailedCount": 0, "SuccessCount": 1, "FailedFindings": []});
    let run = importing()
        .run(move |request| match request.path.as_str() {
            "/findings/import" => Answer::ok(&imported),
            _ => good(&["one"], request),
        })
        .await?;
    assert_eq!(run.end, "response", "{}", run.answer);
    let [.., put, import] = &run.aws_requests()[..] else {
        panic!("two requests at least");
    };
    assert_eq!((put.operation(), import.path.as_str()), ("PutEvaluations", "/findings/import"));
    assert_eq!(import.headers["x-amzn-trace-id"], TRACE);
    let line = of_import(&run);
    assert_eq!((&line["level"], &line["findings"]), (&json!("INFO"), &json!(1)));
    Ok(())
}

/// Security Hub may be off, deny, or hang until the function's timeout: AWS Config was told.
#[tokio::test]
async fn an_import_that_fails_is_a_warning() -> io::Result<()> {
    let told = json!({"Message": "Account 123456789012 is not subscribed to AWS Security Hub"});
    let off =
        Answer::new(401, told.to_string()).header("x-amzn-ErrorType", "InvalidAccessException");
    let hangs = Answer::new(200, "").after(FOREVER);
    for (hub, error_type, code) in [
        (off, "SecurityHubInvalidAccess", "InvalidAccessException"),
        (hangs, "SecurityHubCallFailed", "TimeoutError"),
    ] {
        let mut invocation = importing();
        invocation.timeout = Duration::from_secs(4);
        let run = invocation
            .run(move |request| match request.path.as_str() {
                "/findings/import" => hub.clone(),
                _ => good(&["one"], request),
            })
            .await?;
        assert_eq!(run.end, "response", "{}", run.answer);
        assert_eq!(run.answer["Evaluations"][0]["ComplianceType"], "COMPLIANT");
        assert_eq!(run.metrics()["EvaluationSucceeded"], 1);
        let line = of_import(&run);
        for (member, value) in [("level", "WARN"), ("errorType", error_type), ("code", code)] {
            assert_eq!(line[member], value, "{line}");
        }
        assert!(!run.log.join("\n").contains("not subscribed"), "AWS's message is not logged");
    }
    Ok(())
}
