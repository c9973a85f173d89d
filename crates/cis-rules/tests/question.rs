//! How questions are spelled.

use cis_rules::catalogue::{is_confirmed, object_events};
use cis_rules::controls::controls;
use cis_rules::question::{BucketName, Kind, Mode};

#[test]
fn kinds_and_modes_have_one_spelling() {
    for (kind, name, read_only) in [(Kind::Write, "write", "false"), (Kind::Read, "read", "true")] {
        assert_eq!((name.parse(), kind.name()), (Ok(kind), name));
        assert_eq!((kind.to_string().as_str(), kind.read_only()), (name, read_only));
        assert_eq!(serde_json::to_value(kind).unwrap(), name);
        assert_ne!(kind.other(), kind);
    }
    for (mode, name) in [(Mode::Any, "any"), (Mode::Union, "union"), (Mode::Every, "every")] {
        assert_eq!((name.parse(), mode.name(), mode.to_string().as_str()), (Ok(mode), name, name));
        assert_eq!(serde_json::to_value(mode).unwrap(), name);
    }
    assert_eq!(
        "Write".parse::<Kind>().unwrap_err().to_string(),
        "`Write` is not one of `write`, `read`"
    );
    assert_eq!(
        "".parse::<Mode>().unwrap_err().to_string(),
        "`` is not one of `any`, `union`, `every`"
    );
}

#[test]
fn bucket_names_are_exact() {
    let (longest, too_long) = ("a".repeat(255), "a".repeat(256));
    for name in ["abc", "a-b", "A_b.9", &longest] {
        let bucket: BucketName = name.parse().unwrap();
        assert_eq!((bucket.as_str(), bucket.to_string().as_str()), (name, name));
        assert_eq!(serde_json::to_value(&bucket).unwrap(), name);
    }
    for name in ["", "ab", &too_long, "abc*", "ab/", "a b", "b\u{fc}cher", "arn:aws:s3:::abc"] {
        let error = name.parse::<BucketName>().unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("`{name}` is not the exact name of a bucket")),
            "{error}"
        );
    }
    for character in '\0'..='\u{17f}' {
        let is_in_alphabet = BucketName::ALPHABET.iter().any(|byte| char::from(*byte) == character);
        assert_eq!(BucketName::is_part(&character.to_string()), is_in_alphabet, "{character:?}");
    }
}

#[test]
fn each_kind_has_events_of_its_own() {
    for (kind, best_known) in [(Kind::Write, "DeleteObject"), (Kind::Read, "GetObject")] {
        assert_eq!(object_events(Some(kind)).next(), Some(best_known));
        assert!(is_confirmed(best_known, kind));
        assert!(
            object_events(Some(kind))
                .all(|name| !object_events(Some(kind.other())).any(|its| its == name))
        );
    }
    // Which is a read or a write only by its HTTP method, and which is no event of an object.
    assert!(!is_confirmed("UploadPart", Kind::Write));
    assert!(object_events(Some(Kind::Write)).any(|name| name == "UploadPart"));
    assert!(is_confirmed("CreateBucket", Kind::Write));
    assert!(!object_events(Some(Kind::Write)).any(|name| name == "CreateBucket"));
}

#[test]
fn each_kind_has_controls_of_its_own() {
    for (kind, security_hub, newest) in
        [(Kind::Write, "S3.22", "4.8"), (Kind::Read, "S3.23", "4.9")]
    {
        let ids: Vec<String> =
            controls(kind).iter().map(|control| control.id.to_string()).collect();
        assert!([security_hub, newest].iter().all(|id| ids.iter().any(|its| its == id)), "{ids:?}");
        let others: Vec<String> =
            controls(kind.other()).iter().map(|control| control.id.to_string()).collect();
        assert!(ids.iter().all(|id| !others.contains(id)), "{ids:?} {others:?}");
    }
}
