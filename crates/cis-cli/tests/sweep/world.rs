//! An organization on the loopback interface: accounts, their roles, the trail that they share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use loopback::{Answer, NEVER, Request, Server};
use serde_json::{Value, json};

use super::command::{Ran, command};

/// The management account, to which the caller's credentials belong.
pub(crate) const MANAGEMENT: &str = "999988887777";

/// The Region of everything.
pub(crate) const HOME: &str = "us-east-1";

/// An account as its calls show it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    /// Its own trails.
    pub(crate) trails: Vec<Value>,
    /// What Organizations says of its state.
    pub(crate) state: Option<&'static str>,
    /// Whether its role may be assumed.
    pub(crate) is_closed: bool,
    /// The account that its role's sessions really belong to.
    pub(crate) session_of: Option<&'static str>,
    /// Whether it may not read the status of the organization's trail.
    pub(crate) is_blind: bool,
    /// Its tags.
    pub(crate) tags: Vec<(&'static str, &'static str)>,
    /// The unit that it is in.
    pub(crate) unit: Option<&'static str>,
}

/// An organization.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    /// Its accounts.
    pub(crate) accounts: BTreeMap<String, Account>,
    /// The Region of the organization's trail, if it has one.
    pub(crate) organization_trail: Option<&'static str>,
    /// The units below others.
    pub(crate) units: BTreeMap<&'static str, Vec<&'static str>>,
}

/// A member's id.
pub(crate) fn id(number: usize) -> String {
    format!("{:012}", 100_000_000_000 + number)
}

/// A trail that takes every S3 data event, or only those of reads.
pub(crate) fn trail(account: &str, home: &str, is_organization: bool, is_lossy: bool) -> Value {
    let mut fields = vec![
        json!({"Field": "eventCategory", "Equals": ["Data"]}),
        json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
    ];
    if is_lossy {
        fields.push(json!({"Field": "readOnly", "Equals": ["true"]}));
    }
    let arn = format!("arn:aws:cloudtrail:{home}:{account}:trail/main");
    json!({
        "trail": {
            "Name": "main", "TrailARN": arn, "HomeRegion": home, "IsMultiRegionTrail": true,
            "IsOrganizationTrail": is_organization, "S3BucketName": "logs",
        },
        "status": {"IsLogging": true},
        "eventSelectors": {
            "TrailARN": arn, "AdvancedEventSelectors": [{"FieldSelectors": fields}],
        },
    })
}

impl World {
    /// So many members; each third one has a trail of its own that loses events.
    pub(crate) fn of(members: usize) -> Self {
        let mut world = Self { organization_trail: Some(HOME), ..Self::default() };
        world.accounts.insert(MANAGEMENT.to_owned(), Account::default());
        for number in 0..members {
            let mut account = Account::default();
            if number % 3 == 0 {
                account.trails.push(trail(&id(number), HOME, false, true));
            }
            world.accounts.insert(id(number), account);
        }
        world
    }

    pub(crate) fn member(&mut self, number: usize) -> &mut Account {
        self.accounts.get_mut(&id(number)).unwrap()
    }

    /// Every trail that an account sees.
    fn seen(&self, account: &str) -> Vec<Value> {
        let shared = self.organization_trail.map(|home| trail(MANAGEMENT, home, true, false));
        let own = self.accounts.get(account).map(|account| account.trails.clone());
        own.into_iter().flatten().chain(shared).collect()
    }

    /// What AWS answers.
    pub(crate) fn answer(&self, request: &Request) -> Answer {
        let account = caller(request);
        match request.operation() {
            "GetCallerIdentity" => identity(&account),
            "AssumeRole" => self.session(request),
            "DescribeOrganization" => Answer::ok(&json!({
                "Organization": {"MasterAccountId": MANAGEMENT},
            })),
            "ListAccounts" => self.page(request, |_| true),
            "ListAccountsForParent" => {
                let parent = request.json()["ParentId"].clone();
                self.page(request, |account| account.unit.is_some_and(|unit| parent == unit))
            }
            "ListOrganizationalUnitsForParent" => {
                let parent = request.json()["ParentId"].clone();
                let below = self.units.iter().find(|(unit, _)| parent == **unit);
                let below = below.map(|(_, below)| below.clone()).unwrap_or_default();
                let units: Vec<Value> = below.iter().map(|unit| json!({"Id": unit})).collect();
                Answer::ok(&json!({"OrganizationalUnits": units}))
            }
            "ListTagsForResource" => {
                let id = request.json()["ResourceId"].as_str().unwrap().to_owned();
                let tags = self.accounts[&id].tags.iter();
                let tags: Vec<Value> =
                    tags.map(|(key, value)| json!({"Key": key, "Value": value})).collect();
                Answer::ok(&json!({"Tags": tags}))
            }
            "DescribeTrails" => {
                let seen = self.seen(&account);
                let trails: Vec<&Value> = seen.iter().map(|entry| &entry["trail"]).collect();
                Answer::ok(&json!({"trailList": trails}))
            }
            operation => self.of_trail(&account, operation, request),
        }
    }

