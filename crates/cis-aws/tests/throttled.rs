//! 200 members of an organization that are read at one time, each by a function of its own, while the
//! account that owns the trail answers ten calls a second.
//!
//! Time stands still while anything can be done, and goes on to the next that sleeps when nothing
//! can: how busy this machine is makes no difference.
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudtrail::config::{
    AsyncSleep, Credentials, SharedAsyncSleep, SharedCredentialsProvider, SharedHttpClient, Sleep,
};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use cis_aws::{Access, Account, Reader, Role, Sessions};
use cis_rules::evaluate;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict;
use serde_json::{Value, json};

const MEMBERS: usize = 200;

/// How many calls a second CloudTrail answers an account, for all who make them.
///
/// Source: <https://docs.aws.amazon.com/general/latest/gr/ct.html>
const A_SECOND: f64 = 10.0;

const OWNER: &str = "999988887777";

/// Regions that every account has. The SDK counts its retries by Region, and functions do not share
/// such a count: few members have one home Region in common here, so that they hardly do either.
const REGIONS: [&str; 17] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
];

/// The time, and who sleeps until when.
#[derive(Debug, Default)]
struct Clock {
    now: Duration,
    sleeping: BTreeMap<(Duration, u64), Option<Waker>>,
    sleeps: u64,
}

/// The same for everyone.
#[derive(Clone, Debug, Default)]
struct Shared(Arc<Mutex<Clock>>);

impl Shared {
    fn clock(&self) -> MutexGuard<'_, Clock> {
        self.0.lock().unwrap()
    }

    /// Wakes the next that sleeps. Nobody can be woken by anything else.
    fn advance(&self) {
        let mut clock = self.clock();
        if let Some(((until, _), waker)) = clock.sleeping.pop_first() {
            clock.now = clock.now.max(until);
            drop(clock);
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
}

impl AsyncSleep for Shared {
    fn sleep(&self, duration: Duration) -> Sleep {
        let mut clock = self.clock();
        clock.sleeps += 1;
        let key = (clock.now + duration, clock.sleeps);
        clock.sleeping.insert(key, None);
        Sleep::new(Sleeper { shared: self.clone(), key })
    }
}

/// One that sleeps, until it is woken or nobody waits for it any more.
struct Sleeper {
    shared: Shared,
    key: (Duration, u64),
}

impl Future for Sleeper {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match self.shared.clock().sleeping.get_mut(&self.key) {
            None => Poll::Ready(()),
            Some(waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        self.shared.clock().sleeping.remove(&self.key);
    }
}

/// The account that owns the trails: what is left of a second's calls, and since when.
#[derive(Debug)]
struct Owner {
    left: f64,
    since: Duration,
    refused: usize,
}

impl Owner {
    fn takes(&mut self, now: Duration) -> bool {
        let passed = now.saturating_sub(self.since).as_secs_f64();
        self.left = (self.left + passed * A_SECOND).min(A_SECOND);
        self.since = now;
        let takes = self.left >= 1.0;
        if takes {
            self.left -= 1.0;
        } else {
            self.refused += 1;
        }
        takes
    }
}

/// AWS, as one member meets it.
#[derive(Clone, Debug)]
struct Member {
    number: usize,
    owner: Arc<Mutex<Owner>>,
    time: Shared,
}

impl Member {
    /// Whether the organization trail of this member records everything; that of every other does.
    const fn is_logged(&self) -> bool {
        self.number.is_multiple_of(2)
    }

    fn region(&self) -> &'static str {
        REGIONS[self.number % REGIONS.len()]
    }

    fn arn(&self) -> String {
        let name = if self.is_logged() { "all" } else { "writes-of-one-bucket" };
        format!("arn:aws:cloudtrail:{}:{OWNER}:trail/{name}", self.region())
    }

    fn answer(&self, request: &HttpRequest) -> (u16, String) {
        let header = |name: &str| request.headers().get(name).unwrap_or_default().to_owned();
        let target = header("x-amz-target");
        let operation = target.rsplit('.').next().unwrap_or_default();
        let in_the_role = header("authorization").contains("Credential=of-the-role/");
        let error = |code: &str| (400, json!({"__type": code, "message": code}).to_string());
        match operation {
            "" => (
                200,
                "<AssumeRoleResponse><AssumeRoleResult><Credentials>\
                 <AccessKeyId>of-the-role</AccessKeyId><SecretAccessKey>testing</SecretAccessKey>\
                 <SessionToken>testing</SessionToken><Expiration>9999-12-31T23:59:59Z</Expiration>\
                 </Credentials></AssumeRoleResult></AssumeRoleResponse>"
                    .to_owned(),
            ),
            "DescribeTrails" => (
                200,
                json!({"trailList": [{
                    "Name": "organization", "TrailARN": self.arn(), "HomeRegion": self.region(),
                    "IsMultiRegionTrail": true, "IsOrganizationTrail": true,
                }]})
                .to_string(),
            ),
            _ if !in_the_role => error("AccessDeniedException"),
            _ if !self.owner.lock().unwrap().takes(self.time.clock().now) => {
                error("ThrottlingException")
            }
            "GetTrailStatus" => (200, json!({"IsLogging": true}).to_string()),
            _ => (200, self.selectors().to_string()),
        }
    }

    fn selectors(&self) -> Value {
        let values = if self.is_logged() { "arn:aws:s3" } else { "arn:aws:s3:::one/" };
        let resources = json!([{"Type": "AWS::S3::Object", "Values": [values]}]);
        let selector = json!({"ReadWriteType": "All", "DataResources": resources});
        json!({"TrailARN": self.arn(), "EventSelectors": [selector]})
    }
}

impl HttpConnector for Member {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (status, body) = self.answer(&request);
        let status = status.try_into().unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(body))))
    }
}

