//! Arguments that several subcommands share.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use cis_lambda::parameters::{
    ALLOWED_UNLOGGED_BUCKETS, CLOUDTRAIL_DELIVERIES, EVENT_KINDS, REQUIRE_DELIVERY, TRAIL_MODE,
    TRUSTED_LOG_BUCKETS,
};
use cis_rules::question::{
    AllowedBucket, BucketName, Deliveries, Excepted, Exception, Kind, Mode, Question,
};
use clap::builder::{
    BoolishValueParser, PossibleValue, PossibleValuesParser, TypedValueParser as _,
};
use serde_json::{Map, Value};

use crate::config::Config;
use crate::outcome::complain;

/// What is asked.
///
/// Other options exclude this group: see [`crate::variables::excluded`]. clap leaves a group empty whose
/// struct flattens another one, so every option stands here.
#[derive(Debug, clap::Args)]
pub(crate) struct QuestionArgs {
    /// Which events must be logged: write, read, or both; may be repeated, one result per kind. Default:
    /// write. Example: --kind both
    #[arg(
        long = "kind",
        value_name = "KIND",
        env = "TRAILPROOF_KIND",
        value_delimiter = ',',
        ignore_case = true,
        value_parser = PossibleValuesParser::new([
            PossibleValue::new("write"),
            PossibleValue::new("read"),
            PossibleValue::new("both").alias("all"),
        ])
        .map(Kinds::from)
    )]
    kinds: Vec<Kinds>,

    /// How trails combine: any (one trail logs everything by itself), union (all together), every
    /// (each one by itself). Default: any
    #[arg(
        long = "trails",
        value_name = "MODE",
        env = "TRAILPROOF_TRAILS",
        ignore_case = true,
        value_parser = PossibleValuesParser::new(Mode::ALL.map(Mode::name))
            .try_map(|name| Mode::from_str(&name.to_lowercase()))
    )]
    mode: Option<Mode>,

    /// A bucket that may stay unlogged, by its exact name, and the last day on which it may if there is
    /// one; may be repeated. Example: --allow-unlogged acme-logs@2027-03-31
    #[arg(
        long = "allow-unlogged",
        value_name = "BUCKET[@DATE]",
        env = "TRAILPROOF_ALLOW_UNLOGGED",
        value_delimiter = ',',
        value_parser = bucket::<AllowedBucket>
    )]
    allow_unlogged: Vec<AllowedBucket>,

    /// Whether CloudTrail's own deliveries of log files must be logged too: ignore, require. Default:
    /// ignore
    #[arg(
        long = "cloudtrail-deliveries",
        value_name = "CHOICE",
        env = "TRAILPROOF_CLOUDTRAIL_DELIVERIES",
        ignore_case = true,
        value_parser = PossibleValuesParser::new(Deliveries::ALL.map(Deliveries::name))
            .try_map(|name| Deliveries::from_str(&name.to_lowercase()))
    )]
    deliveries: Option<Deliveries>,

    /// A bucket that a trail must deliver to in order to count, by its exact name; may be repeated
    /// (any bucket where it is not given)
    #[arg(
        long = "trusted-log-bucket",
        value_name = "BUCKET",
        env = "TRAILPROOF_TRUSTED_LOG_BUCKET",
        value_delimiter = ',',
        value_parser = bucket::<BucketName>
    )]
    trusted_log_buckets: Vec<BucketName>,

    /// Count a trail only while its latest log file was delivered (LatestDeliveryError)
    #[arg(
        long,
        env = "TRAILPROOF_REQUIRE_DELIVERY",
        value_parser = BoolishValueParser::new()
    )]
    require_delivery: bool,
}

/// A bucket by its name. The other ways to write one are refused with the name in them.
fn bucket<T: FromStr<Err: fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| {
        let inside = text
            .strip_prefix("s3://")
            .or_else(|| text.starts_with("arn:").then(|| text.rsplit(":::").next()).flatten());
        let name = inside.and_then(|inside| inside.split('/').next());
        match name.filter(|name| BucketName::is_valid(name)) {
            Some(name) => format!("{error}: did you mean `{name}`?"),
            None if text.contains('*') => format!("{error}: name each bucket"),
            None => error.to_string(),
        }
    })
}

/// A value of `--kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kinds {
    One(Kind),
    Both,
}

impl From<String> for Kinds {
    fn from(name: String) -> Self {
        let name = name.to_lowercase();
        Kind::from_str(&name).map_or(Self::Both, Self::One)
    }
}

impl QuestionArgs {
    /// The kinds that are given, in that order, each once.
    fn kinds(&self) -> Option<Vec<Kind>> {
        let mut kinds = Vec::new();
        for given in &self.kinds {
            let given: &[Kind] = match given {
                Kinds::One(kind) => std::slice::from_ref(kind),
                Kinds::Both => &Kind::ALL,
            };
            kinds.extend(
                given.iter().filter(|kind| !kinds.contains(*kind)).copied().collect::<Vec<_>>(),
            );
        }
        (!kinds.is_empty()).then_some(kinds)
    }

