//! `cargo xtask bucket-template`: the template of the stack in which a publisher makes the bucket of a branch and the role that
//! publishes into it.
//!
//! It prints or writes that one file. It never talks to AWS: a person launches the stack.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use formwork::assembly::Settings;
use formwork::launch::LaunchBranch;
use formwork::render::Format;
use formwork_publish::run::print;
use mlops_platform::launch::PAGE;

use crate::Failure;
use crate::synth::TemplateFormat;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Branch that is released into the bucket
    #[arg(long, value_name = "BRANCH")]
    branch: String,
    /// Format of the template
    #[arg(long, value_enum, default_value_t = TemplateFormat::Yaml)]
    format: TemplateFormat,
    /// File to write to [default: stdout]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (branches, _) = PAGE.selected(std::slice::from_ref(&arguments.branch), &[])?;
    let format = arguments.format.into();
    let text: String =
        branches.iter().map(|branch| template(branch, format)).collect::<Result<_, _>>()?;
    let Some(file) = &arguments.out else {
        return Ok(print(&text)?);
    };
    fs::write(file, text)
        .map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
    eprintln!("  wrote   {}", file.display());
    Ok(())
}

/// Writes the template of every branch into a directory, for cfn-lint.
pub(crate) fn write_all(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    fs::create_dir_all(directory)?;
    let mut files = Vec::new();
    for branch in PAGE.branches {
        let file = directory.join(format!("{}.yaml", branch.name));
        fs::write(&file, template(branch, Format::Yaml)?)?;
        files.push(file);
    }
    Ok(files)
}

fn template(branch: &LaunchBranch, format: Format) -> Result<String, Failure> {
    let assembly = mlops_platform::release_bucket(branch);
    let synthesized = assembly.synth(Settings { format, ..Settings::default() })?;
    Ok(synthesized.templates.into_iter().map(|template| template.text).collect())
}
