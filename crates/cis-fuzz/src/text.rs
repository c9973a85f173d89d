//! Texts that lie close to each other, so that comparisons meet, overlap and miss by one character.

use arbitrary::{Result, Unstructured};

/// The start of the ARNs of objects.
pub(crate) const HEADER: &str = "arn:aws:s3:::";

const ARN_PARTS: [&str; 20] = [
    HEADER,
    "a",
    "b",
    "ab",
    "aab",
    "/",
    "x",
    ".csv",
    "-",
    "arn:aws:s3",
    "arn:",
    ":::",
    ":",
    "*",
    "arn:aws-cn:s3:::",
    "ü",
    "aaaaaaaaaaaaaaaa",
    "//",
    "A",
    "s",
];

const NAME_PARTS: [&str; 12] = [
    "Get",
    "Put",
    "Delete",
    "Object",
    "s",
    "Acl",
    "PutObject",
    "GetObject",
    "ListObjects",
    "CopyObject",
    "HeadBucket",
    "é",
];

const OTHER_PARTS: [&str; 10] = [
    "s3",
    ".amazonaws.com",
    "Aws",
    "ApiCall",
    "ServiceEvent",
    "arn:aws:iam::",
    "111122223333",
    ":user/",
    "a",
    "true",
];

/// The fragments that texts of a field are made of.
fn parts(field: &str) -> &'static [&'static str] {
    match field {
        "resources.ARN" => &ARN_PARTS,
        "eventName" => &NAME_PARTS,
        _ => &OTHER_PARTS,
    }
}

/// Up to three fragments, one of them sometimes repeated until a bucket's name is full.
pub(crate) fn text(u: &mut Unstructured<'_>, field: &str) -> Result<String> {
    let count = u.int_in_range(0..=3)?;
    let mut text = String::new();
    for _ in 0..count {
        let part = *u.choose(parts(field))?;
        let times = if u.ratio(1, 24)? { u.int_in_range(12..=17)? } else { 1 };
        text.push_str(&part.repeat(times));
    }
    Ok(text)
}

/// The ARN of an object, or with an empty key the ARN prefix of a bucket.
pub(crate) fn object_arn(u: &mut Unstructured<'_>, known: &[String]) -> Result<String> {
    if !known.is_empty() && u.ratio(3, 4)? {
        let one = u.choose(known)?;
        let start = if one.starts_with(HEADER) { String::new() } else { HEADER.to_string() };
        let middle = *u.choose(&["", "a", "abc", "abc/", "/", "~", "/~"])?;
        let other = if u.arbitrary()? { u.choose(known)?.as_str() } else { "" };
        return Ok([&start, one.as_str(), middle, other].concat());
    }
    Ok([HEADER, &text(u, "resources.ARN")?, "/", &text(u, "resources.ARN")?].concat())
}

/// A text of a field: one that is known, longer, shorter or joined to another; or any.
pub(crate) fn near(u: &mut Unstructured<'_>, field: &str, known: &[String]) -> Result<String> {
    if known.is_empty() || u.ratio(1, 4)? {
        return text(u, field);
    }
    let mut near = u.choose(known)?.clone();
    match u.int_in_range(0..=4)? {
        0 => {
            near.pop();
        }
        1 => near.push('~'),
        2 => near.insert(0, '~'),
        3 => near.push_str(u.choose(known)?),
        _ => {}
    }
    Ok(near)
}
