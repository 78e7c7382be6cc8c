//! The command line, for this crate's program and for `cargo xtask check`, which hands it on.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What to check, and how to say what was found.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Check the assembly in this directory
    #[arg(long, value_name = "DIR", conflicts_with = "files")]
    pub out: Option<PathBuf>,
    /// How to say what was found
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Check for this region; may be given several times, or with commas [default: those that the assembly is launched in, else us-east-1]
    #[arg(long, value_name = "REGION", value_parser = region, value_delimiter = ',')]
    pub region: Vec<String>,
    /// Also say which resource types are in which region
    #[arg(long)]
    pub matrix: bool,
    /// Run these rules of CloudFormation Guard as well: a file, or all `*.guard` below a directory; may be given several times
    #[arg(long, value_name = "FILE|DIR")]
    pub rules: Vec<PathBuf>,
    /// Try the launches of this file [default: `check.toml` where the check runs, if it is there]
    #[arg(long, value_name = "FILE")]
    pub cases: Option<PathBuf>,
    /// Say which version this is, and of which day its data are
    #[arg(long)]
    pub version: bool,
    /// Check these templates, YAML or JSON
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// How to say what was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, with excerpts of the source
    #[default]
    Human,
    /// JSON, as `report.schema.json` says
    Json,
    /// SARIF 2.1.0, which GitHub reads
    Sarif,
}

/// A region's code, such as `eu-central-1` or `us-gov-west-1`.
fn region(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let is_word =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    match parts.as_slice() {
        [words @ .., number]
            if words.len() >= 2
                && words.iter().all(is_word)
                && !number.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            Ok(text.to_owned())
        }
        _ => Err("a region is written such as `eu-central-1`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::region;

    #[test]
    fn regions_have_a_form() {
        for good in ["us-east-1", "us-gov-west-1", "ap-southeast-12", "eusc-de-east-1"] {
            assert!(region(good).is_ok(), "{good}");
        }
        for bad in ["", "us-east", "us-1", "US-EAST-1", "us--1", "us-east-1a", "eu_west_1"] {
            assert!(region(bad).is_err(), "{bad}");
        }
    }
}
