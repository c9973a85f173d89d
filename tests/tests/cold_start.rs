//! The function as it is deployed, beside an equivalent Python function: start, memory and size.
//!
//! Both are whole processes behind the same Runtime API endpoint, and both read the same trails from
//! the same servers: from moto, from one that answers at once, so that the server's own time is not
//! what is measured, and from that one some milliseconds away. `cargo xtask cold-start` runs it on a
//! release build.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::boto::Boto;
use e2e::event::scheduled;
use e2e::process::{aws_environment, python};
use e2e::quick::Quick;
use e2e::runtime_api::{Answer, RuntimeApi};
use e2e::servers::MotoTwice;
use e2e::trails::{all_s3, trail_of};
use serde_json::{Value, json};

/// moto's account.
const ACCOUNT: &str = "123456789012";
const HOME: &str = "us-east-1";

/// How often each process is started, one after the other in turns, unless `TRAILPROOF_RUNS` says it.
const RUNS: usize = 15;

/// How many trails the account has: a usual one, and as many as a Region can have.
const TRAILS: [usize; 2] = [1, 5];

/// How much longer a server that is away takes for a handshake and for an answer.
const AWAY: Duration = Duration::from_millis(5);

/// A kind of function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Rust,
    Python,
}

/// What one start came to.
#[derive(Clone, Copy, Debug)]
struct Start {
    init: Duration,
    first_response: Duration,
    memory: u64,
}

fn variable(name: &str) -> Result<PathBuf> {
    let path = env::var_os(name)
        .ok_or_else(|| format!("`{name}` is not set: `cargo xtask cold-start`"))?;
    Ok(path.into())
}

fn runs() -> Result<usize> {
    match env::var("TRAILPROOF_RUNS") {
        Ok(runs) => Ok(runs.parse().map_err(|_| format!("`TRAILPROOF_RUNS`: `{runs}`"))?),
        Err(_) => Ok(RUNS),
    }
}

impl Subject {
    fn command(self) -> Result<Command> {
        Ok(match self {
            Self::Rust => Command::new(variable("TRAILPROOF_BOOTSTRAP")?),
            Self::Python => {
                let mut command = Command::new(variable("TRAILPROOF_PEER_PYTHON")?);
                command.current_dir(e2e::setup::directory().join("peer")).args([
                    "-m",
                    "awslambdaric",
                    "handler.handler",
                ]);
                command
            }
        })
    }

    /// Starts the function with an event waiting for it, once.
    fn start(self, endpoint: &str, bundle: &Path) -> Result<Start> {
        let mut command = self.command()?;
        aws_environment(&mut command, endpoint, HOME);
        command
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("AWS_CA_BUNDLE", bundle)
            .env("SSL_CERT_FILE", bundle);
        let api = RuntimeApi::start()?;
        let mut event = scheduled(ACCOUNT, HOME, "aws", &json!({}));
        event["resultToken"] = json!("TESTMODE");
        let arn = format!("arn:aws:lambda:{HOME}:{ACCOUNT}:function:trailproof");
        api.send(&arn, &event, Duration::from_secs(120));
        let start = Instant::now();
        let mut function = Bootstrap::run(&mut command, api)?;
        let answer = function.answer()?;
        let first_response = start.elapsed();
        let Answer::Response(answer) = answer else {
            return Err(format!("{self:?}: {answer:?}").into());
        };
        let compliance = &answer["Evaluations"][0]["ComplianceType"];
        assert_eq!(compliance, "COMPLIANT", "{self:?}: {answer}");
        let init = function.api().asked().ok_or("it never asked")? - start;
        Ok(Start { init, first_response, memory: function.peak_memory()? })
    }
}

/// The middle one of the values.
fn median<T: Ord + Copy>(values: impl Iterator<Item = T>) -> Result<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().ok_or_else(|| "nothing was measured".into())
}

fn create_trail(user: &mut Boto, name: &str) -> Result {
    let mut call = |service: &str, method: &str, parameters: Value| -> Result {
        user.call(HOME, service, method, parameters)??;
        Ok(())
    };
    call("s3", "create_bucket", json!({"Bucket": "trail-logs"}))?;
    let trail = json!({"Name": name, "S3BucketName": "trail-logs", "IsMultiRegionTrail": true});
    call("cloudtrail", "create_trail", trail)?;
    let selectors = json!({"TrailName": name, "AdvancedEventSelectors": all_s3()});
    call("cloudtrail", "put_event_selectors", selectors)?;
    call("cloudtrail", "start_logging", json!({"Name": name}))
}

