//! Reads an answer of `trailproof logs --format json` and writes its page.

use std::io::{self, Read as _, Write as _};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut json = String::new();
    io::stdin().read_to_string(&mut json)?;
    let page = cis_pages::logs(&serde_json::from_str(&json)?)?;
    io::stdout().write_all(page.as_bytes())?;
    Ok(())
}
