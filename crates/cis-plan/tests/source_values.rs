//! Values where a reader of Terraform's language goes wrong easily: whether a trail is there hangs on
//! each of them, so that a wrong value is a wrong verdict.

use std::collections::BTreeMap;

use cis_plan::{Setting, SourceOptions};
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict;

/// A source in which the trail is there where the condition is true.
fn source(condition: &str, rest: &str) -> String {
    format!(
        "{rest}
resource \"aws_cloudtrail\" \"main\" {{
  count                 = {condition} ? 1 : 0
  name                  = \"main\"
  s3_bucket_name        = \"logs\"
  is_multi_region_trail = true

  event_selector {{
    data_resource {{
      type   = \"AWS::S3::Object\"
      values = [\"arn:aws:s3\"]
    }}
  }}
}}
"
    )
}

fn verdict(files: &[(&str, &str)]) -> Result<Verdict, String> {
    let files: BTreeMap<String, Vec<u8>> =
        files.iter().map(|(path, text)| ((*path).to_string(), text.as_bytes().to_vec())).collect();
    let accounts = cis_plan::source(&files, "", &SourceOptions::default(), &Setting::default())
        .map_err(|error| error.to_string())?;
    assert_eq!(accounts.len(), 1);
    Ok(cis_rules::evaluate(&accounts[0], &Question::new(Kind::Write, Mode::Any)).verdict)
}

/// Conditions that Terraform finds true, and what they need.
const TRUE: &[(&str, &str)] = &[
    ("1 == 1.0", ""),
    ("1e3 == 1000", ""),
    ("[\"a\", \"b\"][1.0] == \"b\"", ""),
    ("coalesce(1, \"a\") == \"1\"", ""),
    ("lookup(tomap({ a = \"x\" }), \"b\", 1) == \"1\"", ""),
    ("var.x[0] == \"1\"", "variable \"x\" {\n  type = list(any)\n  default = [1, \"a\"]\n}"),
    (
        "var.x.a == \"1\"",
        "variable \"x\" {\n  type = map(any)\n  default = { a = 1, b = \"a\" }\n}",
    ),
    ("concat(tolist([1]), tolist([\"a\"]))[0] == \"1\"", ""),
    ("!false == true", ""),
    ("2 - 1 - 1 == 0", ""),
    ("8 / 2 / 2 == 2", ""),
    ("true || false && false", ""),
    ("1 + 2 * 3 == 7 && -2 * 3 == -6", ""),
    ("(false ? 1 : false ? 2 : 3) == 3", ""),
    ("1 < 2 == true", ""),
    ("!(1 == \"1\")", ""),
    ("-7 % 3 == -1", ""),
    ("try([\"a\", \"b\"][1.0], \"none\") == \"b\"", ""),
    ("length(aws_s3_bucket.b[*]) == 1", "resource \"aws_s3_bucket\" \"b\" {}"),
    ("length([for x in [null] : x]) == 1", ""),
    ("tostring(1e3) == \"1000\"", ""),
    ("\"${1.50}\" == 1.5", ""),
    ("\"x${1.50}\" == \"x1.5\"", ""),
    ("(true ? { a = 1, b = \"x\" } : { a = \"1\", b = \"x\" }).a == \"1\"", ""),
    ("length((true ? toset([\"a\"]) : [])) == 1", ""),
    ("length([for x in (false ? toset([\"a\"]) : []) : x]) == 0", ""),
    ("(true ? { a = \"1\" } : {}).a == \"1\"", ""),
    ("coalesce(null, 5) == 5", ""),
    ("coalescelist([], [\"a\"])[0] == \"a\"", ""),
    ("distinct([1, \"1\"])[0] == \"1\"", ""),
    ("length(distinct([1, \"1\"])) == 1", ""),
    ("length(toset([1, \"1\"])) == 1", ""),
    ("length(setunion([1], [\"1\"])) == 1", ""),
    ("tobool(\"1\")", ""),
    ("split(\"\", \"ab\")[0] == \"a\"", ""),
    ("trimspace(\"\\ta\\n\") == \"a\"", ""),
    ("substr(\"hello\", 10, 2) == \"\"", ""),
    ("format(\"%v\", [1]) == \"[1]\"", ""),
    ("format(\"%s\", 1.5) == \"1.5\"", ""),
    ("format(\"%d\", \"7\") == \"7\"", ""),
    ("join(\",\", toset([\"b\", \"a\"])) == \"a,b\"", ""),
    (
        "one(aws_s3_bucket.b[*].bucket) == \"x\"",
        "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"x\"\n}",
    ),
    (
        "var.x.b == 2",
        "variable \"x\" {\n  type = object({ a = optional(number), b = optional(number, 2) })\n  default = {}\n}",
    ),
    (
        "var.x.b.c == 2",
        "variable \"x\" {\n  type = object({ b = optional(object({ c = optional(number, 2) }), {}) })\n  default = {}\n}",
    ),
    ("var.x == null", "variable \"x\" {\n  default = null\n}"),
    ("abs(-1.5) == 1.5", ""),
    ("alltrue([\"true\", true])", ""),
    ("can(tonumber(\"x\")) == false", ""),
    ("index([\"a\", \"b\"], \"b\") == 1", ""),
    ("setproduct([\"a\"], [\"b\"])[0][0] == \"a\"", ""),
    ("regex(\"b\", \"abc\") == \"b\"", ""),
    ("replace(\"aXbX\", \"/X(.)?/\", \"$1\") == \"ab\"", ""),
    ("title(\"ab\") == \"Ab\"", ""),
    ("chunklist([1, 2, 3], 2)[1][0] == 3", ""),
];

