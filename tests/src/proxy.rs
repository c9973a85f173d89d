//! A proxy that breaks things between the function and AWS, the same way for the same seed.
//!
//! What befalls a request depends on the seed, the invocation's number, the request's operation and
//! body, and how often it was tried, but not on the order in which parallel requests arrive.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use socket2::SockRef;

use crate::Result;

/// How long a fault that waits for the function to give up waits for that.
const PATIENCE: Duration = Duration::from_secs(20);

/// What befalls one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// `ThrottlingException`, not forwarded.
    Throttled,
    /// Status 429, not forwarded.
    TooManyRequests,
    /// Status 500 and an error in JSON, not forwarded.
    InternalFailure,
    /// Status 503 and an error in JSON, not forwarded.
    Unavailable,
    /// Status 502 and a page in HTML, as a load balancer's, not forwarded.
    BadGateway,
    /// `ExpiredTokenException`, not forwarded.
    ExpiredToken,
    /// The connection is reset before the request is forwarded.
    ResetBefore,
    /// The connection is reset after the request was forwarded: the answer is lost.
    ResetAfter,
    /// The connection ends without an answer, after the request was forwarded.
    ClosedAfter,
    /// Half of the answer's body, of which the head says the full length.
    CutBody,
    /// Half of the answer's body, of which the head says half the length.
    CutBodyAndLength,
    /// The whole body, of which the head says more.
    LengthTooLong,
    /// A chunked body without its end.
    CutChunks,
    /// A good answer without a body.
    EmptyBody,
    /// A good answer of JSON that is no object.
    NoObject,
    /// A good answer that is no JSON.
    NoJson,
    /// No answer at all, for a request that was not forwarded.
    SlowBefore,
    /// No answer at all, for a request that was forwarded.
    SlowHead,
    /// The head and half of the body, and then nothing more.
    SlowBody,
    /// The right answer, a little late.
    Late,
    /// The right answer on a connection that is closed then without a word, so that the next
    /// request may be sent into nothing.
    StaleConnection,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 21] = [
        Self::Throttled,
        Self::TooManyRequests,
        Self::InternalFailure,
        Self::Unavailable,
        Self::BadGateway,
        Self::ExpiredToken,
        Self::ResetBefore,
        Self::ResetAfter,
        Self::ClosedAfter,
        Self::CutBody,
        Self::CutBodyAndLength,
        Self::LengthTooLong,
        Self::CutChunks,
        Self::EmptyBody,
        Self::NoObject,
        Self::NoJson,
        Self::SlowBefore,
        Self::SlowHead,
        Self::SlowBody,
        Self::Late,
        Self::StaleConnection,
    ];

    /// Whether the function has to wait for a timeout.
    #[must_use]
    pub const fn is_slow(self) -> bool {
        matches!(self, Self::SlowBefore | Self::SlowHead | Self::SlowBody)
    }
}

/// What to do to the requests of one invocation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plan {
    /// The invocation's number.
    pub invocation: u64,
    /// How many of a hundred requests something befalls.
    pub per_cent: u64,
    /// Whether faults are among them that a timeout ends.
    pub slow: bool,
}

/// A proxy in front of a server on the loopback interface.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    upstream: u16,
    seed: u64,
    stopped: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    plan: Plan,
    tries: HashMap<u64, u64>,
    struck: Vec<(String, Fault)>,
}

