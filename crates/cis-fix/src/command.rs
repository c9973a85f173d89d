//! Calls as commands of the AWS CLI.

use crate::change::Call;
use crate::json::Members;
use crate::trail::is_plain;

/// Where the request of a command stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// In the command.
    Inline,
    /// In a file of this name.
    File(&'a str),
}

/// The command that makes a call. It is one line for a POSIX shell, and what an account says stands
/// in it only in quotes.
///
/// Source: <https://docs.aws.amazon.com/cli/latest/reference/cloudtrail/>
#[must_use]
pub fn command(call: Call, region: &str, request: &Members, place: Request<'_>) -> String {
    let start = format!("aws cloudtrail {} --region {}", call.command(), word(region));
    let name: Option<String> = request.read("Name");
    match (place, name) {
        (_, Some(name)) if request.names().eq(["Name"]) => {
            format!("{start} --name {}", word(&name))
        }
        (Request::Inline, _) => {
            format!("{start} --cli-input-json {}", quoted(&ascii(&request.text())))
        }
        (Request::File(file), _) => {
            format!("{start} --cli-input-json {}", word(&format!("file://{file}")))
        }
    }
}

/// JSON with everything but printable ASCII as JSON's own escapes.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if matches!(character, ' '..='~') {
            text.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    text
}

/// A text as one word of a shell: as it is where that is safe, and no option.
fn word(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// A text in a shell's single quotes.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_a_shell_would_run_is_quoted() {
        let request = Members::default().with("Name", &"x'; curl evil");
        let text = command(Call::StartLogging, "$(id)", &request, Request::Inline);
        assert_eq!(
            text,
            "aws cloudtrail start-logging --region '$(id)' --name 'x'\\''; curl evil'"
        );
    }

    #[test]
    fn a_request_is_given_whole() {
        let request = Members::default().with("TrailName", &"é'").with("EventSelectors", &[0]);
        assert_eq!(
            command(Call::PutEventSelectors, "eu-west-1", &request, Request::Inline),
            "aws cloudtrail put-event-selectors --region eu-west-1 --cli-input-json \
             '{\"TrailName\":\"\\u00e9'\\''\",\"EventSelectors\":[0]}'"
        );
        assert_eq!(
            command(Call::PutEventSelectors, "eu-west-1", &request, Request::File("a/b.json")),
            "aws cloudtrail put-event-selectors --region eu-west-1 --cli-input-json \
             'file://a/b.json'"
                .replace('\'', "")
        );
    }
}
