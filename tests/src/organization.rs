//! An organization: a management account with one trail for all, a central account with the
//! function, and members of every sort.

use serde_json::{Value, json};

use crate::event::{RULE_NAME, scheduled};
use crate::trails::{all_s3, all_s3_but, trail_of};

/// The account that has the organization trail.
pub const MANAGEMENT: &str = "999988887777";

/// The account that has the function.
pub const CENTRAL: &str = "555566667777";

/// The Region of everything.
pub const HOME: &str = "us-east-1";

/// The name of the role in each member.
pub const MEMBER_ROLE: &str = "trailproof-reader";

/// The role that can read the organization trail. It trusts the central account alone.
#[must_use]
pub fn organization_role() -> String {
    format!("arn:aws:iam::{MANAGEMENT}:role/trailproof-organization-trail")
}

/// The role in a member.
#[must_use]
pub fn member_role(account: &str) -> String {
    format!("arn:aws:iam::{account}:role/{MEMBER_ROLE}")
}

/// The organization trail's ARN, which is the same in every account.
#[must_use]
pub fn organization_trail() -> String {
    format!("arn:aws:cloudtrail:{HOME}:{MANAGEMENT}:trail/organization")
}

/// What sort of member an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// It may read the organization trail.
    Reading,
    /// It may not read what the organization trail selects.
    Selectorless,
    /// It may not even read whether the organization trail is logging.
    Blind,
    /// As `Selectorless`, with a trail of its own that loses events.
    WithLossyTrail,
    /// As `Selectorless`, with a trail of its own that logs everything.
    WithGoodTrail,
    /// The organization trail does not reach it, and its own loses events.
    Outside,
    /// Its trails cannot be listed.
    Unlisted,
    /// The function may not assume its role.
    Closed,
}

impl Sort {
    /// Every sort.
    pub const ALL: [Self; 8] = [
        Self::Reading,
        Self::Selectorless,
        Self::Blind,
        Self::WithLossyTrail,
        Self::WithGoodTrail,
        Self::Outside,
        Self::Unlisted,
        Self::Closed,
    ];
}

/// A member account.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its id.
    pub id: String,
    /// What sort of member it is.
    pub sort: Sort,
}

impl Member {
    /// So many members, of every sort in turn.
    #[must_use]
    pub fn many(count: usize) -> Vec<Self> {
        let sorts = Sort::ALL.iter().cycle();
        let member = |(number, sort): (usize, &Sort)| Self {
            id: format!("{:012}", 100_000_000_000 + number),
            sort: *sort,
        };
        sorts.take(count).enumerate().map(member).collect()
    }

    /// A scheduled event for the member's rule. Its token is good in the member alone.
    #[must_use]
    pub fn event(&self, parameters: &Value) -> Value {
        let mut event = scheduled(&self.id, HOME, "aws", parameters);
        event["resultToken"] = json!(self.token());
        event
    }

    fn token(&self) -> String {
        format!("token-{}", self.id)
    }

    /// The account as its own calls show it.
    fn snapshot(&self) -> Value {
        let own = |selectors: &Value| trail_of(&self.id, HOME, "own", selectors);
        let lossy = || own(&all_s3_but("arn:aws:s3:::payroll/"));
        let mut seen = organization_trail_entry();
        if self.sort != Sort::Reading {
            seen["eventSelectors"] = Value::Null;
        }
        if self.sort == Sort::Blind {
            seen["status"] = Value::Null;
        }
        let trails = match self.sort {
            Sort::WithLossyTrail => json!([seen, lossy()]),
            Sort::WithGoodTrail => json!([seen, own(&all_s3())]),
            Sort::Outside => json!([lossy()]),
            Sort::Unlisted => Value::Null,
            _ => json!([seen]),
        };
        account(&self.id, trails)
    }
}

fn account(id: &str, trails: Value) -> Value {
    json!({
        "schemaVersion": 1,
        "accountId": id,
        "partition": "aws",
        "region": HOME,
        "trails": trails,
    })
}

fn organization_trail_entry() -> Value {
    let mut entry = trail_of(MANAGEMENT, HOME, "organization", &all_s3());
    entry["trail"]["IsOrganizationTrail"] = json!(true);
    entry
}

/// The organization as a world of the stand-in. The function's credentials are the central
/// account's. Each account also has the role that AWS Config itself works with: it is there to be
/// assumed, and nobody should.
#[must_use]
pub fn world(members: &[Member]) -> Value {
    let mut accounts =
        vec![account(MANAGEMENT, json!([organization_trail_entry()])), account(CENTRAL, json!([]))];
    accounts.extend(members.iter().map(Member::snapshot));
    let rule = |member: &Member| json!({"name": RULE_NAME, "accountId": member.id, "region": HOME});
    let trusting = |arn: String| json!({"arn": arn, "trusts": CENTRAL});
    let open = members.iter().filter(|member| member.sort != Sort::Closed);
    let mut roles: Vec<Value> = open.map(|member| trusting(member_role(&member.id))).collect();
    roles.push(trusting(organization_role()));
    roles.extend(
        members.iter().map(|member| json!(format!("arn:aws:iam::{}:role/config-role", member.id))),
    );
    let mut tokens = json!({});
    for member in members {
        tokens[member.token()] = json!({"rule": RULE_NAME, "accountId": member.id, "region": HOME});
    }
    json!({
        "caller": CENTRAL,
        "accounts": accounts,
        "rules": members.iter().map(rule).collect::<Vec<_>>(),
        "tokens": tokens,
        "roles": roles,
    })
}