    fn of_trail(&self, account: &str, operation: &str, request: &Request) -> Answer {
        let asked = request.json();
        let (member, name) = match operation {
            "GetTrailStatus" => ("status", &asked["Name"]),
            _ => ("eventSelectors", &asked["TrailName"]),
        };
        let seen = self.seen(account);
        let Some(entry) = seen.iter().find(|entry| entry["trail"]["TrailARN"] == *name) else {
            return Answer::error("TrailNotFoundException", "unknown");
        };
        let is_shared = entry["trail"]["IsOrganizationTrail"] == true && account != MANAGEMENT;
        let is_blind = self.accounts.get(account).is_none_or(|account| account.is_blind);
        if is_shared && (member == "eventSelectors" || is_blind) {
            return Answer::error("AccessDeniedException", "a member may not");
        }
        Answer::ok(&entry[member])
    }

    fn session(&self, request: &Request) -> Answer {
        let account = request.body.split("%3A%3A").nth(1).unwrap().split("%3A").next().unwrap();
        let known = self.accounts.get(account).filter(|account| !account.is_closed);
        let Some(known) = known else {
            return Answer::new(
                403,
                "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
                 <Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>",
            );
        };
        let account = known.session_of.unwrap_or(account);
        Answer::session(&format!("of-{account}"), NEVER)
    }

    /// A page of three; the second one is empty, as pages may be.
    fn page(&self, request: &Request, is_in: impl Fn(&Account) -> bool) -> Answer {
        let token = request.json()["NextToken"].as_str().map(str::to_owned);
        let step: usize = token.map_or(0, |token| token.parse().unwrap());
        if step == 1 {
            return Answer::ok(&json!({"Accounts": [], "NextToken": "2"}));
        }
        let all: Vec<Value> = self
            .accounts
            .iter()
            .filter(|(_, account)| is_in(account))
            .map(|(id, account)| match account.state {
                // Some only have the older member.
                Some("SUSPENDED") => json!({"Id": id, "Name": "old", "Status": "SUSPENDED"}),
                Some(state) => json!({"Id": id, "State": state, "Status": "ACTIVE"}),
                None => json!({"Id": id, "Name": format!("name-{id}"), "State": "ACTIVE"}),
            })
            .collect();
        let start = step.saturating_sub(1) * 3;
        let mut answer = json!({"Accounts": all.iter().skip(start).take(3).collect::<Vec<_>>()});
        if start + 3 < all.len() {
            answer["NextToken"] = (step + 1).to_string().into();
        }
        Answer::ok(&answer)
    }
}

/// The account whose key signed a request.
pub(crate) fn caller(request: &Request) -> String {
    request.access_key().strip_prefix("of-").unwrap_or(MANAGEMENT).to_owned()
}

fn identity(account: &str) -> Answer {
    Answer::new(
        200,
        format!(
            "<GetCallerIdentityResponse><GetCallerIdentityResult>\
             <Arn>arn:aws:sts::{account}:assumed-role/reader/trailproof</Arn><UserId>A</UserId>\
             <Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
        ),
    )
}

/// A server of a world, and a folder for what sweeps write.
pub(crate) struct Site {
    pub(crate) server: Server,
    folder: tempfile::TempDir,
}

impl Site {
    /// Serves a world, unless `special` answers.
    pub(crate) async fn with(
        world: World,
        special: impl Fn(&Request, u64) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        let count = AtomicU64::new(0);
        let server = Server::start(move |request| {
            let number = count.fetch_add(1, Ordering::Relaxed);
            special(request, number).unwrap_or_else(|| world.answer(request))
        })
        .await
        .unwrap();
        Self { server, folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) async fn of(world: World) -> Self {
        Self::with(world, |_, _| None).await
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The snapshots of a sweep, without the times at which they were read.
    pub(crate) fn snapshots(&self, name: &str) -> Vec<Value> {
        let lines = self.text(name);
        let snapshots = lines.lines().map(|line| {
            let mut snapshot: Value = serde_json::from_str(line).unwrap();
            snapshot.as_object_mut().unwrap().remove("collectedAt").unwrap();
            snapshot
        });
        snapshots.collect()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(&[&["sweep"], arguments].concat());
        command
            .current_dir(self.folder.path())
            .env("AWS_CONFIG_FILE", Path::new("/nonexistent/config"))
            .env("AWS_ENDPOINT_URL", self.server.url())
            .env("AWS_REGION", HOME)
            .env("AWS_ACCESS_KEY_ID", format!("of-{MANAGEMENT}"))
            .env("AWS_SECRET_ACCESS_KEY", "testing");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.command(arguments).output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let checked = schema_check::check_output(&stdout);
        assert!(checked.is_ok(), "{arguments:?}: {checked:?}");
        Ran {
            code: output.status.code(),
            stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The results of a sweep as JSON.
    pub(crate) fn results(&self, arguments: &[&str]) -> (Vec<Value>, Ran) {
        let ran = self.run(&[&["--format", "json"], arguments].concat());
        let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}"));
        (report["results"].as_array().unwrap().clone(), ran)
    }

    /// The requests for an operation by an account.
    pub(crate) fn asked(&self, operation: &str, account: &str) -> usize {
        let requests = self.server.requests_for(operation);
        requests.iter().filter(|request| caller(request) == account).count()
    }
}
