//! What one trail does with one record.

use serde_json::Value;

use super::selector::{Selector, texts};
use super::{Bounds, Record};

/// The Regions of the partition `aws` that every account has.
const ENABLED_BY_DEFAULT: &str = "us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 \
    eu-central-1 eu-west-1 eu-west-2 eu-west-3 eu-north-1 ap-south-1 ap-northeast-1 ap-northeast-2 \
    ap-northeast-3 ap-southeast-1 ap-southeast-2";

/// What a question demands of a trail.
#[derive(Debug, Default)]
pub(super) struct Demands {
    pub(super) trusted_log_buckets: Vec<String>,
    pub(super) delivery: bool,
}

/// A trail of an account.
#[derive(Debug)]
pub(super) struct Trail {
    pub(super) arn: String,
    partition: String,
    home: Option<String>,
    is_multi_region: Option<bool>,
    /// Whether it is logging, may be counted for this account, and meets the demands.
    is_on: Bounds,
    /// The selectors, where they were observed.
    selectors: Option<Vec<Selector>>,
    has_default_selectors: bool,
    logs_deliveries: Option<bool>,
}

impl Trail {
    pub(super) fn new(observed: &Value, account: &Value, demands: &Demands) -> Self {
        let trail = &observed["trail"];
        let text = |member: &str| trail[member].as_str().map(str::to_owned);
        let flag = |member: &str| trail[member].as_bool();
        let arn = text("TrailARN");
        let mut parts = arn.as_deref().unwrap_or_default().split(':').map(str::to_owned).skip(1);
        let of_account = account["partition"].as_str().unwrap_or("aws");
        let partition = parts.next().unwrap_or_else(|| of_account.to_owned());
        let region = parts.nth(1).filter(|region| !region.is_empty());
        let owner = parts.next();
        let home = text("HomeRegion").or(region);
        let is_organizations = flag("IsOrganizationTrail");
        let may_count = match (&arn, owner) {
            (Some(_), owner) if owner.as_deref() == account["accountId"].as_str() => Some(true),
            (Some(_), _) => is_organizations,
            // Whose it is, is not known: only the organization's is this account's in any case.
            (None, _) => is_organizations.filter(|yes| *yes),
        };
        let status = &observed["status"];
        let is_logging = match status["IsLogging"].as_bool() {
            Some(true) if !is_status_of_account(observed, home.as_deref(), &partition) => None,
            known => known,
        };
        let bucket = text("S3BucketName");
        let is_trusted = if demands.trusted_log_buckets.is_empty() {
            Some(true)
        } else {
            bucket.map(|bucket| demands.trusted_log_buckets.contains(&bucket))
        };
        let error = status["LatestDeliveryError"].as_str().unwrap_or_default();
        let is_delivered = match status {
            Value::Null if demands.delivery => None,
            _ => Some(!demands.delivery || error.is_empty()),
        };
        let facts = [may_count, is_logging, is_trusted, is_delivered];
        let response = &observed["eventSelectors"];
        Self {
            arn: arn.or(text("Name")).unwrap_or_default(),
            partition,
            home,
            is_multi_region: flag("IsMultiRegionTrail"),
            is_on: facts.map(Bounds::from_fact).into_iter().fold(Bounds::LOGGED, Bounds::and),
            selectors: (!response.is_null()).then(|| Selector::all(response)),
            has_default_selectors: flag("HasCustomEventSelectors") == Some(false),
            logs_deliveries: match &trail["RecursiveLogging"] {
                Value::Null => Some(true),
                // A text stands for what a plan leaves open.
                told => told.as_bool(),
            },
        }
    }

    /// Whether a record counts as logged for the account's verdict.
    pub(super) fn counts(&self, record: &Record) -> Bounds {
        self.takes(record).and(Bounds::from_fact(self.is_multi_region))
    }

    /// Whether the trail records a record, in whichever Region.
    pub(super) fn records(&self, record: &Record) -> Bounds {
        let is_of_home = match (&self.home, record.get("awsRegion")) {
            (Some(home), Some(region)) => Some(home == region),
            _ => None,
        };
        let is_of_reach = match self.is_multi_region {
            Some(true) => Some(true),
            Some(false) => is_of_home,
            // At least its home Region.
            None => is_of_home.filter(|yes| *yes),
        };
        self.takes(record).and(Bounds::from_fact(is_of_reach))
    }

    /// Whether it records one Region of which it is not known which one it is.
    pub(super) const fn is_of_unknown_region(&self) -> bool {
        matches!((self.is_multi_region, &self.home), (Some(false), None))
    }

    /// Whether the trail takes a record, its Region left aside.
    fn takes(&self, record: &Record) -> Bounds {
        let selected = match &self.selectors {
            Some(selectors) => selectors
                .iter()
                .map(|selector| selector.takes(record, &self.partition))
                .fold(Bounds::LOST, Bounds::or),
            None if self.has_default_selectors => Bounds::LOST,
            None => Bounds::OPEN,
        };
        let is_let_through = if record.is_delivery() { self.logs_deliveries } else { Some(true) };
        selected.and(self.is_on).and(Bounds::from_fact(is_let_through))
    }

    /// What each selector does with a record, where they were observed.
    pub(super) fn selectors(&self, record: &Record) -> Vec<Bounds> {
        let selectors = self.selectors.iter().flatten();
        selectors.map(|selector| selector.takes(record, &self.partition)).collect()
    }
}

/// Whether the status says something about this account: the account read it itself, or has the
/// trail's home Region for sure.
fn is_status_of_account(observed: &Value, home: Option<&str>, partition: &str) -> bool {
    let through = &observed["readThrough"];
    let calls = texts(&through["calls"]);
    // Where the calls are not told, any may have been made so.
    let is_read_through = !through.is_null()
        && (calls.is_empty() || calls.iter().any(|call| call == "GetTrailStatus"));
    let is_enabled = home.is_some_and(|home| {
        partition == "aws-cn"
            || partition == "aws-us-gov"
            || ENABLED_BY_DEFAULT.split_whitespace().any(|region| region == home)
    });
    !is_read_through || is_enabled
}
