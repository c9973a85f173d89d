//! How output looks: the formats that each command writes, and colour.

use anstream::ColorChoice;
use clap::ValueEnum;

/// How answers of `audit` are written: every format there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerFormat {
    /// For people
    Text,
    /// The report as JSON (schemaVersion 1)
    Json,
    /// Findings for Security Hub CSPM: an array in the AWS Security Finding Format
    Asff,
    /// Findings for other tools: an array of OCSF Compliance Findings
    Ocsf,
    /// For spreadsheets
    Csv,
    /// A table in Markdown
    Markdown,
    /// A page of one file for the browser: totals, accounts and Regions, each with its evidence
    Html,
    /// SARIF 2.1.0, for code scanning: what is not COMPLIANT, at its file and line
    Sarif,
    /// Annotations of a GitHub Actions job, and its summary
    Github,
    /// A code quality report of GitLab
    Gitlab,
    /// JUnit's XML
    Junit,
}

/// How results of the other commands are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// The report as JSON (schemaVersion 1)
    Json,
}

/// How the rows of a table are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// For spreadsheets
    Csv,
}

/// When text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How results look.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct FormatArgs {
    /// How results are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    #[command(flatten)]
    color: ColorArgs,
}

impl FormatArgs {
    /// Whether text on standard output is coloured.
    pub(crate) fn is_coloured(self) -> bool {
        self.color.is_coloured()
    }
}

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct ColorArgs {
    /// When text is coloured
    #[arg(
        long,
        value_enum,
        value_name = "WHEN",
        default_value_t = Color::Auto,
        env = "TRAILPROOF_COLOR"
    )]
    color: Color,
}

impl ColorArgs {
    /// Whether text is coloured in a file, or on standard output: in a file only by request.
    pub(crate) fn is_coloured_in(self, is_file: bool) -> bool {
        match self.color {
            Color::Auto if is_file => false,
            Color::Auto | Color::Always | Color::Never => self.is_coloured(),
        }
    }

    /// Whether text on standard output is coloured.
    pub(crate) fn is_coloured(self) -> bool {
        let choice = match self.color {
            Color::Auto => anstream::AutoStream::choice(&std::io::stdout()),
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        !matches!(choice, ColorChoice::Never)
    }
}
