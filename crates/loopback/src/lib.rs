//! A small HTTP server on the loopback interface, for tests.
//!
//! The code under test sends it real requests through the real SDK. It answers what the test says,
//! keeps what it was asked, and knows nothing of AWS but where a request says its operation and
//! its Region.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: String,
}

impl Request {
    /// The AWS operation: what `X-Amz-Target` has after the dot, or the query protocol's `Action`.
    #[must_use]
    pub fn operation(&self) -> &str {
        match self.headers.get("x-amz-target") {
            Some(target) => target.rsplit('.').next().unwrap_or_default(),
            None => self
                .body
                .split('&')
                .find_map(|member| member.strip_prefix("Action="))
                .unwrap_or_default(),
        }
    }

    /// The access key that the request was signed with.
    #[must_use]
    pub fn access_key(&self) -> &str {
        self.signed_for(0)
    }

    /// The Region that the request was signed for.
    #[must_use]
    pub fn region(&self) -> &str {
        self.signed_for(2)
    }

    /// A part of the scope that the request was signed for, or nothing where it was not signed.
    fn signed_for(&self, part: usize) -> &str {
        self.headers
            .get("authorization")
            .and_then(|value| value.split("Credential=").nth(1))
            .and_then(|scope| scope.split('/').nth(part))
            .unwrap_or_default()
    }

    /// The body's JSON; null where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// When a session ends that outlives every test.
pub const NEVER: &str = "9999-12-31T23:59:59Z";

/// What a request is answered.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    delay: Duration,
}

impl Answer {
    /// A body with a status.
    #[must_use]
    pub fn new(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), delay: Duration::ZERO }
    }

    /// A success.
    #[must_use]
    pub fn ok(body: &Value) -> Self {
        Self::new(200, body.to_string())
    }

    /// An error as AWS's JSON protocol writes it.
    #[must_use]
    pub fn error(code: &str, message: &str) -> Self {
        let body = json!({"__type": code, "message": message});
        Self::new(400, body.to_string())
    }

    /// The answer of AWS STS to `AssumeRole`: a session with this access key, which ends then.
    #[must_use]
    pub fn session(access_key: &str, ends: &str) -> Self {
        let body = format!(
            "<AssumeRoleResponse><AssumeRoleResult><Credentials>\
             <AccessKeyId>{access_key}</AccessKeyId><SecretAccessKey>testing</SecretAccessKey>\
             <SessionToken>testing</SessionToken><Expiration>{ends}</Expiration>\
             </Credentials></AssumeRoleResult></AssumeRoleResponse>"
        );
        Self::new(200, body)
    }

    /// The answer with a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The answer, later.
    #[must_use]
    pub const fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

/// What was seen so far.
#[derive(Default)]
struct Seen {
    requests: Vec<Request>,
    in_flight: usize,
    most_in_flight: usize,
}

/// A server that runs as long as the runtime that it was started on.
pub struct Server {
    url: String,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    /// Starts a server on a free port.
    ///
    /// # Errors
    /// Where the loopback interface has no free port.
    pub async fn start(
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let seen = Arc::<Mutex<Seen>>::default();
        let answer = Arc::new(answer);
        let shared = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (seen, answer) = (Arc::clone(&shared), Arc::clone(&answer));
                tokio::spawn(async move { serve(stream, &seen, answer.as_ref()).await });
            }
        });
        Ok(Self { url, seen })
    }

    /// The server's URL, with no path.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The server's host and port.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// The requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.seen().requests.clone()
    }

    /// The requests so far for one AWS operation.
    #[must_use]
    pub fn requests_for(&self, operation: &str) -> Vec<Request> {
        let mut requests = self.requests();
        requests.retain(|request| request.operation() == operation);
        requests
    }

    /// How many requests waited for their answer at the same time, at most.
    #[must_use]
    pub fn most_in_flight(&self) -> usize {
        self.seen().most_in_flight
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers one connection's requests until it is closed.
async fn serve(
    stream: TcpStream,
    seen: &Mutex<Seen>,
    answer: &(impl Fn(&Request) -> Answer + Send + Sync),
) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let request = read(&mut stream).await?;
        {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.requests.push(request.clone());
            seen.in_flight += 1;
            seen.most_in_flight = seen.most_in_flight.max(seen.in_flight);
        }
        let answer = answer(&request);
        tokio::time::sleep(answer.delay).await;
        seen.lock().unwrap_or_else(PoisonError::into_inner).in_flight -= 1;
        let mut head = format!(
            "HTTP/1.1 {} Answer\r\ncontent-length: {}\r\n",
            answer.status,
            answer.body.len()
        );
        for (name, value) in &answer.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let text = format!("{head}\r\n{}", answer.body);
        stream.get_mut().write_all(text.as_bytes()).await?;
    }
}

/// Reads one request.
async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Request> {
    let first = line(stream).await?;
    let mut words = first.split(' ').map(str::to_owned);
    let (method, path) = (words.next(), words.next());
    let mut headers = BTreeMap::new();
    loop {
        let header = line(stream).await?;
        let Some((name, value)) = header.split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Request {
        method: method.unwrap_or_default(),
        path: path.unwrap_or_default(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

/// One line, without its end. That the connection was closed is an error.
async fn line(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}
