//! As much of HTTP/1.1 as the tests' own client and server need: bodies have a length.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use crate::Result;

/// A request or a response: its first line, its headers in lower case, its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `GET /path HTTP/1.1`, or `HTTP/1.1 200 OK`.
    pub first_line: String,
    headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Message {
    /// Reads one message; none where the other side has nothing more to say.
    ///
    /// # Errors
    /// Where what comes is not such a message.
    pub fn read(from: &mut impl BufRead) -> Result<Option<Self>> {
        let Some(first_line) = line(from)? else {
            return Ok(None);
        };
        let mut headers = Vec::new();
        while let Some(header) = line(from)?.filter(|header| !header.is_empty()) {
            let (name, value) = header.split_once(':').ok_or("a header without a colon")?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_string()));
        }
        let mut message = Self { first_line, headers, body: Vec::new() };
        if message.header("transfer-encoding").is_some() {
            return Err("chunked bodies are not supported".into());
        }
        let length = message.header("content-length").unwrap_or("0").parse()?;
        message.body = vec![0; length];
        from.read_exact(&mut message.body)?;
        Ok(Some(message))
    }

    /// A header's value; the name is given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The word of the first line at this position: method and path, or version and status.
    #[must_use]
    pub fn word(&self, position: usize) -> &str {
        self.first_line.split(' ').nth(position).unwrap_or_default()
    }
}

fn line(from: &mut impl BufRead) -> Result<Option<String>> {
    let mut line = String::new();
    if from.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(line.trim_end().to_string()))
}

/// Sends one request and returns the body of a good answer.
///
/// # Errors
/// Where there is no answer, or it is not 200.
pub fn request(port: u16, method: &str, path: &str, body: &str) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let length = body.len();
    let head =
        format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
    let answer = Message::read(&mut BufReader::new(stream))?.ok_or("no answer")?;
    let text = String::from_utf8(answer.body.clone())?;
    if answer.word(1) == "200" {
        Ok(text)
    } else {
        Err(format!("{method} {path}: {}: {text}", answer.first_line).into())
    }
}