/// Zips a file or a directory as a deployment package, and says its size in bytes.
fn zipped(path: &Path) -> Result<u64> {
    let script = "import io, pathlib, sys, zipfile\n\
        root, out = pathlib.Path(sys.argv[1]), io.BytesIO()\n\
        files = [p for p in root.rglob('*') if p.is_file() and '__pycache__' not in p.parts]\n\
        with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:\n    \
        for path in files or [root]: zipped.write(path, path.name if path == root else path.relative_to(root))\n\
        print(len(out.getvalue()))";
    let path = path.to_str().ok_or("a path that is no text")?;
    let output = python(&["-c", script, path])?.output()?;
    let text = String::from_utf8(output.stdout)?;
    text.trim().parse().map_err(|_| String::from_utf8_lossy(&output.stderr).into())
}

/// Where the peer's packages are installed.
fn packages() -> Result<PathBuf> {
    let script = "import sysconfig; print(sysconfig.get_path('purelib'))";
    let output = Command::new(variable("TRAILPROOF_PEER_PYTHON")?).args(["-c", script]).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().into())
}

/// A server with trails in it.
struct Server {
    name: &'static str,
    url: String,
    tls_url: String,
    bundle: PathBuf,
}

/// A trail as the quick server has it.
fn quick_trail(number: usize) -> Value {
    let mut trail = trail_of(ACCOUNT, HOME, &format!("trail-{number}"), &all_s3());
    trail["status"] = json!({"IsLogging": true});
    trail
}

#[test]
#[ignore = "measures a release build: `cargo xtask cold-start`"]
fn measure() -> Result {
    let runs = runs()?;
    let moto = MotoTwice::start()?;
    let mut user = Boto::start(&moto.url())?;
    let mut trails = 0;
    for wanted in TRAILS {
        while trails < wanted {
            trails += 1;
            create_trail(&mut user, &format!("trail-{trails}"))?;
        }
        let quick = (1..=trails).map(quick_trail).collect::<Vec<_>>();
        let account = json!({"trails": quick});
        let quick = Quick::start(&account)?;
        let away = Quick::start_away(&account, AWAY)?;
        println!("\n{trails} trails, {} API calls, medians of {runs}", 2 + 2 * trails);
        println!("                               |      Rust |    Python | Python / Rust | goal");
        let moto = Server {
            name: "moto",
            url: moto.url(),
            tls_url: moto.tls_url(),
            bundle: moto.bundle(),
        };
        let quick = Server {
            name: "quick",
            url: quick.url(),
            tls_url: quick.tls_url(),
            bundle: quick.bundle(),
        };
        let away = Server {
            name: "away",
            url: away.url(),
            tls_url: away.tls_url(),
            bundle: away.bundle(),
        };
        for server in [quick, away, moto] {
            // The goals for the response are those of one trail.
            let goals = if trails == 1 { (12, 10) } else { (8, 5) };
            compare(&server, "HTTP", &server.url, goals.0, runs)?;
            compare(&server, "TLS", &server.tls_url, goals.1, runs)?;
        }
    }
    let bootstrap = variable("TRAILPROOF_BOOTSTRAP")?;
    println!(
        "\nbinary: {} bytes; zip: {} bytes (goal 3,000,000); Python's packages, zipped: {} bytes",
        fs::metadata(&bootstrap)?.len(),
        zipped(&bootstrap)?,
        zipped(&packages()?)?,
    );
    Ok(())
}

/// Starts both in turns with AWS at this URL, and prints what they came to.
fn compare(server: &Server, transport: &str, url: &str, goal: u64, runs: usize) -> Result {
    let mut starts = Vec::new();
    for _ in 0..runs {
        for subject in [Subject::Rust, Subject::Python] {
            starts.push((subject, subject.start(url, &server.bundle)?));
        }
    }
    let of = |wanted: Subject| {
        starts.iter().filter(move |(subject, _)| *subject == wanted).map(|(_, start)| start)
    };
    let both = |figure: fn(&Start) -> u64| -> Result<(u64, u64)> {
        Ok((median(of(Subject::Rust).map(figure))?, median(of(Subject::Python).map(figure))?))
    };
    let line = |what: &str, (rust, python): (u64, u64), unit: u64, goal: u64| {
        println!(
            "{:<31}| {:>9} | {:>9} | {:>13} | {goal}",
            format!("{}, {transport}: {what}", server.name),
            tenths(rust * 10 / unit),
            tenths(python * 10 / unit),
            tenths(python * 10 / rust.max(1)),
        );
    };
    line("init, ms", both(|start| micros(start.init))?, 1000, 20);
    line("response, ms", both(|start| micros(start.first_response))?, 1000, goal);
    line("memory, MiB", both(|start| start.memory)?, 1024 * 1024, 5);
    Ok(())
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// A number of tenths, with a point.
fn tenths(number: u64) -> String {
    format!("{}.{}", number / 10, number % 10)
}
