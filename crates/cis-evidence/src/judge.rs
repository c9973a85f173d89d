//! Delivered records held against the selectors of their time.
//!
//! Sound use needs selectors that are known for the whole time, so records within 15 minutes of a
//! change are left out, and so are times in which no change would be seen. That a record is missing
//! proves nothing: nobody may have made the request.

mod readings;

use std::collections::{BTreeMap, BTreeSet};

use cis_rules::explain::{Answer, Answers, Explanation, explain};
use cis_rules::record::event::{Event, ObjectEvent, Subject};
use cis_rules::record::json::RecordJson;
use cis_rules::record::wire;
use cis_rules::report::Unknown;
use cis_rules::snapshot::Snapshot;

use crate::Moment;
use crate::account::Trails;
use crate::answer::{Contradiction, Evidence, Judged, RestsOn};
use crate::collected::Coverage;
use crate::history::History;
use crate::management::Extent;
use crate::state;
use crate::steps::Line;
use readings::Reading;

/// How long before and after a change records are left out: selectors take effect after a while.
const EDGE: i64 = 15 * 60;

/// How far a snapshot may lie from the first or last record and still be held to be of their time.
const NEAR: i64 = crate::HOUR;

/// How many contradictions are kept.
const KEPT: usize = 100;

/// The selectors of all accounts over time.
#[derive(Debug)]
pub struct Judge {
    accounts: BTreeMap<String, Account>,
    unknowns: Vec<Unknown>,
}

/// The trails of one account over time.
#[derive(Debug)]
struct Account {
    /// What they are known to be complete by; `None` where they are not.
    rests_on: Option<RestsOn>,
    periods: Vec<Period>,
}

/// A time in which nothing changes.
#[derive(Debug)]
struct Period {
    from: Moment,
    to: Moment,
    /// The trails, taken to be all there are.
    snapshot: Snapshot,
    /// The same trails, as they were read.
    trails: Vec<serde_json::Value>,
}

/// Which records were read.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// What was read of each account.
    pub accounts: BTreeMap<String, Coverage>,
    /// The Regions that were read; `None` for all.
    pub regions: Option<BTreeSet<String>>,
}

impl Judge {
    /// The selectors that a history tells, for the records that were read.
    #[must_use]
    pub fn new(history: &History, scope: &Scope) -> Self {
        let mut judge = Self { accounts: BTreeMap::new(), unknowns: Vec::new() };
        for (account_id, coverage) in &scope.accounts {
            if coverage.first_object.is_none() {
                continue;
            }
            match account(&history.trails, account_id, coverage, scope.regions.as_ref()) {
                Ok((account, unknowns)) => {
                    judge.unknowns.extend(unknowns);
                    judge.accounts.insert(account_id.clone(), account);
                }
                Err(unknown) => judge.unknowns.push(unknown),
            }
        }
        judge
    }

    /// Whether any record can be judged, so that the logs are worth reading once more.
    #[must_use]
    pub fn has_periods(&self) -> bool {
        self.accounts.values().any(|account| !account.periods.is_empty())
    }

    /// What keeps records from being judged.
    #[must_use]
    pub fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }

    /// What several threads ask.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        let accounts = self.accounts.iter().map(|(account_id, account)| {
            let periods = account.periods.iter();
            let periods = periods.map(|period| (period, Answers::new(&period.snapshot)));
            (account_id.as_str(), (account.rests_on, periods.collect()))
        });
        Reader { accounts: accounts.collect() }
    }
}

/// The periods of an account, each with its trails as they are asked about many records.
type Periods<'j> = Vec<(&'j Period, Answers<'j>)>;

/// The selectors of all accounts over time, as several threads ask them.
#[derive(Debug)]
pub struct Reader<'j> {
    accounts: BTreeMap<&'j str, (Option<RestsOn>, Periods<'j>)>,
}

impl<'j> Reader<'j> {
    fn period(
        &self,
        account_id: &str,
        time: Moment,
    ) -> Option<(Option<RestsOn>, &(&'j Period, Answers<'j>))> {
        let (rests_on, periods) = self.accounts.get(account_id)?;
        let after = periods.partition_point(|(period, _)| period.from <= time);
        let found = periods.get(after.checked_sub(1)?)?;
        (time <= found.0.to).then_some((*rests_on, found))
    }
}

fn unknown(reason: String, settled_by: &str) -> Unknown {
    Unknown { reason, settled_by: settled_by.to_string() }
}

