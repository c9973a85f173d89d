//! Arguments that several subcommands share.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use cis_lambda::parameters::{
    ALLOWED_UNLOGGED_BUCKETS, CLOUDTRAIL_DELIVERIES, EVENT_KINDS, REQUIRE_DELIVERY, TRAIL_MODE,
    TRUSTED_LOG_BUCKETS,
};
use cis_rules::question::{BucketName, Deliveries, Kind, Mode, Question};
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use serde_json::{Map, Value};

/// What is asked.
///
/// Other options conflict with this group. clap leaves a group empty whose struct flattens another
/// one, so every option stands here.
#[derive(Debug, clap::Args)]
pub(crate) struct QuestionArgs {
    /// Which events must be logged; may be repeated, one result per kind
    #[arg(
        long = "kind",
        value_name = "KIND",
        default_value = "write",
        value_delimiter = ',',
        value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::name))
            .try_map(|name| Kind::from_str(&name))
    )]
    kinds: Vec<Kind>,

    /// How trails combine: any (one trail logs everything by itself), union (all together), every
    /// (each one by itself)
    #[arg(
        long = "trails",
        value_name = "MODE",
        default_value = "any",
        value_parser = PossibleValuesParser::new(Mode::ALL.map(Mode::name))
            .try_map(|name| Mode::from_str(&name))
    )]
    mode: Mode,

    /// A bucket that may stay unlogged, by its exact name; may be repeated
    #[arg(long = "allow-unlogged", value_name = "BUCKET")]
    allow_unlogged: Vec<BucketName>,

    /// Whether CloudTrail's own deliveries of log files must be logged too: ignore, require
    #[arg(
        long = "cloudtrail-deliveries",
        value_name = "CHOICE",
        default_value = "ignore",
        value_parser = PossibleValuesParser::new(Deliveries::ALL.map(Deliveries::name))
            .try_map(|name| Deliveries::from_str(&name))
    )]
    deliveries: Deliveries,

    /// A bucket that a trail must deliver to in order to count, by its exact name; may be repeated
    /// (any bucket where it is not given)
    #[arg(long = "trusted-log-bucket", value_name = "BUCKET")]
    trusted_log_buckets: Vec<BucketName>,

    /// Count a trail only while its latest log file was delivered (LatestDeliveryError)
    #[arg(long)]
    require_delivery: bool,
}

impl QuestionArgs {
    /// The question as parameters of the rule: those that differ from the defaults.
    pub(crate) fn rule_parameters(&self) -> Map<String, Value> {
        let listed = |buckets: &[BucketName]| -> String {
            let names: Vec<&str> = buckets.iter().map(BucketName::as_str).collect();
            names.join(",")
        };
        // The rule knows one order of the kinds.
        let kinds: Vec<&str> = Kind::ALL
            .into_iter()
            .filter(|kind| self.kinds.contains(kind))
            .map(Kind::name)
            .collect();
        let given = [
            (EVENT_KINDS, kinds.join(",")),
            (TRAIL_MODE, self.mode.to_string()),
            (ALLOWED_UNLOGGED_BUCKETS, listed(&self.allow_unlogged)),
            (CLOUDTRAIL_DELIVERIES, self.deliveries.to_string()),
            (TRUSTED_LOG_BUCKETS, listed(&self.trusted_log_buckets)),
            (REQUIRE_DELIVERY, self.require_delivery.to_string()),
        ];
        let differing = given.into_iter().filter(|(parameter, value)| parameter.default != value);
        differing.map(|(parameter, value)| (parameter.name.to_string(), value.into())).collect()
    }

    /// One question per kind, in the order given, each kind once.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut kinds = Vec::new();
        for &kind in &self.kinds {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
            .into_iter()
            .map(|kind| Question {
                kind,
                mode: self.mode,
                allow_unlogged: self.allow_unlogged.clone(),
                deliveries: self.deliveries,
                trusted_log_buckets: self.trusted_log_buckets.clone(),
                require_delivery: self.require_delivery,
            })
            .collect()
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
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Cli {
        #[command(flatten)]
        question: QuestionArgs,
    }

    #[test]
    fn the_rule_is_asked_what_the_command_asks() {
        for (options, parameters) in [
            ("", 0),
            ("--kind read", 1),
            ("--kind write,read --trails union", 2),
            ("--allow-unlogged a-b --allow-unlogged c.d --require-delivery", 2),
            ("--cloudtrail-deliveries require --trusted-log-bucket logs", 2),
        ] {
            let options = format!("trailproof {options}");
            let question = Cli::try_parse_from(options.split_whitespace()).unwrap().question;
            let given = question.rule_parameters();
            assert_eq!(given.len(), parameters, "{options}: {given:?}");
            assert_eq!(
                Parameters::from_json(&given).unwrap().questions,
                question.questions(),
                "{options}"
            );
        }
    }
}
