//! The evaluator, held against answers of `terraform console` 1.11.4, and on sources that hurt.

use std::collections::BTreeMap;

use super::evaluator::Evaluator;
use super::load::Loader;
use super::value::Val;
use super::*;

type Memory = BTreeMap<String, Vec<u8>>;

fn files(all: &[(&str, &str)]) -> Memory {
    all.iter().map(|(path, text)| ((*path).to_string(), text.as_bytes().to_vec())).collect()
}

/// Evaluates an expression that refers to nothing.
fn evaluated(text: &str) -> Result<Val, Fault> {
    let all = files(&[("main.tf", &format!("locals {{\n  x = {text}\n}}\n"))]);
    let mut loader = Loader::new(&all, "", Cli::Terraform);
    let program = loader.load()?;
    let setting = Setting::default();
    let evaluator = Evaluator::new(&program, loader, "", &setting);
    let local = hcl_edit::parser::parse_expr("local.x").unwrap();
    evaluator.value(&local, &super::evaluator::scope_of(0))
}

#[test]
fn expressions_have_the_values_that_terraform_gives_them() {
    let mut wrong = Vec::new();
    let mut open = Vec::new();
    let (mut known, mut errors) = (0, 0);
    for line in include_str!("tests/expressions.tsv").lines() {
        let (expression, expected) = line.split_once('\t').unwrap();
        match evaluated(&format!("jsonencode({expression})")) {
            Ok(Val::Text(text)) if *text == *expected => known += 1,
            Ok(Val::Open(_)) => open.push(expression),
            Err(Fault::Wrong(_)) if expected == "ERROR" => errors += 1,
            other => wrong.push(format!("{expression}: {expected}, not {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let expected: Vec<_> = include_str!("tests/open.txt").lines().collect();
    assert_eq!(open, expected, "what stays open");
    assert!(known > 250 && errors > 50, "{known} {errors}");
}

#[test]
fn random_expressions_have_the_values_that_terraform_gives_them_or_none() {
    let mut wrong = Vec::new();
    let (mut known, mut open) = (0, 0);
    for line in include_str!("tests/random.tsv").lines() {
        let (expression, expected) = line.split_once('\t').unwrap();
        match evaluated(&format!("try(jsonencode({expression}), \"ERR\")")) {
            Ok(Val::Text(text)) if *text == *expected => known += 1,
            Ok(Val::Open(_)) => open += 1,
            other => wrong.push(format!("{expression}: {expected}, not {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{} of {known}: {}", wrong.len(), wrong.join("\n"));
    assert!(known > 9 * open, "{known} are known, {open} are not");
}

#[test]
fn whatever_way_it_is_written_it_has_the_value_that_terraform_gives_it() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/source/tests/syntax");
    let mut all = Memory::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let entry = entry.unwrap();
        all.insert(entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap());
    }
    let expected = all.remove("expected.json").unwrap();
    let expected: BTreeMap<String, String> = serde_json::from_slice(&expected).unwrap();
    assert!(expected.len() > 40);
    let mut loader = Loader::new(&all, "", Cli::Terraform);
    let program = loader.load().unwrap();
    let setting = Setting::default();
    let evaluator = Evaluator::new(&program, loader, "", &setting);
    let mut wrong = Vec::new();
    for (name, expected) in expected {
        let local = hcl_edit::parser::parse_expr(&format!("jsonencode(local.{name})")).unwrap();
        match evaluator.value(&local, &super::evaluator::scope_of(0)) {
            Ok(Val::Text(text)) if *text == *expected => {}
            other => wrong.push(format!("{name}: {expected}, not {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn heredocs_have_the_texts_that_terraform_gives_them() {
    let mut open = Vec::new();
    let all: serde_json::Value = serde_json::from_str(include_str!("tests/heredocs.json")).unwrap();
    for case in all.as_array().unwrap() {
        let source = format!("locals {{\n  x = {}}}\n", case["expression"].as_str().unwrap());
        let all = files(&[("main.tf", &source)]);
        let mut loader = Loader::new(&all, "", Cli::Terraform);
        let program = loader.load().unwrap();
        let setting = Setting::default();
        let evaluator = Evaluator::new(&program, loader, "", &setting);
        let local = hcl_edit::parser::parse_expr("local.x").unwrap();
        match evaluator.value(&local, &super::evaluator::scope_of(0)) {
            Ok(Val::Text(text)) => assert_eq!(*text, *case["value"].as_str().unwrap(), "{source}"),
            Ok(Val::Open(_)) => open.push(case["expression"].as_str().unwrap()),
            other => panic!("{source}: {other:?}"),
        }
    }
    assert_eq!(open.len(), 1, "{open:?}");
    assert!(open[0].starts_with("<<-EOT\n  %{ for"));
}

/// The error of a source.
fn refused(all: &[(&str, &str)]) -> String {
    let options = SourceOptions::default();
    let read = read(&files(all), "", &options, &Setting::default());
    read.map(|_| ()).unwrap_err().to_string()
}

/// A trail whose name is this expression, so that it is evaluated.
fn named(expression: &str) -> String {
    format!("resource \"aws_cloudtrail\" \"t\" {{\n  name = {expression}\n}}\n")
}

#[test]
fn what_depends_on_itself_is_named_with_its_line() {
    let locals = "locals {\n  a = local.b\n  b = local.a\n}\n";
    let error = refused(&[("main.tf", &named("local.a")), ("x.tf", locals)]);
    assert_eq!(error, "in `x.tf:2`: `local.a` depends on itself");
    // Whether something uses it or not.
    let first = "locals {\n  z = local.a\n  f = [for local in [1] : local.a]\n}\n";
    let error = refused(&[("main.tf", &named("\"x\"")), ("x.tf", locals), ("y.tf", first)]);
    assert_eq!(error, "in `x.tf:2`: `local.a` depends on itself");
    let call = "module \"m\" {\n  source = \"./m\"\n  x = module.m.x\n}\n";
    let child = "variable \"x\" {}\noutput \"x\" {\n  value = var.x\n}\n";
    let error = refused(&[("main.tf", &(named("module.m.x") + call)), ("m/main.tf", child)]);
    assert_eq!(error, "in `m/main.tf:3`: `output.x` depends on itself");
    let call = "module \"m\" {\n  source = \"./m\"\n}\n";
    let again = "module \"m\" {\n  source = \"../m\"\n}\n";
    let error = refused(&[("main.tf", call), ("m/main.tf", again)]);
    assert_eq!(error, "in `m/main.tf:1`: the module `m` calls itself");
}

#[test]
fn more_than_is_read_is_refused() {
    let count = "resource \"aws_cloudtrail\" \"t\" {\n  count = 1000000\n}\n";
    assert_eq!(
        refused(&[("main.tf", count)]),
        "in `main.tf:2`: 1000000 instances are more than 10000"
    );
    let mut chain = "locals {\n  a0 = \"x\"\n".to_string();
    for level in 1..5_000 {
        chain += &format!("  a{level} = local.a{}\n", level - 1);
    }
    let error = refused(&[("main.tf", &(chain + "}\n" + &named("local.a4999")))]);
    assert!(error.contains("expressions nest deeper than"), "{error}");
    for double in ["\"${local.aN}${local.aN}\"", "concat(local.aN, local.aN)"] {
        let mut all = "locals {\n".to_string();
        let first = if double.starts_with('"') { "\"xxxx\"" } else { "[1, 2, 3, 4]" };
        all += &format!("  a0 = {first}\n");
        for level in 1..40 {
            all += &format!("  a{level} = {}\n", double.replace('N', &(level - 1).to_string()));
        }
        let error = refused(&[("main.tf", &(all + "}\n" + &named("local.a39")))]);
        assert!(error.contains("more than"), "{error}");
    }
    let mut all = "locals {\n  a0 = [1]\n".to_string();
    for level in 1..70 {
        let before = level - 1;
        all += &format!("  a{level} = [local.a{before}, local.a{before}]\n");
    }
    let error = refused(&[("main.tf", &(all + "}\n" + &named("jsonencode(local.a69)")))]);
    assert!(error.contains("more than") || error.contains("deeper than"), "{error}");
    for link in [
        "[for x in [local.aN] : x][0]",
        "true ? local.aN : 0",
        "merge({a = local.aN}, {}).a",
        "-(-local.aN)",
        "try(local.aN, 1)",
        "one([for k, v in {a = local.aN} : v])",
        "\"%{ if true }${local.aN}%{ endif }\"",
    ] {
        let mut all = "locals {\n  a0 = 1\n".to_string();
        for level in 1..500 {
            all += &format!("  a{level} = {}\n", link.replace('N', &(level - 1).to_string()));
        }
        let error = refused(&[("main.tf", &(all + "}\n" + &named("local.a499")))]);
        assert!(error.contains("expressions nest deeper than"), "{error}");
    }
    let deep = "[".repeat(100_000);
    assert!(refused(&[("main.tf", &named(&deep))]).contains("at most 64 nested levels"));
    let big = format!("# {}", "x".repeat(2 << 20));
    assert!(refused(&[("main.tf", &big)]).contains("1048576 bytes"));
    let many: String = (0..30_000).map(|key| format!("k{key} = 1\n")).collect();
    let error = refused(&[("main.tf", &named(&format!("{{\n{many}}}")))]);
    assert!(error.starts_with("in `main.tf`: more than 20000 attributes"), "{error}");
}

#[test]
fn a_template_that_reads_itself_is_refused() {
    let itself = "${templatefile(\"t.tpl\", {})}";
    let error = refused(&[("main.tf", &named("templatefile(\"t.tpl\", {})")), ("t.tpl", itself)]);
    assert_eq!(
        error,
        "in `main.tf:2`: `templatefile`: `templatefile`: a template cannot read another template"
    );
}

#[test]
fn what_is_not_there_is_named_with_its_line() {
    for (source, expected) in [
        (named("local.x"), "in `main.tf:2`: `local.x` is not declared"),
        (named("var.x"), "in `main.tf:2`: `var.x` is not declared"),
        (named("[1][3]"), "in `main.tf:2`: there is no element 3"),
        (named("upper("), "in `main.tf:3`: not Terraform's language: invalid expression;"),
    ] {
        let error = refused(&[("main.tf", &source)]);
        assert!(
            error.starts_with(expected) || error.contains("not Terraform's language"),
            "{error}"
        );
    }
    let error = refused(&[("a.tf", &named("\"a\"")), ("b.tf", &named("\"b\""))]);
    assert_eq!(error, "in `b.tf:1`: `aws_cloudtrail.t` is declared twice, also at a.tf:1");
    assert_eq!(
        refused(&[("README.md", "")]),
        "in `.`: no file of Terraform's (`*.tf`, `*.tf.json`) is in the folder"
    );
}

#[test]
fn a_broken_source_is_read_or_refused() {
    let whole = concat!(
        "variable \"v\" {\n  type = map(list(string))\n  default = {a = [\"x\"]}\n}\n",
        "locals {\n  l = [for k, v in var.v : \"${k}-${v[0]}\" if k != \"\"]\n}\n",
        "resource \"aws_cloudtrail\" \"t\" {\n  for_each = toset(local.l)\n  name = <<-E\n  x\n  E\n",
        "  dynamic \"event_selector\" {\n    for_each = {a = 1}\n    content {\n",
        "      read_write_type = try(event_selector.value.x, \"All\")\n    }\n  }\n}\n",
    );
    let options = SourceOptions::default();
    for (place, _) in whole.char_indices() {
        for change in ["", "}", "\"", "${", "[", "local.", "(", "~}", "\n", "."] {
            let mut broken = whole.to_string();
            broken.replace_range(place..=place, change);
            let read = read(&files(&[("main.tf", &broken)]), "", &options, &Setting::default());
            if let Err(error) = read {
                assert!(!error.to_string().is_empty());
            }
        }
    }
}

#[test]
#[ignore = "a measurement: run it in a release build"]
fn five_thousand_files() {
    let mut all = vec![("main.tf".to_string(), named("\"main\""))];
    for file in 0..5_000 {
        let text = format!(
            "variable \"v{file}\" {{\n  default = \"x\"\n}}\nlocals {{\n  l{file} = \"${{var.v{file}}}-{file}\"\n}}\n\
             resource \"aws_s3_bucket\" \"b{file}\" {{\n  bucket = local.l{file}\n  tags = {{\n    Name = \"b\"\n  }}\n}}\n"
        );
        all.push((format!("f{file}.tf"), text));
    }
    let all: Memory = all.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    let start = std::time::Instant::now();
    read(&all, "", &SourceOptions::default(), &Setting::default()).unwrap();
    println!("5,000 files: {:?}", start.elapsed());
    let many: String = (0..19_000).map(|key| format!("k{key} = 1\n")).collect();
    let all = files(&[("main.tf", &named(&format!("keys({{\n{many}}})[0]")))]);
    let start = std::time::Instant::now();
    read(&all, "", &SourceOptions::default(), &Setting::default()).unwrap();
    println!("19,000 keys: {:?}", start.elapsed());
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap());
}

/// A trail in JSON, whose body is this.
fn trail_in_json(body: &str) -> String {
    format!(
        "{{\"resource\": {{\"aws_s3_bucket\": {{\"logs\": {{}}}}}},\n \
         \"resource\": {{\"aws_cloudtrail\": {{\"t\": {{{body}}}}}}}}}"
    )
}

#[test]
fn a_block_whose_name_stands_twice_in_json_is_two_blocks() {
    let resource = |value: &str| {
        format!("\"data_resource\": {{\"type\": \"AWS::S3::Object\", \"values\": [\"{value}\"]}}")
    };
    let selector = |value: &str| format!("\"event_selector\": {{{}}}", resource(value));
    let file = trail_in_json(&format!(
        "\"name\": \"t\", \"s3_bucket_name\": \"logs\",\n{},\n{}",
        selector("arn:aws:s3:::a/"),
        selector("arn:aws:s3:::b/"),
    ));
    let options = SourceOptions::default();
    let all = read(&files(&[("main.tf.json", &file)]), "", &options, &Setting::default()).unwrap();
    let trail = &all[0].trails.as_ref().unwrap()[0];
    assert_eq!(trail.event_selectors.as_ref().unwrap().len(), 2, "{trail:?}");
    // Each has its own place.
    let lines: Vec<_> = trail.selector_places.iter().map(|place| place.line).collect();
    assert_eq!(lines, [3, 4]);
}

#[test]
fn an_attribute_that_stands_twice_in_json_is_refused() {
    let twice = "\"is_multi_region_trail\": true, \"is_multi_region_trail\": false";
    let error = refused(&[("main.tf.json", &trail_in_json(twice))]);
    assert_eq!(error, "in `main.tf.json:2`: `is_multi_region_trail` stands twice in one object");
    let locals = "{\"locals\": {\"a\": {\"b\": 1,\n\"b\": 2}}}";
    let error = refused(&[("main.tf.json", locals)]);
    assert_eq!(error, "in `main.tf.json:1`: `b` stands twice in one object");
    let bucket = "{\"resource\": {\"aws_s3_bucket\": {\"b\": {\"tag\": {}, \"tag\": {}}}}}";
    let read = read(
        &files(&[("main.tf.json", bucket)]),
        "",
        &SourceOptions::default(),
        &Setting::default(),
    );
    assert!(read.is_ok(), "blocks of other resources are not known by name");
}
