//! Hashes, Base64, and texts in URLs.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/functions/sha256>

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::not_done;
use crate::source::evaluator::Evaluator;
use crate::source::fault::{Answer, Fault};
use crate::source::types::text;
use crate::source::value::Val;

impl Evaluator<'_> {
    /// A function of a text's bytes; none where it is none of these.
    pub(super) fn hash_function(&self, name: &str, all: &[Val]) -> Answer<Option<Val>> {
        let of_file = name.strip_prefix("file").filter(|rest| !rest.is_empty());
        let is_mine = hashed(of_file.unwrap_or(name), &[]).is_some()
            || matches!(name, "base64encode" | "base64decode" | "urlencode" | "filebase64");
        if !is_mine {
            return Ok(None);
        }
        let [value] = all else { return Fault::wrong("wrong number of arguments") };
        let given = text(value)?;
        if let Some(rest) = of_file {
            let Some(bytes) = self.file_bytes(&given)? else {
                return Ok(Some(super::no_file(&given)));
            };
            let of_bytes = hashed(rest, &bytes).unwrap_or_else(|| STANDARD.encode(&bytes));
            self.budget.text(of_bytes.len())?;
            return Ok(Some(Val::text(of_bytes)));
        }
        self.budget.text(given.len().saturating_mul(3))?;
        Ok(Some(match name {
            "base64encode" => Val::text(STANDARD.encode(&*given)),
            // Terraform's reader takes some texts that are not quite of the format.
            "base64decode" => match STANDARD.decode(&*given).map(String::from_utf8) {
                Ok(Ok(text)) => Val::text(text),
                _ => not_done("this Base64"),
            },
            "urlencode" => Val::text(in_url(&given)),
            name => Val::text(hashed(name, given.as_bytes()).unwrap_or_default()),
        }))
    }
}

/// A hash of bytes, by the function's name.
fn hashed(name: &str, bytes: &[u8]) -> Option<String> {
    Some(match name {
        "md5" => hexadecimal(&Md5::digest(bytes)),
        "sha1" => hexadecimal(&Sha1::digest(bytes)),
        "sha256" => hexadecimal(&Sha256::digest(bytes)),
        "sha512" => hexadecimal(&Sha512::digest(bytes)),
        "base64sha256" => STANDARD.encode(Sha256::digest(bytes)),
        "base64sha512" => STANDARD.encode(Sha512::digest(bytes)),
        _ => return None,
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A text as it stands in the query of a URL.
fn in_url(text: &str) -> String {
    let mut all = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                all.push(char::from(byte));
            }
            b' ' => all.push('+'),
            other => all.push_str(&format!("%{other:02X}")),
        }
    }
    all
}
