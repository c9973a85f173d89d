//! Lists of accounts in files: ids, one a line; CSV with titles; or JSON, such as what
//! `aws organizations list-accounts` prints.

use std::collections::HashSet;

use serde_json::Value;

use crate::account::{Listed, State, is_id};

/// A list that cannot be read: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ListError(String);

/// How lists name an account's id, without case, spaces and underscores.
const IDS: [&str; 3] = ["accountid", "id", "account"];

/// How they name its name.
const NAMES: [&str; 2] = ["name", "accountname"];

/// How they name its state, in the order in which they are believed.
const STATES: [&str; 2] = ["state", "status"];

/// Reads a list, whichever form it has. An account that is named twice is listed once.
///
/// # Errors
/// Where an account has no id or one that is not 12 digits, or the list is empty.
pub fn read(text: &str) -> Result<Vec<Listed>, ListError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut accounts = match text.trim_start().chars().next() {
        Some('[' | '{' | '"') => of_json(text)?,
        _ if has_titles(text) => of_csv(text)?,
        _ => of_ids(text)?,
    };
    let mut seen = HashSet::new();
    accounts.retain(|account| seen.insert(account.id.clone()));
    if accounts.is_empty() {
        return Err(ListError("no account: the list is empty".to_owned()));
    }
    Ok(accounts)
}

/// The lines that are neither empty nor a comment, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

fn has_titles(text: &str) -> bool {
    let first = lines(text).next().map(|(_, line)| line);
    first.is_some_and(|line| line.split(',').any(|cell| is_one_of(cell, &IDS)))
}

fn is_one_of(title: &str, titles: &[&str]) -> bool {
    titles.contains(&plain(title).as_str())
}

/// A title without what spellings differ in.
fn plain(title: &str) -> String {
    let kept = title.chars().filter(|character| character.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

fn of_ids(text: &str) -> Result<Vec<Listed>, ListError> {
    let cells = lines(text).flat_map(|(number, line)| {
        line.split(|character: char| character == ',' || character.is_whitespace())
            .filter(|cell| !cell.is_empty())
            .map(move |cell| (number, cell))
    });
    cells
        .map(|(number, cell)| {
            let id = id(cell).map_err(|why| ListError(format!("line {number}: {why}")))?;
            Ok(Listed { id, name: None, state: State::of(None) })
        })
        .collect()
}

fn of_csv(text: &str) -> Result<Vec<Listed>, ListError> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let titles = reader.headers().map_err(|error| ListError(error.to_string()))?.clone();
    let column = |names: &[&str]| {
        names.iter().find_map(|name| titles.iter().position(|title| plain(title) == *name))
    };
    let (ids, names) = (column(&IDS), column(&NAMES));
    let states = STATES.map(|name| column(&[name]));
    let mut accounts = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| ListError(error.to_string()))?;
        let cell = |column: Option<usize>| {
            column.and_then(|column| row.get(column)).filter(|cell| !cell.is_empty())
        };
        let line = row.position().map_or(0, csv::Position::line);
        let id = id(cell(ids).unwrap_or_default())
            .map_err(|why| ListError(format!("line {line}: {why}")))?;
        let state = states.into_iter().find_map(cell);
        accounts.push(Listed { id, name: cell(names).map(str::to_owned), state: State::of(state) });
    }
    Ok(accounts)
}

fn of_json(text: &str) -> Result<Vec<Listed>, ListError> {
    let mut accounts = Vec::new();
    for document in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let document = document.map_err(|error| ListError(error.to_string()))?;
        let items = match &document {
            Value::Array(items) => items.as_slice(),
            Value::Object(members) => match members.get("Accounts").and_then(Value::as_array) {
                Some(items) => items.as_slice(),
                None => std::slice::from_ref(&document),
            },
            _ => std::slice::from_ref(&document),
        };
        for item in items {
            let number = accounts.len() + 1;
            let account = of_item(item);
            accounts.push(account.map_err(|why| ListError(format!("account {number}: {why}")))?);
        }
    }
    Ok(accounts)
}

