//! The connections that the function opens before its first event: they are used, nothing is sent on
//! them before, and nothing depends on them.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::event::scheduled;
use e2e::process::aws_environment;
use e2e::quick::Quick;
use e2e::servers::MotoTwice;
use e2e::setup;
use e2e::trails::{ACCOUNT, account, all_s3, trail};
use serde_json::{Value, json};

const HOME: &str = "us-east-1";

/// How many connections are opened before the first event.
const AHEAD: usize = 3;

fn quick() -> Result<Quick> {
    let mut trail = trail(HOME, "all", &all_s3());
    trail["status"] = json!({"IsLogging": true});
    Quick::start(&account(&[trail]))
}

/// Waits until the function has asked for an event; how long after now that was.
fn waited(function: &Bootstrap) -> Result<Duration> {
    let start = Instant::now();
    while function.api().asked().is_none() {
        if start.elapsed() > Duration::from_secs(60) {
            return Err("the function never asked for an event".into());
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(start.elapsed())
}

fn compliance(function: &mut Bootstrap) -> Result<Value> {
    let mut event = scheduled(ACCOUNT, HOME, "aws", &json!({}));
    event["resultToken"] = json!("TESTMODE");
    let answer = function.invoke_to_answer(&event)?;
    Ok(answer["Evaluations"][0]["ComplianceType"].clone())
}

#[test]
fn the_connections_that_are_open_before_the_first_event_are_those_that_are_used() -> Result {
    for with_tls in [false, true] {
        let quick = quick()?;
        let bundle = quick.bundle();
        let bundle = bundle.to_str().ok_or("a path that is no text")?;
        let url = if with_tls { quick.tls_url() } else { quick.url() };
        let mut function = Bootstrap::start_with(&url, HOME, &[("SSL_CERT_FILE", bundle)])?;
        waited(&function)?;
        let handshakes = if with_tls { AHEAD } else { 0 };
        // A server knows that a handshake is done a little later than its client.
        for _ in 0..200 {
            if quick.handshakes() == handshakes {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        assert_eq!((quick.connections(), quick.handshakes()), (AHEAD, handshakes), "{url}");
        assert_eq!(quick.asked(), [], "nothing is sent before there is an event: {url}");

        assert_eq!(compliance(&mut function)?, "COMPLIANT");
        assert_eq!((quick.connections(), quick.handshakes()), (AHEAD, handshakes), "{url}");
        let asked = quick.asked();
        let mut operations: Vec<&str> = asked.iter().map(|it| it.operation.as_str()).collect();
        operations.sort_unstable();
        let expected = ["DescribeTrails", "GetEventSelectors", "GetTrailStatus", "PutEvaluations"];
        assert_eq!(operations, expected, "{url}");
        // Two calls at one time never share a connection.
        let connection = |operation: &str| {
            asked.iter().find(|it| it.operation == operation).map(|it| it.connection)
        };
        assert_ne!(connection("GetTrailStatus"), connection("GetEventSelectors"), "{asked:?}");
    }
    Ok(())
}

/// What becomes of the first connections.
#[derive(Clone, Copy, Debug)]
enum First {
    /// They are closed at once.
    Closed,
    /// They are accepted, and nothing comes on them.
    Silent,
}

/// A server that does this to the connections that are opened before the first event, and passes all
/// others on.
fn relay(to: SocketAddr, first: First) -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        let mut held = Vec::new();
        for (number, stream) in listener.incoming().map_while(std::io::Result::ok).enumerate() {
            match first {
                First::Closed if number < AHEAD => drop(stream),
                First::Silent if number < AHEAD => held.push(stream),
                First::Closed | First::Silent => {
                    // A connection that breaks is the end of the test.
                    thread::spawn(move || drop(pass_on(&stream, to)));
                }
            }
        }
    });
    Ok(address)
}

/// Passes bytes on in both directions.
fn pass_on(client: &TcpStream, to: SocketAddr) -> std::io::Result<()> {
    let server = TcpStream::connect(to)?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        drop(copy(&mut from_client, &mut to_server));
        to_server.shutdown(Shutdown::Write)
    });
    copy(&mut &server, &mut &*client)?;
    client.shutdown(Shutdown::Write)
}

fn copy(from: &mut impl Read, to: &mut impl Write) -> std::io::Result<()> {
    let mut buffer = [0; 16_384];
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(()),
            length => to.write_all(buffer.get(..length).unwrap_or_default())?,
        }
    }
}

