//! Texts in a source's selectors that are made from the name or the ARN of a bucket.
#![expect(clippy::unwrap_used, reason = "a source that cannot be read is a failed test")]

use std::collections::BTreeMap;

use cis_plan::{Setting, SourceOptions};
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict::{self, Compliant, Indeterminate, NonCompliant};

/// The verdict about a source where a bucket may stay unlogged.
fn verdict(files: &[(&str, &str)], allowed: &str) -> Verdict {
    let files: BTreeMap<String, Vec<u8>> =
        files.iter().map(|(path, text)| ((*path).to_string(), text.as_bytes().to_vec())).collect();
    let all = cis_plan::source(&files, "", &SourceOptions::default(), &Setting::default()).unwrap();
    let mut question = Question::new(Kind::Write, Mode::Any);
    question.allow_unlogged.extend(allowed.parse().ok());
    cis_rules::evaluate(&all[0], &question).verdict
}

/// A trail that takes all objects but those of which the ARN starts with this expression.
fn without(expression: &str) -> String {
    format!(
        r#"
resource "aws_cloudtrail" "main" {{
  name                  = "main"
  s3_bucket_name        = aws_s3_bucket.logs.id
  is_multi_region_trail = true
  advanced_event_selector {{
    field_selector {{
      field  = "eventCategory"
      equals = ["Data"]
    }}
    field_selector {{
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }}
    field_selector {{
      field           = "resources.ARN"
      not_starts_with = {expression}
    }}
  }}
}}
resource "aws_s3_bucket" "logs" {{}}
"#
    )
}

/// A bucket that another configuration made.
const PAYROLL: &str = "data \"aws_s3_bucket\" \"d\" {\n  bucket = \"payroll\"\n}\n";

#[test]
fn a_bucket_that_is_looked_up_by_its_name_has_that_name() {
    for expression in [
        "[\"${data.aws_s3_bucket.d.arn}/\"]",
        "[\"arn:aws:s3:::${data.aws_s3_bucket.d.id}/\"]",
        "[format(\"%s/\", data.aws_s3_bucket.d.arn)]",
        "([(\"${data.aws_s3_bucket.d.arn}/\")])",
    ] {
        let source = without(expression) + PAYROLL;
        let of = |allowed| verdict(&[("main.tf", &source)], allowed);
        assert_eq!(of(""), NonCompliant, "{expression}");
        assert_eq!(of("payroll"), Compliant, "{expression}");
    }
}

#[test]
fn a_text_is_followed_through_locals_and_modules() {
    let local = "locals {\n  arns = [local.arn]\n  arn = \"${data.aws_s3_bucket.d.arn}/\"\n}\n";
    let source = without("local.arns") + local + PAYROLL;
    assert_eq!(verdict(&[("main.tf", &source)], "payroll"), Compliant);

    let call = "module \"b\" {\n  source = \"./b\"\n}\n";
    let module = format!("{PAYROLL}output \"arn\" {{\n  value = data.aws_s3_bucket.d.arn\n}}\n");
    let source = without("[\"${module.b.arn}/\"]") + call;
    let files = [("main.tf", source.as_str()), ("b/main.tf", module.as_str())];
    assert_eq!(verdict(&files, "payroll"), Compliant);

    let variable = "variable \"arns\" {\n  type = list(string)\n}\n";
    let module = variable.to_string() + &without("var.arns");
    let call = "module \"t\" {\n  source = \"./t\"\n  arns = \
                [\"${data.aws_s3_bucket.d.arn}/\"]\n}\n";
    let root = PAYROLL.to_string() + call;
    let files = [("main.tf", root.as_str()), ("t/main.tf", module.as_str())];
    assert_eq!(verdict(&files, "payroll"), Compliant);
}

/// What is done to a text that is not known is not followed: then it may be any. What a plan does
/// not know is not known here.
#[test]
fn a_text_that_is_made_in_another_way_stays_open() {
    for expression in [
        "[upper(\"${data.aws_s3_bucket.d.arn}/\")]",
        "[\"${data.aws_s3_bucket.d.website_domain}/\"]",
        "[for a in [data.aws_s3_bucket.d.arn] : \"${a}/\"]",
        "[format(\"%q\", data.aws_s3_bucket.d.arn)]",
        "[replace(data.aws_s3_bucket.d.arn, \"payroll\", \"\")]",
        "concat([], [data.aws_s3_bucket.d.arn])",
        "[\"${aws_s3_bucket.logs.arn}/\"]",
    ] {
        let source = without(expression) + PAYROLL;
        assert_eq!(verdict(&[("main.tf", &source)], ""), Indeterminate, "{expression}");
    }
}

/// Where two providers may be in two partitions, a bucket's ARN may be of the other one.
#[test]
fn a_bucket_of_another_provider_may_be_in_another_partition() {
    let providers = "provider \"aws\" {}\nvariable \"r\" {}\nprovider \"aws\" {\n  alias = \
                     \"b\"\n  region = var.r\n}\n";
    let source = without("[\"${data.aws_s3_bucket.d.arn}/\"]") + PAYROLL + providers;
    assert_eq!(verdict(&[("main.tf", &source)], "payroll"), Indeterminate);
}