/// The periods of an account, and what makes them less sure.
fn account(
    trails: &Trails,
    account_id: &str,
    coverage: &Coverage,
    regions: Option<&BTreeSet<String>>,
) -> Result<(Account, Vec<Unknown>), Unknown> {
    let lines: Vec<&Line> = trails.of(account_id).collect();
    if lines.is_empty() {
        return Err(unknown(
            format!(
                "account {account_id}: neither these logs nor a snapshot say what its trails select"
            ),
            "give a snapshot of it with `--snapshot`, collected at the time of these logs",
        ));
    }
    if let Some(line) = lines
        .iter()
        .find(|line| regions.is_some_and(|regions| !regions.contains(&line.id.home_region)))
    {
        return Err(unknown(
            format!(
                "account {account_id}: {} is changed in {}, and that Region was not read",
                line.id, line.id.home_region
            ),
            "leave out `--region`",
        ));
    }
    let mut unknowns = Vec::new();
    let rests_on =
        rests_on(trails, account_id, &lines, coverage).map_err(|unknown| unknowns.push(unknown));
    let mut times: Vec<Moment> = trails.changes(account_id);
    times.retain(|time| (coverage.first..=coverage.last).contains(time));
    let starts = core::iter::once(coverage.first).chain(times.iter().copied());
    let ends = times.iter().copied().chain([coverage.last.plus(1)]);
    let mut periods = Vec::new();
    let mut unseen: Vec<(Moment, Moment)> = Vec::new();
    for (from, to) in starts.zip(ends) {
        if !lines.iter().any(|line| shows_changes(line, from)) {
            unseen.push((from, to));
            continue;
        }
        let edge = |time: Moment, seconds: i64| {
            let is_change = lines
                .iter()
                .flat_map(|line| &line.steps)
                .any(|step| step.time == time && !matches!(step.said, state::Said::Observed(_)));
            if is_change { time.plus(seconds) } else { time }
        };
        let (from, to) = (edge(from, EDGE), edge(to, -EDGE));
        let known: Vec<_> =
            lines.iter().filter_map(|line| line.at(from).trail(&line.id, false)).collect();
        let partition = lines.first().map_or("aws", |line| line.id.partition.as_str());
        if from <= to
            && let Ok(snapshot) = state::account(account_id, partition, known.clone(), true)
        {
            periods.push(Period { from, to, snapshot, trails: known });
        }
    }
    if let Some((from, to)) = unseen.first() {
        let more = match unseen.len() {
            1 => String::new(),
            count => format!(", and at {} other times,", count - 1),
        };
        unknowns.push(unknown(
            format!(
                "account {account_id}: from {from} to {to}{more} no trail that is known records the \
                 write management events that would show a change of selectors"
            ),
            "give snapshots of that time with `--snapshot`",
        ));
    }
    Ok((Account { rests_on: rests_on.ok(), periods }, unknowns))
}

/// Whether the trail's own log may show that selectors change.
fn shows_changes(line: &Line, time: Moment) -> bool {
    let state = line.at(time);
    !state.is_off() && state.management().is_none_or(|taken| taken.write != Extent::None)
}

/// What says that there are no other trails.
fn rests_on(
    trails: &Trails,
    account_id: &str,
    lines: &[&Line],
    coverage: &Coverage,
) -> Result<RestsOn, Unknown> {
    let is_near =
        |time: &Moment| *time >= coverage.first.plus(-NEAR) && *time <= coverage.last.plus(NEAR);
    let listed = trails.listed(account_id);
    if listed.iter().any(is_near) {
        return Ok(RestsOn::Snapshot);
    }
    if let Some(time) = listed.first() {
        return Err(unknown(
            format!(
                "account {account_id}: the snapshot is of {time}, and these logs are of {} to {}: what \
                 changed between is not known",
                coverage.first, coverage.last
            ),
            "read the logs up to the time of the snapshot",
        ));
    }
    let created = |line: &&&Line| {
        let is_creation = line.before.exists == Some(false);
        line.steps.first().filter(|_| is_creation).map(|step| step.time)
    };
    let creations: Option<Vec<Moment>> = lines.iter().map(|line| created(&line)).collect();
    let first = creations.and_then(|times| times.into_iter().min());
    match first.zip(coverage.first_object) {
        Some((made, first_object)) if made <= first_object => Ok(RestsOn::History),
        _ => Err(unknown(
            format!("account {account_id}: these logs do not name all of its trails"),
            "give a snapshot of it with `--snapshot`, collected at the time of these logs",
        )),
    }
}

/// What came of judging.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// How many records were judged, and how.
    pub judged: Judged,
    /// What they say about assumptions, by their names.
    pub assumptions: BTreeMap<String, Evidence>,
    contradictions: BTreeMap<(Option<Moment>, String, String), Contradiction>,
    more: bool,
}