#[test]
fn a_connection_that_cannot_be_opened_before_the_first_event_changes_nothing() -> Result {
    for first in [First::Closed, First::Silent] {
        let quick = quick()?;
        let bundle = quick.bundle();
        let bundle = bundle.to_str().ok_or("a path that is no text")?;
        let behind = quick.tls_url().trim_start_matches("https://").parse()?;
        let url = format!("https://{}", relay(behind, first)?);
        let mut function = Bootstrap::start_with(&url, HOME, &[("SSL_CERT_FILE", bundle)])?;
        let waited = waited(&function)?;
        assert!(waited < Duration::from_secs(5), "{first:?}: {waited:?}");
        assert_eq!(quick.connections(), 0, "{first:?}");

        assert_eq!(compliance(&mut function)?, "COMPLIANT", "{first:?}");
        assert!(quick.handshakes() >= 1, "{first:?}");
        assert!(!function.log().contains("WARN"), "{first:?}: {}", function.log());
    }
    Ok(())
}

#[test]
fn an_endpoint_that_is_not_there_is_an_error_of_the_invocation_and_not_of_the_start() -> Result {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let url = format!("http://{}", listener.local_addr()?);
    drop(listener);
    let mut function = Bootstrap::start_with(&url, HOME, &[("AWS_MAX_ATTEMPTS", "1")])?;
    waited(&function)?;
    let event = scheduled(ACCOUNT, HOME, "aws", &json!({}));
    assert_eq!(function.invoke_to_fail(&event)?.error_type, "TrailsUnreadable");
    Ok(())
}

#[test]
fn the_authorities_of_aws_ca_bundle_are_trusted_and_no_others() -> Result {
    let quick = quick()?;
    let bundle = quick.bundle();
    let bundle = bundle.to_str().ok_or("a path that is no text")?;
    // Another one's authority, which signed nothing here.
    let other = Quick::start(&json!({}))?;
    let others = other.bundle();
    let url = quick.tls_url();
    let variables = [("AWS_CA_BUNDLE", bundle), ("SSL_CERT_FILE", "/nonexistent")];
    let mut function = Bootstrap::start_with(&url, HOME, &variables)?;
    assert_eq!(compliance(&mut function)?, "COMPLIANT");

    let only_system = [("SSL_CERT_FILE", others.to_str().ok_or("a path that is no text")?)];
    let mut function = Bootstrap::start_with(&url, HOME, &only_system)?;
    let event = scheduled(ACCOUNT, HOME, "aws", &json!({}));
    let failed = function.invoke_to_fail(&event)?;
    assert_eq!(failed.error_type, "TrailsUnreadable");
    assert!(failed.message.contains("certificate"), "{}", failed.message);

    let none = [("AWS_CA_BUNDLE", "/nonexistent/ca.pem"), ("SSL_CERT_FILE", bundle)];
    let mut function = Bootstrap::start_with(&url, HOME, &none)?;
    let error = function.answer().map_err(|error| error.to_string());
    let named = "`AWS_CA_BUNDLE` names `/nonexistent/ca.pem`, which cannot be read";
    assert!(error.as_ref().is_err_and(|it| it.contains(named)), "{error:?}");
    Ok(())
}

#[test]
fn the_command_trusts_the_authorities_of_aws_ca_bundle_too() -> Result {
    let moto = MotoTwice::start()?;
    let audit = |bundle: &str| -> Result<(Option<i32>, String)> {
        let mut command = Command::new(setup::binary("trailproof")?);
        aws_environment(&mut command, &moto.tls_url(), HOME);
        command.env("AWS_CA_BUNDLE", bundle).env("AWS_MAX_ATTEMPTS", "1").arg("audit");
        let ran = command.output()?;
        Ok((ran.status.code(), String::from_utf8(ran.stderr)?))
    };
    let bundle = moto.bundle();
    let (code, said) = audit(bundle.to_str().ok_or("a path that is no text")?)?;
    assert_eq!(code, Some(1), "an account without a trail: {said}");
    let (code, said) = audit("/nonexistent/ca.pem")?;
    assert_eq!(code, Some(2), "{said}");
    let named = "`AWS_CA_BUNDLE` names `/nonexistent/ca.pem`, which cannot be read";
    assert!(said.contains(named), "{said}");
    Ok(())
}