/// Conditions that Terraform finds true, and that are open here.
const OPEN: &[(&str, &str)] = &[
    ("flatten([tolist([\"a\"])]) == [\"a\"]", ""),
    ("[for x in [\"a\"] : x] == [\"a\"]", ""),
    (
        "var.x[0].a == \"1\"",
        "variable \"x\" {\n  type = list(any)\n  default = [{ a = 1 }, { a = \"b\" }]\n}",
    ),
    ("tolist([{ a = 1 }, { a = \"b\" }])[0].a == \"1\"", ""),
    ("tomap({ x = { a = 1 }, y = { a = \"b\" } }).x.a == \"1\"", ""),
    ("concat(tolist([\"a\"]), tolist([\"b\"])) != [\"a\", \"b\"]", ""),
    ("values(tomap({ a = \"x\" })) != [\"x\"]", ""),
    ("reverse(tolist([\"a\"])) != [\"a\"]", ""),
    ("slice(tolist([\"a\"]), 0, 1) != [\"a\"]", ""),
    ("merge(tomap({ a = \"1\" }), tomap({ b = \"2\" })) != { a = \"1\", b = \"2\" }", ""),
    ("zipmap([\"a\"], tolist([\"x\"])) != { a = \"x\" }", ""),
    ("try(aws_s3_bucket.b.arn, \"none\") != \"none\"", "resource \"aws_s3_bucket\" \"b\" {}"),
    ("length(\"é\") == 1", ""),
    ("(true ? 1 : var.x) == \"1\"", "variable \"x\" {\n  type = string\n}"),
    ("formatdate(\"YYYY\", \"2020-01-01T00:00:00Z\") == \"2020\"", ""),
    ("(true ? [\"a\"] : []) != [\"a\"]", ""),
    ("jsondecode(\"1.0\") == 1", ""),
    ("substr(\"hello\", -3, 2) == \"ll\"", ""),
    ("max(1, 1.5) == 1.5", ""),
    ("0.1 + 0.2 == 0.3", ""),
    ("1 / 3 * 3 != 2", ""),
    ("element([\"a\", \"b\"], -1) == \"b\"", ""),
];

