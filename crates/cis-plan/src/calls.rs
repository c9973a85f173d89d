//! Resources that call CloudTrail while they are made: what they do to trails is not read, so that
//! they do it is.

use crate::node::Node;

/// The operations that change what trails record.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Operations.html>
const CHANGES: [&str; 6] = [
    "createtrail",
    "updatetrail",
    "deletetrail",
    "puteventselectors",
    "startlogging",
    "stoplogging",
];

/// Whether CloudTrail and one of its operations that change trails stand in the texts of a
/// resource, in whatever spelling: `putEventSelectors`, `put-event-selectors`.
pub(crate) fn mentions_changes(node: &Node) -> bool {
    let mut letters = String::new();
    node.texts(&mut |text| {
        let plain = text.chars().filter(char::is_ascii_alphanumeric);
        letters.extend(plain.map(|letter| letter.to_ascii_lowercase()));
    });
    letters.contains("cloudtrail") && CHANGES.iter().any(|change| letters.contains(change))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_seen_in_each_spelling_and_in_parts() {
        let text = |text: &str| Node::Text(text.to_string());
        for (text, expected) in [
            ("{\"service\": \"CloudTrail\", \"action\": \"putEventSelectors\"}", true),
            ("aws cloudtrail put-event-selectors --trail-name t", true),
            ("boto3.client('cloudtrail').stop_logging(Name=name)", true),
            ("@aws-sdk/client-cloudtrail UpdateTrailCommand", true),
            ("aws cloudtrail describe-trails", false),
            ("put-event-selectors", false),
        ] {
            let node = Node::List(vec![Node::Text(text.to_string())]);
            assert_eq!(mentions_changes(&node), expected, "{text}");
        }
        let parts = [text("{\"service\":\"CloudTrail\","), text("\"action\":\"deleteTrail\"}")];
        assert!(mentions_changes(&Node::List(parts.into())));
    }
}
