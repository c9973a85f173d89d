//! The side of Lambda that a function talks to: hands out events, takes answers.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::io::{BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::Result;
use crate::http::Message;

/// What a function made of one event.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It answered.
    Response(Value),
    /// It reported an error: Lambda counts a failure and invokes again.
    Error(Value),
}

/// A Runtime API endpoint that serves one function.
#[derive(Debug)]
pub struct RuntimeApi {
    address: SocketAddr,
    shared: Arc<Shared>,
    answers: Receiver<Answer>,
}

#[derive(Debug)]
struct Event {
    function_arn: String,
    body: String,
    timeout: Duration,
}

#[derive(Debug, Default)]
struct Shared {
    event: Mutex<Option<Event>>,
    asked: Mutex<Option<Instant>>,
    arrived: Condvar,
    stopped: AtomicBool,
}

impl RuntimeApi {
    /// Listens on a free port of the loopback interface.
    ///
    /// # Errors
    /// Where it cannot listen.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let (sender, answers) = channel();
        let serving = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, &serving, &sender));
        Ok(Self { address, shared, answers })
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    #[must_use]
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Hands out one event to the function of this ARN, which has this much time from when it asks.
    pub fn send(&self, function_arn: &str, event: &Value, timeout: Duration) {
        let (function_arn, body) = (function_arn.to_string(), event.to_string());
        let event = Event { function_arn, body, timeout };
        *self.shared.event.lock().unwrap_or_else(PoisonError::into_inner) = Some(event);
        self.shared.arrived.notify_all();
    }

    /// When the function asked for its first event; none where it has not yet.
    #[must_use]
    pub fn asked(&self) -> Option<Instant> {
        *self.shared.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next answer; none if there is none for this long.
    ///
    /// # Errors
    /// Where the endpoint has ended.
    pub fn answer(&self, patience: Duration) -> Result<Option<Answer>> {
        match self.answers.recv_timeout(patience) {
            Ok(answer) => Ok(Some(answer)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err("the Runtime API endpoint has ended".into()),
        }
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        self.shared.arrived.notify_all();
        // Wakes the thread that accepts connections; it fails only where that has ended.
        drop(TcpStream::connect(self.address));
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>, answers: &Sender<Answer>) {
    for stream in listener.incoming().map_while(std::io::Result::ok) {
        if shared.stopped.load(Ordering::SeqCst) {
            return;
        }
        let (shared, answers) = (Arc::clone(shared), answers.clone());
        // A connection that breaks is the end of the function; `Bootstrap` notices that.
        thread::spawn(move || drop(serve(&stream, &shared, &answers)));
    }
}

fn serve(stream: &TcpStream, shared: &Shared, answers: &Sender<Answer>) -> Result {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    while let Some(request) = Message::read(&mut reader)? {
        let path = request.word(1).to_string();
        let path = path.strip_prefix("/2018-06-01/runtime/").unwrap_or(&path);
        let reply = match (request.word(0), path) {
            ("GET", "invocation/next") => {
                let mut asked = shared.asked.lock().unwrap_or_else(PoisonError::into_inner);
                asked.get_or_insert_with(Instant::now);
                drop(asked);
                match next(shared) {
                    Some(event) => invocation(&event)?,
                    None => return Ok(()),
                }
            }
            ("POST", "init/error") => {
                answers.send(Answer::Error(json(&request)?))?;
                accepted()
            }
            ("POST", path) if path.ends_with("/response") => {
                answers.send(Answer::Response(json(&request)?))?;
                accepted()
            }
            ("POST", path) if path.ends_with("/error") => {
                answers.send(Answer::Error(json(&request)?))?;
                accepted()
            }
            _ => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_string(),
        };
        writer.write_all(reply.as_bytes())?;
    }
    Ok(())
}

/// The next event, waited for; none where the endpoint stops first.
fn next(shared: &Shared) -> Option<Event> {
    let mut event = shared.event.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if shared.stopped.load(Ordering::SeqCst) {
            return None;
        }
        if let Some(event) = event.take() {
            return Some(event);
        }
        event = shared.arrived.wait(event).unwrap_or_else(PoisonError::into_inner);
    }
}

fn invocation(event: &Event) -> Result<String> {
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH)? + event.timeout;
    Ok(format!(
        "HTTP/1.1 200 OK\r\n\
         Content-Type: application/json\r\n\
         Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n\
         Lambda-Runtime-Deadline-Ms: {}\r\n\
         Lambda-Runtime-Invoked-Function-Arn: {}\r\n\
         Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0\r\n\
         Content-Length: {}\r\n\r\n{}",
        deadline.as_millis(),
        event.function_arn,
        event.body.len(),
        event.body,
    ))
}

fn accepted() -> String {
    let body = r#"{"status":"OK"}"#;
    format!(
        "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len(),
    )
}

fn json(request: &Message) -> Result<Value> {
    Ok(serde_json::from_slice(&request.body)?)
}
