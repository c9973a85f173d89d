use super::*;
use crate::node::Repeat;

fn root(document: &str) -> Result<Node, PlanError> {
    read(document).map(|document| document.root)
}

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
        root(document).unwrap(),
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
        root("- 'true'\n- \"yes\"\n- !!str 0777\n- |\n  true\n- !!int 5\n- &anchor x\n").unwrap(),
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
        ("b: *x\n", "while parsing node, found unknown anchor at line 1 column 4"),
        ("a: &x [*x]\n", "an alias stands inside of what it names at line 1 column 8"),
        ("a:\n  <<: b\n", "`<<` merges a map or a list of maps at line 2 column 7"),
        ("? [a]\n: b\n", "a key must be a text at line 1 column 3"),
        ("a: 1\n---\nb: 2\n", "a second document starts at line 2 column 1"),
    ] {
        assert_eq!(root(document).unwrap_err().to_string(), message, "{document}");
    }
    assert_eq!(root("# nothing\n").unwrap_err().to_string(), "the file is empty");
}

#[test]
fn what_readers_of_yaml_1_1_take_beyond_yaml_1_2_is_taken() {
    let list = || Node::List(vec![text("x")]);
    for (document, node) in [
        ("a: [\nx\n]\n", map([("a", list())])),
        ("a: 'b\nc'\nd: e\n", map([("a", text("b c")), ("d", text("e"))])),
        ("a: 'b'#c\n", map([("a", text("b"))])),
        ("a: [x]#c\n", map([("a", list())])),
        ("{\"a\": [\"x\",],}\n", map([("a", list())])),
    ] {
        assert_eq!(root(document).unwrap(), node, "{document}");
    }
}

#[test]
fn of_a_key_that_stands_twice_the_last_value_counts_and_both_places_are_kept() {
    let document = read("a:\n  b: 1\n  c: 2\n  b: 3\n").unwrap();
    assert_eq!(document.root, map([("a", map([("b", text("3")), ("c", text("2"))]))]));
    let [Repeat { path, name, first, second }] = document.repeats.as_slice() else {
        panic!("not one key");
    };
    assert_eq!((path.as_slice(), name.as_str()), (&["a".to_string()][..], "b"));
    assert_eq!(
        (first.to_string(), second.to_string()),
        ("line 2 column 3".into(), "line 4 column 3".into())
    );
}

#[test]
fn aliases_and_merge_keys_stand_for_what_they_name() {
    let document = "a: &a {b: 1, c: 2}\nd: *a\ne:\n  <<: *a\n  c: 3\nf:\n  <<: [{b: 4}, *a]\n\
                    g: &k key\n*k : 5\nh: {'<<': 6}\n";
    let values = |members: [(&str, &str); 2]| map(members.map(|(name, value)| (name, text(value))));
    assert_eq!(
        root(document).unwrap(),
        map([
            ("a", values([("b", "1"), ("c", "2")])),
            ("d", values([("b", "1"), ("c", "2")])),
            ("e", values([("c", "3"), ("b", "1")])),
            ("f", values([("b", "4"), ("c", "2")])),
            ("g", text("key")),
            ("key", text("5")),
            ("h", map([("<<", text("6"))])),
        ])
    );
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut bomb = "a: &a [x, x]\n".to_string();
    for level in b'b'..=b'z' {
        let (name, before) = (char::from(level), char::from(level - 1));
        bomb += &format!("{name}: &{name} [*{before}, *{before}]\n");
    }
    let error = root(&bomb).unwrap_err().to_string();
    assert!(error.starts_with("aliases make the document too large"), "{error}");
}

#[test]
fn aliases_do_not_nest_too_deeply() {
    let mut chain = format!("- &a0 {}{}\n", "[".repeat(100), "]".repeat(100));
    for level in 1..10 {
        chain += &format!("- &a{level} {}*a{}{}\n", "[".repeat(20), level - 1, "]".repeat(20));
    }
    let error = root(&chain).unwrap_err().to_string();
    assert!(error.starts_with("aliases nest deeper than 128 levels at line 3"), "{error}");
}

#[test]
fn deep_nesting_is_refused() {
    let deep: String = (0..1000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    for document in [&deep, &"- ".repeat(100_000), &"[".repeat(100_000), &"{a: ".repeat(100_000)] {
        let error = root(document).unwrap_err().to_string();
        assert!(error.contains("limit exceeded") || error.contains("nested deeper"), "{error}");
    }
}