impl Findings {
    /// Judges a record that an account received.
    pub fn add(
        &mut self,
        reader: &Reader<'_>,
        account_id: &str,
        record: &RecordJson<'_>,
        text: &[u8],
        file: &str,
    ) {
        let Ok(event) = wire::event(record) else { return };
        let Subject::Object(object) = &event.subject else { return };
        let time = record.event_time.text().and_then(Moment::parse);
        let found = time.and_then(|time| reader.period(account_id, time));
        let Some((rests_on, (period, answers))) = found else {
            self.judged.left_out += 1;
            return;
        };
        let answer = answers.answer(object);
        match (answer, rests_on) {
            (Answer::Logged, _) => self.judged.logged += 1,
            (Answer::NotKnown, _) => self.judged.not_known += 1,
            (Answer::NotLogged, Some(rests_on)) => {
                self.judged.not_logged += 1;
                let explanation = explain(&period.snapshot, &event);
                let record = serde_json::from_slice(text).unwrap_or_default();
                let file = file.to_string();
                self.contradict(time, Contradiction { file, rests_on, explanation, record });
            }
            (Answer::NotLogged, None) => {
                self.judged.not_logged += 1;
                self.judged.unexplained += 1;
            }
        }
        for (assumption, is_confirmed) in evidence(period, &event, object, answer) {
            let evidence = self.assumptions.entry(assumption.to_string()).or_default();
            let name = event.name.clone().unwrap_or_default();
            let (count, by) = if is_confirmed {
                (&mut evidence.confirmed, &mut evidence.confirmed_by)
            } else {
                (&mut evidence.refuted, &mut evidence.refuted_by)
            };
            *count += 1;
            *by.entry(name).or_default() += 1;
        }
    }

    fn contradict(&mut self, time: Option<Moment>, contradiction: Contradiction) {
        let id = contradiction.explanation.event_id.clone().unwrap_or_default();
        self.contradictions.insert((time, id, contradiction.record.to_string()), contradiction);
        if self.contradictions.len() > KEPT {
            self.contradictions.pop_last();
            self.more = true;
        }
    }

    /// Takes in what another thread found.
    pub fn merge(&mut self, other: Self) {
        let Judged { logged, not_known, not_logged, unexplained, left_out, unknowns: _ } =
            other.judged;
        self.judged.logged += logged;
        self.judged.not_known += not_known;
        self.judged.not_logged += not_logged;
        self.judged.unexplained += unexplained;
        self.judged.left_out += left_out;
        for (name, theirs) in other.assumptions {
            let ours = self.assumptions.entry(name).or_default();
            ours.confirmed += theirs.confirmed;
            ours.refuted += theirs.refuted;
            for (ours, theirs) in [
                (&mut ours.confirmed_by, theirs.confirmed_by),
                (&mut ours.refuted_by, theirs.refuted_by),
            ] {
                for (name, count) in theirs {
                    *ours.entry(name).or_default() += count;
                }
            }
        }
        self.more |= other.more;
        for (key, contradiction) in other.contradictions {
            self.contradictions.insert(key, contradiction);
            if self.contradictions.len() > KEPT {
                self.contradictions.pop_last();
                self.more = true;
            }
        }
    }

    /// The contradictions, the earliest first, and whether there are more.
    #[must_use]
    pub fn contradictions(&self) -> (Vec<Contradiction>, bool) {
        (self.contradictions.values().cloned().collect(), self.more)
    }
}

/// The assumptions that a delivered record speaks for (`true`) or against.
fn evidence(
    period: &Period,
    event: &Event,
    object: &ObjectEvent,
    answer: Answer,
) -> Vec<(&'static str, bool)> {
    let mut found = Vec::new();
    let reading = Reading { trails: &period.trails, snapshot: &period.snapshot, event, object };
    if object.records.iter().any(readings::is_keyless) {
        found.extend(reading.of_prefix(answer).map(|is_confirmed| ("arn-prefix", is_confirmed)));
        return found;
    }
    if reading.is_of_some_objects() {
        found.push(("each-object", true));
    } else if answer == Answer::NotKnown && reading.rests_on_absence() {
        found.push(("absent-field", true));
    }
    found
}

/// The answer about some records of an event.
fn answer_of(snapshot: &Snapshot, event: &Event, object: ObjectEvent) -> Answer {
    let event = Event { subject: Subject::Object(object), ..event.clone() };
    let explanation: Explanation = explain(snapshot, &event);
    explanation.answer.unwrap_or(Answer::NotKnown)
}
