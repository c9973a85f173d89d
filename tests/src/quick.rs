//! An AWS that answers at once, in plain HTTP and behind TLS: what a function does with its time is
//! then the function's own.
//!
//! Every answer is made before it is asked for, from the account's snapshot. It checks nothing:
//! `standin` does that. It counts connections, handshakes and requests, and says on which connection
//! each request came.

use std::collections::HashMap;
use std::fs;
use std::io::{BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

use crate::Result;
use crate::http::Message;
use crate::process::python;

/// A request, and on which connection it came: the first one is 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The connection.
    pub connection: usize,
    /// The operation; for a request without a target, its path.
    pub operation: String,
}

/// The server.
#[derive(Debug)]
pub struct Quick {
    plain: SocketAddr,
    tls: SocketAddr,
    directory: tempfile::TempDir,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Answers by operation and, where there is one for each trail, the trail's ARN.
    answers: HashMap<(String, String), String>,
    tls: Arc<ServerConfig>,
    away: Duration,
    stopped: AtomicBool,
    connections: AtomicUsize,
    handshakes: AtomicUsize,
    asked: Mutex<Vec<Asked>>,
}

impl Quick {
    /// Starts a server for the account of a snapshot, whose members are answered as they are: times
    /// are numbers on the wire.
    ///
    /// # Errors
    /// Where it cannot listen, or its certificate cannot be made.
    pub fn start(snapshot: &Value) -> Result<Self> {
        Self::start_away(snapshot, Duration::ZERO)
    }

    /// The same, this far away: a TLS handshake and an answer each take so much longer.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_away(snapshot: &Value, away: Duration) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let path = directory.path().to_str().ok_or("a path that is no text")?;
        let made = python(&["drivers/certificates.py", path])?.output()?;
        if !made.status.success() {
            return Err(String::from_utf8_lossy(&made.stderr).into());
        }
        let server = fs::read(directory.path().join("server.pem"))?;
        let certificates =
            CertificateDer::pem_slice_iter(&server).collect::<std::result::Result<Vec<_>, _>>()?;
        let key = PrivateKeyDer::from_pem_slice(&server)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(certificates, key)?;
        let shared = Arc::new(Shared {
            answers: answers(snapshot),
            tls: Arc::new(tls),
            away,
            stopped: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
            handshakes: AtomicUsize::new(0),
            asked: Mutex::default(),
        });
        let plain = listen(&shared, false)?;
        let tls = listen(&shared, true)?;
        Ok(Self { plain, tls, directory, shared })
    }

    /// Its URL in plain HTTP.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.plain)
    }

    /// Its URL behind TLS.
    #[must_use]
    pub fn tls_url(&self) -> String {
        format!("https://{}", self.tls)
    }

    /// The authorities that its clients are to trust.
    #[must_use]
    pub fn bundle(&self) -> PathBuf {
        self.directory.path().join("bundle.pem")
    }

    /// How many connections there have been.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// How many connections have come to the end of their TLS handshake.
    #[must_use]
    pub fn handshakes(&self) -> usize {
        self.shared.handshakes.load(Ordering::SeqCst)
    }

    /// What was asked, in the order in which it came.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Quick {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the threads that accept connections; it fails only where they have ended.
        drop(TcpStream::connect(self.plain));
        drop(TcpStream::connect(self.tls));
    }
}

/// What each operation answers.
fn answers(snapshot: &Value) -> HashMap<(String, String), String> {
    let mut answers = HashMap::new();
    let mut list = Vec::new();
    for entry in snapshot["trails"].as_array().into_iter().flatten() {
        let arn = entry["trail"]["TrailARN"].as_str().unwrap_or_default();
        let mut of_trail = |operation: &str, member: &str| {
            answers.insert((operation.to_owned(), arn.to_owned()), entry[member].to_string());
        };
        of_trail("GetTrailStatus", "status");
        of_trail("GetEventSelectors", "eventSelectors");
        list.push(entry["trail"].clone());
    }
    let mut of_account = |operation: &str, answer: &Value| {
        answers.insert((operation.to_owned(), String::new()), answer.to_string());
    };
    of_account("DescribeTrails", &json!({"trailList": list}));
    of_account("PutEvaluations", &json!({"FailedEvaluations": []}));
    answers
}

fn listen(shared: &Arc<Shared>, with_tls: bool) -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let shared = Arc::clone(shared);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(std::io::Result::ok) {
            if shared.stopped.load(Ordering::SeqCst) {
                return;
            }
            let shared = Arc::clone(&shared);
            let connection = shared.connections.fetch_add(1, Ordering::SeqCst) + 1;
            // A client that goes away is no failure of the server.
            thread::spawn(move || drop(connected(stream, with_tls, connection, &shared)));
        }
    });
    Ok(address)
}

fn connected(mut stream: TcpStream, with_tls: bool, connection: usize, shared: &Shared) -> Result {
    stream.set_nodelay(true)?;
    if !with_tls {
        return serve(stream, connection, shared);
    }
    thread::sleep(shared.away);
    let mut session = ServerConnection::new(Arc::clone(&shared.tls))?;
    while session.is_handshaking() {
        session.complete_io(&mut stream)?;
    }
    shared.handshakes.fetch_add(1, Ordering::SeqCst);
    serve(StreamOwned::new(session, stream), connection, shared)
}

/// Answers one connection's requests until it ends.
fn serve(stream: impl Read + Write, connection: usize, shared: &Shared) -> Result {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read(&mut stream)? {
        let target = request.header("x-amz-target").and_then(|target| target.rsplit('.').next());
        let operation = target.unwrap_or(request.word(1)).to_owned();
        let asked = Asked { connection, operation: operation.clone() };
        shared.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let trail = body["Name"].as_str().or(body["TrailName"].as_str()).unwrap_or_default();
        let answer = shared.answers.get(&(operation, trail.to_owned()));
        let (status, body) = answer.map_or(("404 Not Found", "{}"), |answer| ("200 OK", answer));
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/x-amz-json-1.1\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        thread::sleep(shared.away);
        let stream = stream.get_mut();
        stream.write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
        stream.flush()?;
    }
    Ok(())
}

/// The next request; none where the client has gone, with or without a word.
fn read(stream: &mut impl std::io::BufRead) -> Result<Option<Message>> {
    match stream.fill_buf() {
        Ok(_) => Message::read(stream),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error.into()),
    }
}