impl Proxy {
    /// Starts a proxy that does no harm yet.
    ///
    /// # Errors
    /// Where it cannot listen.
    pub fn start(upstream: u16, seed: u64) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let stopped = AtomicBool::new(false);
        let shared = Arc::new(Shared { upstream, seed, stopped, state: Mutex::default() });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(std::io::Result::ok) {
                if serving.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let serving = Arc::clone(&serving);
                // A connection that breaks is what the proxy is for.
                thread::spawn(move || drop(serve(stream, &serving)));
            }
        });
        Ok(Self { address, shared })
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Begins a new invocation.
    pub fn begin(&self, plan: Plan) {
        *self.shared.state() = State { plan, ..State::default() };
    }

    /// What befell which operations since the invocation began.
    #[must_use]
    pub fn struck(&self) -> Vec<(String, Fault)> {
        self.shared.state().struck.clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts connections; it fails only where that has ended.
        drop(TcpStream::connect(self.address));
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What befalls this request.
    fn fault(&self, request: &Request) -> Option<Fault> {
        let mut state = self.state();
        let key = request.body.iter().chain(request.operation.as_bytes());
        let key = key.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let tries = state.tries.entry(key).or_default();
        *tries += 1;
        let mut random = Random::new(&[self.seed, state.plan.invocation, key, state.tries[&key]]);
        if random.below(100) >= state.plan.per_cent {
            return None;
        }
        let slow = state.plan.slow;
        let choices: Vec<Fault> =
            Fault::ALL.into_iter().filter(|fault| slow || !fault.is_slow()).collect();
        let fault = random.choose(&choices).copied();
        state.struck.extend(fault.map(|fault| (request.operation.clone(), fault)));
        fault
    }
}

/// A stream of numbers that its seeds alone decide: splitmix64.
///
/// Source: <https://doi.org/10.1145/2714064.2660195>
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The stream of these seeds.
    #[must_use]
    pub fn new(seeds: &[u64]) -> Self {
        let mut random = Self(0);
        for seed in seeds {
            random.0 ^= seed;
            random.0 = random.number();
        }
        random
    }

    /// The next number.
    pub const fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one.
    pub const fn below(&mut self, end: u64) -> u64 {
        self.number() % end
    }

    /// One of these; none where there are none.
    pub fn choose<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let length = u64::try_from(from.len()).ok().filter(|length| *length > 0)?;
        from.get(usize::try_from(self.below(length)).ok()?)
    }
}

/// A request as it came.
struct Request {
    head: String,
    operation: String,
    body: Vec<u8>,
}

/// An answer as it came: its head without the line that says the length, and its body.
struct Reply {
    head: String,
    body: Vec<u8>,
}

fn serve(stream: TcpStream, shared: &Shared) -> Result {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Some(request) = read_request(&mut reader)? {
        if !answer(&stream, &request, shared)? {
            break;
        }
    }
    Ok(())
}

/// Answers one request; whether the connection goes on.
fn answer(mut stream: &TcpStream, request: &Request, shared: &Shared) -> Result<bool> {
    let fault = shared.fault(request);
    let invented = match fault {
        Some(Fault::Throttled) => Some(error("400 Bad Request", "ThrottlingException")),
        Some(Fault::TooManyRequests) => {
            Some(error("429 Too Many Requests", "TooManyRequestsException"))
        }
        Some(Fault::InternalFailure) => Some(error("500 Internal Server Error", "InternalFailure")),
        Some(Fault::Unavailable) => Some(error("503 Service Unavailable", "ServiceUnavailable")),
        Some(Fault::ExpiredToken) => Some(error("400 Bad Request", "ExpiredTokenException")),
        Some(Fault::BadGateway) => {
            let body = "<html><body>502</body></html>";
            Some(whole("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n", body.as_bytes()))
        }
        Some(Fault::ResetBefore) => {
            reset(stream)?;
            return Ok(false);
        }
        Some(Fault::SlowBefore) => {
            wait_for_the_other_side(stream)?;
            return Ok(false);
        }
        _ => None,
    };
    if let Some(answer) = invented {
        stream.write_all(&answer)?;
        return Ok(true);
    }
    let Reply { head, body } = forward(request, shared.upstream)?;
    let half = body.get(..body.len() / 2).unwrap_or_default();
    let long = |length: usize| format!("{head}Content-Length: {length}\r\n\r\n").into_bytes();
    let goes_on = match fault {
        Some(Fault::ResetAfter) => {
            reset(stream)?;
            false
        }
        Some(Fault::ClosedAfter) => false,
        Some(Fault::CutBody) => {
            stream.write_all(&[&long(body.len()), half].concat())?;
            false
        }
        Some(Fault::CutBodyAndLength) => {
            stream.write_all(&whole(&head, half))?;
            true
        }
        Some(Fault::LengthTooLong) => {
            stream.write_all(&[&long(body.len() + 7), &body[..]].concat())?;
            false
        }
        Some(Fault::CutChunks) => {
            let start = format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n", body.len());
            stream.write_all(&[start.as_bytes(), &body].concat())?;
            false
        }
        Some(Fault::EmptyBody) => {
            stream.write_all(&whole(&head, b""))?;
            true
        }
        Some(Fault::NoObject) => {
            stream.write_all(&whole(&head, b"[]"))?;
            true
        }
        Some(Fault::NoJson) => {
            stream.write_all(&whole(&head, b"<html>it works</html>"))?;
            true
        }
        Some(Fault::SlowHead) => {
            wait_for_the_other_side(stream)?;
            false
        }
        Some(Fault::SlowBody) => {
            stream.write_all(&[&long(body.len()), half].concat())?;
            wait_for_the_other_side(stream)?;
            false
        }
        Some(Fault::Late) => {
            thread::sleep(Duration::from_millis(30));
            stream.write_all(&whole(&head, &body))?;
            true
        }
        Some(Fault::StaleConnection) => {
            stream.write_all(&whole(&head, &body))?;
            false
        }
        _ => {
            stream.write_all(&whole(&head, &body))?;
            true
        }
    };
    Ok(goes_on)
}

