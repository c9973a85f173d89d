use super::*;

fn text(text: &str) -> Node {
    Node::Text(text.into())
}

fn map<const N: usize>(members: [(&str, Node); N]) -> Node {
    Node::Map(members.map(|(name, node)| (name.to_string(), node)).into())
}

#[test]
fn tags_are_functions_in_their_long_form() {
    let document = "a: !Ref Bucket\nb: !Sub 'x${y}'\nc: !If [Prod, !Ref A, true]\nd: !GetAtt B.Arn\n\
                    e: !Condition C\nf: !Join\n  - ''\n  - [q, r]\ng: !Transform {Name: M}\n";
    let call = |name: &str, argument| map([(name, argument)]);
    assert_eq!(
        read(document).unwrap(),
        map([
            ("a", call("Ref", text("Bucket"))),
            ("b", call("Fn::Sub", text("x${y}"))),
            (
                "c",
                call(
                    "Fn::If",
                    Node::List(vec![text("Prod"), call("Ref", text("A")), Node::Bool(true)])
                )
            ),
            ("d", call("Fn::GetAtt", text("B.Arn"))),
            ("e", call("Condition", text("C"))),
            (
                "f",
                call(
                    "Fn::Join",
                    Node::List(vec![text(""), Node::List(vec![text("q"), text("r")])])
                )
            ),
            ("g", call("Fn::Transform", map([("Name", text("M"))]))),
        ])
    );
}

#[test]
fn quotes_and_tags_make_texts() {
    assert_eq!(
        read("- 'true'\n- \"yes\"\n- !!str 0777\n- |\n  true\n- !!int 5\n- &anchor x\n").unwrap(),
        Node::List(vec![
            text("true"),
            text("yes"),
            text("0777"),
            text("true\n"),
            Node::Unclear("5".into()),
            text("x"),
        ])
    );
}

#[test]
fn errors_have_a_place() {
    for (document, message) in [
        ("a: b\n c: d\n", "mapping values are not allowed in this context at line 2 column 3"),
        ("a: 1\nb: 2\na: 3\n", "`a` stands twice in one map at line 3 column 1"),
        ("a: &x 1\nb: *x\n", "cloudformation does not support aliases at line 2 column 4"),
        ("a:\n  <<: {b: 1}\n", "cloudformation does not support hash merges at line 2 column 3"),
        ("? [a]\n: b\n", "a key must be a text at line 1 column 3"),
        ("a: 1\n---\nb: 2\n", "a second document starts at line 2 column 1"),
    ] {
        assert_eq!(read(document).unwrap_err().to_string(), message, "{document}");
    }
    assert_eq!(read("# nothing\n").unwrap_err().to_string(), "the file is empty");
}

#[test]
fn an_alias_bomb_is_refused_where_it_starts() {
    let mut bomb = "a: &a [x, x]\n".to_string();
    for level in b'b'..=b'z' {
        let (name, before) = (char::from(level), char::from(level - 1));
        bomb += &format!("{name}: &{name} [*{before}, *{before}]\n");
    }
    assert_eq!(
        read(&bomb).unwrap_err().to_string(),
        "cloudformation does not support aliases at line 2 column 8"
    );
}

#[test]
fn deep_nesting_is_refused() {
    let deep: String = (0..1000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    for document in [&deep, &"- ".repeat(100_000), &"[".repeat(100_000), &"{a: ".repeat(100_000)] {
        let error = read(document).unwrap_err().to_string();
        assert!(error.contains("limit exceeded") || error.contains("nested deeper"), "{error}");
    }
}
