//! Where answers go, and how each of them looks: one format on standard output or in a file, or several
//! at a time, each in a file of its own.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command, ValueEnum as _};

use crate::format::AnswerFormat;
use crate::outcome::Failure;
use cis_findings::near::nearest;

/// A value of `--format`: `sarif`, or `sarif=results.sarif`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    /// How answers are written.
    pub(super) format: AnswerFormat,
    /// The file that they are written to; standard output without one.
    pub(super) file: Option<PathBuf>,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let formats = AnswerFormat::value_variants();
        let names = || formats.iter().filter_map(|format| format.to_possible_value());
        let Ok(format) = AnswerFormat::from_str(name, true) else {
            let names: Vec<String> = names().map(|value| value.get_name().to_string()).collect();
            let meant = nearest(name, names.iter().map(String::as_str))
                .map_or_else(String::new, |meant| format!(": did you mean `{meant}`?"));
            return Err(format!("[possible values: {}]{meant}", names.join(", ")));
        };
        match file {
            Some(file) if file.as_os_str().is_empty() => {
                Err(format!("the file is missing after `{name}=`"))
            }
            file => Ok(Self { format, file }),
        }
    }
}

/// Reads a value of `--format`; shells complete the names of the formats.
#[derive(Clone, Copy, Debug)]
pub(super) struct OutputParser;

impl TypedValueParser for OutputParser {
    type Value = Output;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Output, clap::Error> {
        let parse: fn(&str) -> Result<Output, String> = Output::from_str;
        parse.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let formats = AnswerFormat::value_variants().iter();
        Some(Box::new(formats.filter_map(clap::ValueEnum::to_possible_value)))
    }
}

/// The outputs of a run: those of `--format`, the one without a file in that of `--output`.
///
/// # Errors
/// Where two are to go to the same place, or there is nothing for `--output`.
pub(super) fn of(given: &[Output], output: Option<&Path>) -> Result<Vec<Output>, Failure> {
    let mut outputs = given.to_vec();
    if outputs.is_empty() {
        outputs.push(Output { format: AnswerFormat::Text, file: None });
    }
    if let Some(file) = output {
        let mut without = outputs.iter_mut().filter(|output| output.file.is_none());
        match (without.next(), without.next()) {
            (Some(only), None) => only.file = Some(file.to_path_buf()),
            (None, _) => {
                return Err(Failure::Refused(
                    "`--output` is for a format without a file, and each `--format` has one"
                        .to_string(),
                ));
            }
            (Some(_), Some(_)) => return Err(several()),
        }
    }
    for (index, one) in outputs.iter().enumerate() {
        let is_same = |other: &Output| other.file == one.file;
        if outputs.iter().take(index).any(is_same) {
            return Err(match &one.file {
                None => several(),
                Some(file) => Failure::Refused(format!(
                    "two formats are to be written to `{}`: give each a file of its own",
                    file.display()
                )),
            });
        }
    }
    Ok(outputs)
}

fn several() -> Failure {
    Failure::Refused(
        "only one format can go to standard output: give the others a file, such as `--format \
         sarif=results.sarif`"
            .to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs(given: &[&str], output: Option<&str>) -> Result<Vec<String>, String> {
        let given: Vec<Output> = given.iter().map(|text| text.parse().unwrap()).collect();
        let outputs = of(&given, output.map(Path::new)).map_err(|error| error.to_string())?;
        let shown = |output: Output| {
            let file = output.file.map_or_else(|| "-".to_string(), |it| it.display().to_string());
            format!("{:?} {file}", output.format)
        };
        Ok(outputs.into_iter().map(shown).collect())
    }

    #[test]
    fn each_format_has_its_place() {
        assert_eq!(outputs(&[], None).unwrap(), ["Text -"]);
        assert_eq!(outputs(&["Json"], Some("a.json")).unwrap(), ["Json a.json"]);
        let both = ["text", "sarif=a=b.sarif"];
        assert_eq!(outputs(&both, None).unwrap(), ["Text -", "Sarif a=b.sarif"]);
        assert_eq!(outputs(&both, Some("t")).unwrap(), ["Text t", "Sarif a=b.sarif"]);
    }

    #[test]
    fn two_formats_in_one_place_are_refused() {
        assert!(outputs(&["text", "json"], None).unwrap_err().contains("only one format"));
        assert!(outputs(&["text", "json"], Some("x")).unwrap_err().contains("only one format"));
        assert!(outputs(&["csv=x", "json=x"], None).unwrap_err().contains("written to `x`"));
        assert!(outputs(&["csv=x"], Some("y")).unwrap_err().contains("each `--format` has one"));
    }

    #[test]
    fn a_misspelt_format_has_a_near_one() {
        let error = |text: &str| text.parse::<Output>().unwrap_err();
        assert!(error("sariff").ends_with("did you mean `sarif`?"), "{}", error("sariff"));
        assert!(
            error("yaml").starts_with("[possible values: text, json, asff"),
            "{}",
            error("yaml")
        );
        assert!(error("json=").contains("the file is missing"));
    }
}