fn error(status: &str, code: &str) -> Vec<u8> {
    let body = format!(r#"{{"__type":"{code}","message":"a fault of the proxy"}}"#);
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: application/x-amz-json-1.1\r\n");
    whole(&head, body.as_bytes())
}

fn whole(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("{head}Content-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
}

/// Ends the connection with a reset, which the other side may see before all that was written.
fn reset(stream: &TcpStream) -> Result {
    SockRef::from(stream).set_linger(Some(Duration::ZERO))?;
    Ok(())
}

/// Waits until the function has given up this connection.
fn wait_for_the_other_side(mut stream: &TcpStream) -> Result {
    stream.set_read_timeout(Some(PATIENCE))?;
    while stream.read(&mut [0; 64])? > 0 {}
    Ok(())
}

fn forward(request: &Request, upstream: u16) -> Result<Reply> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, upstream))?;
    stream.write_all(&[request.head.as_bytes(), &request.body].concat())?;
    let mut reader = BufReader::new(stream);
    let (head, length) = read_head(&mut reader)?.ok_or("the server does not answer")?;
    let head: String =
        head.split_inclusive("\r\n").filter(|line| *line != "\r\n" && !is_length(line)).collect();
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Reply { head, body })
}

fn read_request(reader: &mut impl BufRead) -> Result<Option<Request>> {
    let Some((head, length)) = read_head(reader)? else {
        return Ok(None);
    };
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let target = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("x-amz-target").then(|| value.trim())
    });
    let operation = target.and_then(|target| target.rsplit('.').next()).unwrap_or_default();
    Ok(Some(Request { operation: operation.to_string(), head, body }))
}

/// A message's head with the empty line, and the length of its body; none at the end.
fn read_head(reader: &mut impl BufRead) -> Result<Option<(String, usize)>> {
    let mut head = String::new();
    let mut length = 0;
    loop {
        let start = head.len();
        if reader.read_line(&mut head)? == 0 {
            return if head.is_empty() { Ok(None) } else { Err("half a head".into()) };
        }
        let line = head.get(start..).unwrap_or_default();
        if line == "\r\n" {
            return Ok(Some((head, length)));
        }
        if is_length(line) {
            let (_, value) = line.split_once(':').ok_or("a length without a colon")?;
            length = value.trim().parse()?;
        }
    }
}

fn is_length(line: &str) -> bool {
    line.get(..15).is_some_and(|name| name.eq_ignore_ascii_case("content-length:"))
}