/// A function's configuration: that of `load_config`, with this member's AWS.
fn config(member: Member) -> SdkConfig {
    let time = member.time.clone();
    let client: SharedHttpClient =
        http_client_fn(move |_, _| SharedHttpConnector::new(member.clone()));
    let credentials = Credentials::new("own", "testing", None, None, "tests");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url("http://127.0.0.1:1")
        .http_client(client)
        .region(Region::new("us-east-1"))
        .retry_config(RetryConfig::standard().with_max_attempts(5))
        .sleep_impl(SharedAsyncSleep::new(time))
        .timeout_config(
            TimeoutConfig::builder()
                .operation_attempt_timeout(Duration::from_secs(8))
                .operation_timeout(Duration::from_secs(25))
                .build(),
        )
        .build()
}

async fn verdict(member: Member, longest_wait: Duration) -> Verdict {
    let access = Access {
        account: Account {
            id: format!("{:012}", member.number),
            partition: "aws".to_owned(),
            region: member.region().to_owned(),
        },
        role: None,
        organization_role: Some(Role {
            arn: format!("arn:aws:iam::{OWNER}:role/reader"),
            session_name: "rule".to_owned(),
            region: member.region().to_owned(),
            external_id: None,
        }),
        is_after_change: false,
    };
    let reader = Reader::new(&Sessions::new(&config(member))).waiting_up_to(longest_wait);
    let snapshot = reader.collect(&access).await.unwrap().snapshot().unwrap();
    evaluate(&snapshot, &Question::new(Kind::Write, Mode::Any)).verdict
}

/// How many of all members have each verdict, the wrong ones apart; and how many calls were refused.
async fn verdicts(longest_wait: Duration) -> (BTreeMap<&'static str, usize>, usize) {
    let time = Shared::default();
    let owner = Owner { left: A_SECOND, since: Duration::ZERO, refused: 0 };
    let owner = Arc::new(Mutex::new(owner));
    let tasks: Vec<_> = (0..MEMBERS)
        .map(|number| {
            let member = Member { number, owner: Arc::clone(&owner), time: time.clone() };
            let is_logged = member.is_logged();
            tokio::spawn(async move { (verdict(member, longest_wait).await, is_logged) })
        })
        .collect();
    while !tasks.iter().all(tokio::task::JoinHandle::is_finished) {
        // Everyone has a few turns to do what can be done at this time.
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        time.advance();
    }
    let mut found = BTreeMap::new();
    for task in tasks {
        let name = match task.await.unwrap() {
            (Verdict::Indeterminate, _) => "undecided",
            (Verdict::Compliant, true) | (Verdict::NonCompliant, false) => "right",
            _ => "wrong",
        };
        *found.entry(name).or_insert(0) += 1;
    }
    let refused = owner.lock().unwrap().refused;
    (found, refused)
}

/// The wait is why: without it many are undecided. None is wrong even so.
#[tokio::test]
async fn two_hundred_members_at_one_time_are_all_decided_and_none_wrong() {
    let (found, _) = verdicts(cis_aws::LONGEST_WAIT).await;
    assert_eq!(found, BTreeMap::from([("right", MEMBERS)]));

    let (found, refused) = verdicts(Duration::ZERO).await;
    assert!(found.get("undecided").is_some_and(|many| *many > 20), "{found:?}");
    assert_eq!(found.get("wrong"), None, "{found:?}");
    assert!(refused > MEMBERS, "{refused} calls were refused");
}