#[test]
fn true_conditions_are_never_found_false() {
    let mut wrong = Vec::new();
    let known = TRUE.iter().map(|case| (case, [Verdict::Compliant, Verdict::NonCompliant]));
    let open = OPEN.iter().map(|case| (case, [Verdict::Indeterminate; 2]));
    for ((condition, rest), expected) in known.chain(open) {
        let conditions = [(*condition).to_string(), format!("!({condition})")];
        for (condition, expected) in conditions.iter().zip(expected) {
            let found = verdict(&[("main.tf", &source(condition, rest))]);
            if found != Ok(expected) {
                wrong.push(format!("{condition}: {found:?}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const FULL: &str = "resource \"aws_cloudtrail\" \"T\" {
  name                  = \"T\"
  s3_bucket_name        = \"logs\"
  is_multi_region_trail = true

  event_selector {
    data_resource {
      type   = \"AWS::S3::Object\"
      values = [\"arn:aws:s3\"]
    }
  }
}
";

fn accounts(files: &[(&str, &str)]) -> Result<Vec<Verdict>, String> {
    let files: BTreeMap<String, Vec<u8>> =
        files.iter().map(|(path, text)| ((*path).to_string(), text.as_bytes().to_vec())).collect();
    let accounts = cis_plan::source(&files, "", &SourceOptions::default(), &Setting::default())
        .map_err(|error| error.to_string())?;
    let question = Question::new(Kind::Write, Mode::Any);
    Ok(accounts.iter().map(|account| cis_rules::evaluate(account, &question).verdict).collect())
}

/// A trail of one kind of events.
fn half(kind: &str, name: &str, more: &str) -> String {
    let selector = format!("event_selector {{\n    read_write_type = {kind}");
    let trail =
        FULL.replace("\"T\"", &format!("\"{name}\"")).replace("event_selector {", &selector);
    trail.replace("  name  ", &format!("  {more}\n  name  "))
}

fn assume(role: &str) -> String {
    format!("assume_role {{\n    role_arn = {role}\n  }}")
}

fn dynamic(role: &str) -> String {
    format!(
        "dynamic \"assume_role\" {{\n    for_each = [{role}]\n    content {{\n      role_arn = \
         assume_role.value\n    }}\n  }}"
    )
}

#[test]
fn two_providers_of_which_the_account_may_differ_are_not_one_account() {
    let roles = ["\"arn:aws:iam::111111111111:role/x\"", "\"arn:aws:iam::222222222222:role/x\""];
    let two = half("\"ReadOnly\"", "r", "provider = aws.r")
        + &half("\"WriteOnly\"", "w", "provider = aws.w");
    let root = |r: &str, w: &str| {
        format!(
            "variable \"r\" {{}}\nvariable \"w\" {{}}\nprovider \"aws\" {{\n  alias = \"r\"\n  {r}\n}}\n\
             provider \"aws\" {{\n  alias = \"w\"\n  {w}\n}}\n{two}"
        )
    };
    for (root, expected) in [
        (root(&assume(roles[0]), &assume(roles[1])), 2),
        (root(&assume("var.r"), &assume("var.w")), 2),
        (root(&assume("var.r"), &assume("var.r")), 1),
        (root(&assume("var.r.one"), &assume("var.r.other")), 2),
        (root(&assume("var.r[0]"), &assume("var.r[1]")), 2),
        (root(&assume("\"${var.r}1\""), &assume("\"${var.r}2\"")), 2),
        (root(&dynamic(roles[0]), &dynamic(roles[1])), 2),
        (root("profile = \"a\"", "profile = \"b\""), 2),
        (root("region = \"us-east-1\"", "region = \"us-east-2\""), 1),
    ] {
        assert_eq!(accounts(&[("main.tf", &root)]).unwrap().len(), expected, "{root}");
    }
}

#[test]
fn two_calls_of_a_module_whose_own_provider_is_not_known_are_not_one_account() {
    let call = |name: &str, kind: &str| {
        format!(
            "variable \"{name}\" {{}}\nmodule \"{name}\" {{\n  source = \"./m\"\n  role = var.{name}\n  \
             kind = \"{kind}\"\n}}\n"
        )
    };
    let root = call("a", "ReadOnly") + &call("b", "WriteOnly");
    let child = format!(
        "variable \"role\" {{}}\nvariable \"kind\" {{}}\nprovider \"aws\" {{\n  {}\n}}\n{}",
        assume("var.role"),
        half("var.kind", "t", "")
    );
    let found = accounts(&[("main.tf", &root), ("m/main.tf", &child)]).unwrap();
    assert_eq!(found, [Verdict::Indeterminate, Verdict::Compliant]);
}

#[test]
fn a_module_that_is_called_for_each_has_the_provider_that_it_is_passed() {
    let root = "provider \"aws\" {
  alias   = \"a\"
  profile = \"a\"
}
provider \"aws\" {
  profile = \"b\"
}
module \"a\" {
  source    = \"./m\"
  for_each  = toset([\"ReadOnly\"])
  kind      = each.value
  providers = { aws = aws.a }
}
module \"b\" {
  source = \"./m\"
  kind   = \"WriteOnly\"
}
";
    let child = format!("variable \"kind\" {{}}\n{}", half("var.kind", "t", ""));
    let found = accounts(&[("main.tf", root), ("m/main.tf", &child)]).unwrap();
    assert_eq!(found, [Verdict::Indeterminate, Verdict::Compliant]);
}

/// A resource that calls CloudTrail with this command.
fn caller(command: &str) -> String {
    format!(
        "locals {{\n  cmd = \"aws cloudtrail stop-logging --name ${{aws_s3_bucket.b.arn}}\"\n}}\n\
         resource \"aws_s3_bucket\" \"b\" {{}}\nresource \"null_resource\" \"x\" {{\n  \
         provisioner \"local-exec\" {{\n    command = {command}\n  }}\n}}\n"
    )
}

#[test]
fn a_command_that_calls_cloudtrail_is_seen_in_a_local_value_and_in_a_module_that_is_repeated() {
    for (command, expected) in [
        ("local.cmd", Verdict::Indeterminate),
        ("\"${local.cmd} x\"", Verdict::Indeterminate),
        ("\"echo\"", Verdict::Compliant),
    ] {
        let found = accounts(&[("main.tf", &format!("{FULL}{}", caller(command)))]);
        assert_eq!(found, Ok(vec![expected]), "{command}");
        let root =
            format!("{FULL}module \"m\" {{\n  source = \"./m\"\n  for_each = toset([\"a\"])\n}}\n");
        let found = accounts(&[("main.tf", &root), ("m/main.tf", &caller(command))]);
        assert_eq!(found, Ok(vec![expected]), "{command}, in a module");
    }
}

#[test]
fn a_text_in_the_place_of_a_bool_is_one_as_terraform_converts_it() {
    for (multi_region, expected) in [
        ("\"1\"", Verdict::Compliant),
        ("\"true\"", Verdict::Compliant),
        ("\"0\"", Verdict::NonCompliant),
    ] {
        let source = FULL.replace("trail = true", &format!("trail = {multi_region}"));
        assert_eq!(accounts(&[("main.tf", &source)]), Ok(vec![expected]), "{multi_region}");
    }
}

#[test]
fn a_block_that_stands_twice_in_json_does_not_hide_the_other() {
    let blind = "\"aws_cloudtrail\": {\"a\": {\"name\": \"a\", \"s3_bucket_name\": \"logs\"}}";
    let full = "\"aws_cloudtrail\": {\"b\": {\"name\": \"b\", \"s3_bucket_name\": \"logs\", \
                \"is_multi_region_trail\": true, \"event_selector\": {\"data_resource\": \
                {\"type\": \"AWS::S3::Object\", \"values\": [\"arn:aws:s3\"]}}}}";
    let of = |blocks: &[&str]| {
        let source = format!("{{\"resource\": {{{}}}}}", blocks.join(", "));
        accounts(&[("main.tf.json", &source)])
    };
    assert_eq!(of(&[blind]), Ok(vec![Verdict::NonCompliant]));
    assert_eq!(of(&[blind, full]), Ok(vec![Verdict::Compliant]));
    assert_eq!(of(&[full, blind]), Ok(vec![Verdict::Compliant]));
}
