//! The timeline: a row for each trail, with what was not recorded and the calls that changed it.

use cis_evidence::Moment;
use cis_evidence::answer::{Effect, LogsAnswer, Unrecorded};
use cis_rules::explain::Answer;

use super::{CALL, FOUND};
use crate::html::{Attribute, Html};

/// How many marks the axis has.
const TICKS: i64 = 6;

/// The time that is shown.
struct Axis {
    from: Moment,
    to: Moment,
}

impl Axis {
    /// The times of the events and of the calls.
    fn of(answer: &LogsAnswer) -> Option<Self> {
        let calls = answer.history.iter().map(|entry| entry.call.event_time);
        let times = calls.chain(answer.read.first).chain(answer.read.last);
        let (from, to) = (times.clone().min()?, times.max()?);
        Some(Self { from, to: to.max(from.plus(60)) })
    }

    /// Where a time stands, in per cent.
    fn place(&self, time: Moment) -> f64 {
        let length = (self.to.seconds() - self.from.seconds()) as f64;
        let before = (time.seconds() - self.from.seconds()) as f64;
        (before / length * 100.0).clamp(0.0, 100.0)
    }

    fn at(&self, tick: i64) -> Moment {
        let length = self.to.seconds() - self.from.seconds();
        self.from.plus(length * tick / TICKS)
    }
}

/// Bars that do not overlap stand beside each other; others in lanes of their own.
fn lanes<'a>(axis: &Axis, found: &[(usize, &'a Unrecorded)]) -> Vec<Vec<(usize, &'a Unrecorded)>> {
    let mut lanes: Vec<(f64, Vec<(usize, &Unrecorded)>)> = Vec::new();
    for (number, one) in found {
        let begin = axis.place(one.from);
        let end = one.to.map_or(100.0, |to| axis.place(to));
        match lanes.iter_mut().find(|(reached, _)| *reached <= begin) {
            Some((reached, lane)) => {
                *reached = end;
                lane.push((*number, *one));
            }
            None => lanes.push((end, vec![(*number, *one)])),
        }
    }
    lanes.into_iter().map(|(_, lane)| lane).collect()
}

pub(super) fn write(html: &mut Html, answer: &LogsAnswer) {
    let Some(axis) = Axis::of(answer) else {
        html.leaf("p", &[], "No event was read.");
        return;
    };
    if answer.trails.is_empty() {
        html.leaf(
            "p",
            &[],
            "Neither these logs nor a snapshot name a trail: nothing is known of what was recorded.",
        );
        return;
    }
    html.element("p", &[Attribute::Own("class", "legend")], |html| {
        for (class, text) in [
            ("key blind", "not recorded"),
            ("key doubt", "not known whether recorded"),
            ("key mark loses", "a call that loses something"),
            ("key mark", "another call"),
        ] {
            html.element("span", &[], |html| {
                let hidden =
                    [Attribute::Own("class", class), Attribute::Own("aria-hidden", "true")];
                html.leaf("span", &hidden, "");
                html.text(" ");
                html.text(text);
            });
        }
    });
    html.element("div", &[Attribute::Own("class", "timeline")], |html| {
        for trail in &answer.trails {
            row(html, answer, &axis, &trail.arn);
        }
        html.element("div", &[Attribute::Own("class", "axis")], |html| {
            for tick in 0..=TICKS {
                let time = axis.at(tick);
                let place = [Attribute::Percent("left", axis.place(time))];
                html.element("span", &place, |html| {
                    html.element("time", &[Attribute::Time(&time.to_string())], |html| {
                        html.leaf("span", &[], &time.day());
                        html.text(" ");
                        html.leaf("span", &[], &time.clock());
                    });
                });
            }
        });
    });
    html.leaf("p", &[Attribute::Own("class", "note")], "All times are in UTC.");
}

fn row(html: &mut Html, answer: &LogsAnswer, axis: &Axis, arn: &str) {
    let name = arn.rsplit_once(":trail/").map_or(arn, |(_, name)| name);
    html.element("div", &[Attribute::Own("class", "trail")], |html| {
        html.leaf("h3", &[Attribute::Title(arn)], name);
        let found: Vec<(usize, &Unrecorded)> =
            answer.unrecorded.iter().enumerate().filter(|(_, found)| found.trail == arn).collect();
        let lanes = lanes(axis, &found);
        if lanes.is_empty() {
            html.leaf("div", &[Attribute::Own("class", "lane")], "");
        }
        for lane in lanes {
            html.element("div", &[Attribute::Own("class", "lane")], |html| {
                for (number, found) in lane {
                    let class =
                        if found.answer == Answer::NotLogged { "bar blind" } else { "bar doubt" };
                    let begin = axis.place(found.from);
                    let end = found.to.map_or(100.0, |to| axis.place(to));
                    let attributes = [
                        Attribute::Own("class", class),
                        Attribute::To(FOUND, number),
                        Attribute::Label(&found.sentence),
                        Attribute::Title(&found.sentence),
                        Attribute::Percent("left", begin),
                        Attribute::Percent("width", end - begin),
                    ];
                    html.leaf("a", &attributes, "");
                }
            });
        }
        html.element("div", &[Attribute::Own("class", "marks")], |html| {
            let entries = answer.history.iter().enumerate();
            for (number, entry) in
                entries.filter(|(_, entry)| entry.trails.iter().any(|it| it == arn))
            {
                let class = if entry.effect == Effect::Loses { "mark loses" } else { "mark" };
                let label = format!("{}: {}", entry.call.event_time, entry.sentence);
                let attributes = [
                    Attribute::Own("class", class),
                    Attribute::To(CALL, number),
                    Attribute::Label(&label),
                    Attribute::Title(&label),
                    Attribute::Percent("left", axis.place(entry.call.event_time)),
                ];
                html.leaf("a", &attributes, "");
            }
        });
    });
}
