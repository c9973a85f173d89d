//! Who receives a copy: each case of AWS's text, and the requests that records are about.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cloudtrail_record;

use std::ops::ControlFlow;

use cis_records::recipients::{Case, Copy, Outcome, Request, Requester};
use cis_records::{Level, shapes};
use cis_rules::record::wire;
use cloudtrail_record::{record, with};
use serde_json::{Value, json};

const A: &str = "111122223333";
const B: &str = "444455556666";
const C: &str = "777788889999";

fn request(requester: &str, owner: &str) -> Request {
    Request {
        level: Level::Object,
        requester: Requester::Account(requester.to_string()),
        bucket_owner: Some(owner.to_string()),
        object_owner: None,
        owner_has_permission: None,
        outcome: Outcome::Allowed,
        grants_by_email: false,
    }
}

#[test]
fn each_case_of_the_text_has_its_answer() {
    use Copy::{Full, None as No, Redacted, Unknown};
    let cross = || request(A, B);
    let object = |owner: &str| Some(owner.to_string());
    for (request, case, requester, owner, older) in [
        (request(A, A), Case::SameAccount, Full, Full, None),
        (
            Request { outcome: Outcome::Denied, grants_by_email: true, ..request(A, A) },
            Case::SameAccount,
            Full,
            Full,
            None,
        ),
        (cross(), Case::OwnerPerhapsMay, Full, Full, Some(Unknown)),
        (Request { object_owner: object(B), ..cross() }, Case::OwnerMay, Full, Full, None),
        (
            Request { object_owner: object(C), ..cross() },
            Case::OwnerPerhapsMay,
            Full,
            Full,
            Some(Unknown),
        ),
        (
            Request { object_owner: object(C), owner_has_permission: Some(false), ..cross() },
            Case::OwnerMayNot,
            Full,
            Full,
            Some(No),
        ),
        (Request { owner_has_permission: Some(true), ..cross() }, Case::OwnerMay, Full, Full, None),
        (Request { grants_by_email: true, ..cross() }, Case::GrantByEmail, Full, Redacted, None),
        (Request { outcome: Outcome::Denied, ..cross() }, Case::Denied, Unknown, Full, None),
        (Request { level: Level::Bucket, ..cross() }, Case::OtherLevel, Full, Unknown, None),
        (Request { bucket_owner: None, ..cross() }, Case::OwnerNotKnown, Full, Unknown, None),
        (
            Request { bucket_owner: None, outcome: Outcome::Denied, ..cross() },
            Case::NotKnown,
            Unknown,
            Unknown,
            None,
        ),
        (
            Request { requester: Requester::Unknown, ..cross() },
            Case::NotKnown,
            Unknown,
            Unknown,
            None,
        ),
    ] {
        let told = request.recipients();
        assert_eq!(request.case(), case);
        assert_eq!((told.requester, told.bucket_owner), (requester, owner), "{case:?}");
        assert_eq!(told.older_text.map(|text| text.bucket_owner), older, "{case:?}");
    }
}

#[test]
fn what_is_never_recorded_is_so_for_whoever_asks() {
    for requester in [
        Requester::Account(A.to_string()),
        Requester::Account(B.to_string()),
        Requester::Anonymous,
        Requester::Service,
        Requester::Unknown,
    ] {
        for (outcome, copy) in [
            (Outcome::EndpointPolicy, Copy::None),
            (Outcome::Redirect, Copy::None),
            (Outcome::AuthenticationFailed, Copy::Unknown),
        ] {
            let request = Request { requester: requester.clone(), outcome, ..request(A, B) };
            let told = request.recipients();
            assert_eq!((told.requester, told.bucket_owner), (copy, copy));
        }
        for outcome in [Outcome::Allowed, Outcome::Denied] {
            let told = Request { requester: requester.clone(), outcome, ..request(A, B) };
            let told = told.recipients();
            match requester {
                Requester::Anonymous => {
                    assert_eq!((told.requester, told.bucket_owner), (Copy::None, Copy::Full));
                }
                Requester::Service => {
                    assert_eq!((told.requester, told.bucket_owner), (Copy::Unknown, Copy::Full));
                }
                _ => {}
            }
        }
    }
}

fn of(record: &Value) -> Request {
    let mut requests = Vec::new();
    shapes::read(record.to_string().as_bytes(), &mut |_, record| {
        let record = record.unwrap();
        requests.push(Request::of(record, &wire::caller(record)));
        ControlFlow::Continue(())
    })
    .map(drop)
    .unwrap();
    requests.pop().unwrap()
}

#[test]
fn a_record_says_what_it_says_of_its_request() {
    let mut cross = record();
    cross["userIdentity"] = json!({"type": "AWSAccount", "principalId": "AIDA", "accountId": B});
    assert_eq!(of(&cross).case(), Case::OwnerPerhapsMay);
    cross["errorCode"] = json!("AccessDenied");
    assert_eq!(of(&cross).case(), Case::Denied);
    // The requester's own copy of it lacks the owner's account.
    cross["resources"][1]["accountId"] = json!("");
    assert_eq!(of(&cross).case(), Case::NotKnown);
    cross["errorCode"] = json!("NoSuchKey");
    cross["resources"][1]["accountId"] = json!(A);
    assert_eq!(of(&cross).outcome, Outcome::Allowed);
    cross["requestParameters"] = json!({"x-amz-grant-read": "emailAddress=\"a@example.com\""});
    assert_eq!(of(&cross).case(), Case::GrantByEmail);
    cross["requestParameters"] = json!({"x-amz-grant-read": "id=\"79a5\"", "x-amz-acl": "private"});
    assert_eq!(of(&cross).case(), Case::OwnerPerhapsMay);

    let user =
        json!({"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/a", "accountId": A});
    assert_eq!(of(&with("/userIdentity", user)).case(), Case::SameAccount);
    let anonymous = json!({"type": "AWSAccount", "principalId": "", "accountId": "anonymous"});
    assert_eq!(of(&with("/userIdentity", anonymous)).case(), Case::Anonymous);
    let service = json!({"type": "AWSService", "invokedBy": "cloudtrail.amazonaws.com"});
    assert_eq!(of(&with("/userIdentity", service)).case(), Case::Service);
    let failed = with("/eventName", json!("AuthenticateExpiredToken"));
    assert_eq!(of(&failed).case(), Case::AuthenticationFailed);
}