fn of_item(item: &Value) -> Result<Listed, String> {
    let Value::Object(members) = item else {
        let id = id(item.as_str().ok_or("it is neither an id in quotes nor an object")?)?;
        return Ok(Listed { id, name: None, state: State::of(None) });
    };
    let member = |names: &[&str]| {
        names.iter().find_map(|name| {
            let mut named = members.iter().filter(|(member, _)| plain(member) == *name);
            named.find_map(|(_, value)| value.as_str())
        })
    };
    let id = id(member(&IDS).ok_or("it has no `accountId` or `Id` that is a text")?)?;
    Ok(Listed { id, name: member(&NAMES).map(str::to_owned), state: State::of(member(&STATES)) })
}

fn id(text: &str) -> Result<String, String> {
    if is_id(text) {
        return Ok(text.to_owned());
    }
    let is_short =
        !text.is_empty() && text.len() < 12 && text.bytes().all(|it| it.is_ascii_digit());
    let hint = if is_short { ": a spreadsheet drops zeros at the start" } else { "" };
    Err(format!("`{text}` is no account id, which has 12 digits{hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(id: &str, name: Option<&str>, state: Option<&str>) -> Listed {
        Listed { id: id.to_owned(), name: name.map(str::to_owned), state: State::of(state) }
    }

    #[test]
    fn ids_stand_one_a_line_or_in_one_with_comments() {
        let text = "# prod\n111122223333\n\n 444455556666 , 111122223333\r\n000000000001\n";
        let ids: Vec<String> = read(text).unwrap().into_iter().map(|it| it.id).collect();
        assert_eq!(ids, ["111122223333", "444455556666", "000000000001"]);
    }

    #[test]
    fn columns_are_found_by_their_titles() {
        let text = "\u{feff}Name,Account ID,Status,State\n\
                    \"pay, roll\",111122223333,ACTIVE,SUSPENDED\nlogs,444455556666,SUSPENDED,\n";
        assert_eq!(
            read(text).unwrap(),
            [
                listed("111122223333", Some("pay, roll"), Some("SUSPENDED")),
                listed("444455556666", Some("logs"), Some("SUSPENDED")),
            ]
        );
    }

    #[test]
    fn what_the_aws_cli_prints_is_a_list_and_so_are_lines_of_json() {
        let expected = [listed("111122223333", Some("pay"), Some("ACTIVE"))];
        let item = r#"{"Id":"111122223333","Name":"pay","Status":"SUSPENDED","State":"ACTIVE"}"#;
        for text in [
            format!("{{\"Accounts\": [{item}]}}"),
            format!("[{item}]"),
            format!("{item}\n{item}\n"),
        ] {
            assert_eq!(read(&text).unwrap(), expected, "{text}");
        }
        let ids = read(r#"["111122223333", "444455556666"]"#).unwrap();
        assert_eq!(ids.len(), 2);
        let snapshot = r#"{"accountId": "111122223333", "name": "pay", "state": "ACTIVE"}"#;
        assert_eq!(read(snapshot).unwrap(), expected);
    }

    #[test]
    fn a_fault_says_where_it_is_and_what_would_be_right() {
        for (text, said) in [
            ("", "empty"),
            ("# none\n", "empty"),
            ("[]", "empty"),
            ("111122223333\n1111-2222-3333\n", "line 2: `1111-2222-3333` is no account id"),
            ("12345678901\n", "a spreadsheet drops zeros"),
            ("id,name\n111122223333,a\n,b\n", "line 3: `` is no account id"),
            (
                r#"[{"Id": 111122223333}]"#,
                "account 1: it has no `accountId` or `Id` that is a text",
            ),
            ("[111122223333]", "account 1: it is neither"),
            ("{\"Id\": ", "EOF"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