    /// The question as parameters of the rule: those that differ from the defaults.
    pub(crate) fn rule_parameters(&self) -> Map<String, Value> {
        let listed = |buckets: &[BucketName]| -> String {
            let names: Vec<&str> = buckets.iter().map(BucketName::as_str).collect();
            names.join(",")
        };
        let allowed: Vec<String> = self.allow_unlogged.iter().map(ToString::to_string).collect();
        // The rule knows one order of the kinds.
        let given = self.kinds().unwrap_or_else(|| vec![Kind::Write]);
        let kinds: Vec<&str> =
            Kind::ALL.into_iter().filter(|kind| given.contains(kind)).map(Kind::name).collect();
        let given = [
            (EVENT_KINDS, kinds.join(",")),
            (TRAIL_MODE, self.mode.unwrap_or_default().to_string()),
            (ALLOWED_UNLOGGED_BUCKETS, allowed.join(",")),
            (CLOUDTRAIL_DELIVERIES, self.deliveries.unwrap_or_default().to_string()),
            (TRUSTED_LOG_BUCKETS, listed(&self.trusted_log_buckets)),
            (REQUIRE_DELIVERY, self.require_delivery.to_string()),
        ];
        let differing = given.into_iter().filter(|(parameter, value)| parameter.default != value);
        differing.map(|(parameter, value)| (parameter.name.to_string(), value.into())).collect()
    }

    /// One question per kind, in the order given, each kind once: what the options say, else what the
    /// file says, else the defaults; with the exceptions of both.
    pub(crate) fn questions(&self, config: &Config) -> Vec<Question> {
        let kinds = self.kinds().or_else(|| config.kinds.clone());
        let mode = self.mode.or(config.mode).unwrap_or_default();
        let of_trail = |one: &Exception| one.of == Excepted::Trail && one.counts();
        if mode != Mode::Every && config.exceptions.iter().any(of_trail) {
            complain(
                "note",
                &format!(
                    "exceptions of trails change nothing with `--trails {mode}`: there no trail has to \
                     log everything by itself"
                ),
            );
        }
        let question = |kind| {
            let mut question = Question {
                deliveries: self.deliveries.or(config.deliveries).unwrap_or_default(),
                trusted_log_buckets: self.trusted_log_buckets.clone(),
                require_delivery: self.require_delivery,
                ..Question::new(kind, mode)
            };
            question.allow(&self.allow_unlogged, config.today);
            config.exceptions.iter().cloned().for_each(|one| question.except(one));
            question
        };
        kinds.unwrap_or_else(|| vec![Kind::Write]).into_iter().map(question).collect()
    }
}

/// A file, or `-` for standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileOrStdin {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl From<std::ffi::OsString> for FileOrStdin {
    fn from(text: std::ffi::OsString) -> Self {
        if text == "-" { Self::Stdin } else { Self::File(text.into()) }
    }
}

impl fmt::Display for FileOrStdin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("standard input"),
            Self::File(path) => write!(f, "`{}`", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use cis_lambda::parameters::Parameters;
    use cis_rules::question::Date;
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Cli {
        #[command(flatten)]
        question: QuestionArgs,
    }

    fn today() -> Date {
        "2026-11-26".parse().unwrap()
    }

    fn asked(options: &str) -> QuestionArgs {
        let options = format!("trailproof {options}");
        Cli::try_parse_from(options.split_whitespace()).unwrap().question
    }

    #[test]
    fn the_rule_is_asked_what_the_command_asks() {
        for (options, parameters) in [
            ("", 0),
            ("--kind read", 1),
            ("--kind write,read --trails union", 2),
            ("--kind BOTH --trails Union", 2),
            ("--allow-unlogged a-b --allow-unlogged c.d --require-delivery", 2),
            ("--allow-unlogged a-b@2026-12-31 --allow-unlogged c.d@2020-01-01", 1),
            ("--cloudtrail-deliveries require --trusted-log-bucket logs", 2),
        ] {
            let question = asked(options);
            let given = question.rule_parameters();
            assert_eq!(given.len(), parameters, "{options}: {given:?}");
            assert_eq!(
                Parameters::from_json(&given, today()).unwrap().questions,
                question.questions(&Config::none(today())),
                "{options}"
            );
        }
    }

    #[test]
    fn a_bucket_in_another_spelling_is_refused_with_its_name() {
        let refused = |text: &str| bucket::<AllowedBucket>(text).unwrap_err();
        assert!(refused("s3://logs").ends_with("did you mean `logs`?"), "{}", refused("s3://logs"));
        assert!(refused("arn:aws:s3:::logs/").ends_with("did you mean `logs`?"));
        assert!(refused("logs-*").ends_with("name each bucket"));
        assert!(bucket::<BucketName>("logs").is_ok());
    }

    #[test]
    fn kinds_have_more_than_one_spelling() {
        for (options, kinds) in [
            ("", vec![Kind::Write]),
            ("--kind all", vec![Kind::Write, Kind::Read]),
            ("--kind Read,BOTH", vec![Kind::Read, Kind::Write]),
            ("--kind read --kind READ", vec![Kind::Read]),
        ] {
            let questions = asked(options).questions(&Config::none(today()));
            let asked: Vec<_> = questions.iter().map(|question| question.kind).collect();
            assert_eq!(asked, kinds, "{options}");
        }
    }

    #[test]
    fn options_come_before_the_file() {
        let account =
            cis_rules::question::Exception::new(Excepted::Account, "111122223333", None, today());
        let config = Config {
            kinds: Some(vec![Kind::Read]),
            mode: Some(Mode::Union),
            deliveries: Some(Deliveries::Require),
            exceptions: vec![account],
            today: today(),
        };
        let of_file = asked("").questions(&config);
        let [question] = of_file.as_slice() else { panic!("{of_file:?}") };
        assert_eq!((question.kind, question.mode), (Kind::Read, Mode::Union));
        assert_eq!(question.deliveries, Deliveries::Require);
        assert_eq!(question.exceptions, config.exceptions);
        let options = "--kind write --trails every --cloudtrail-deliveries ignore";
        let given = asked(options).questions(&config);
        let [question] = given.as_slice() else { panic!("{given:?}") };
        assert_eq!((question.kind, question.mode), (Kind::Write, Mode::Every));
        assert_eq!(question.deliveries, Deliveries::Ignore);
        assert_eq!(question.exceptions, config.exceptions);
    }
}
