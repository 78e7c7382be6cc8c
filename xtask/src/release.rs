//! `cargo xtask publish`, `verify`, `releases`, `rollback`, `prune`: what has to do with releases.
//!
//! Directories are dealt with in here; for buckets the program `formwork-publish` is started with cargo, because an S3 client must
//! not be linked whenever a stack is edited. Both get the words of this command line, and behind them what only the platform knows.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command as Process;

use clap::Parser;
use formwork_publish::cli::Command;
use formwork_publish::failure::Failure as Refused;
use formwork_publish::progress::{Lines, Progress, Quiet};
use formwork_publish::run::run as run_here;
use mlops_platform::launch::PAGE;

use crate::run::{cargo, workspace};
use crate::{Failure, synth};

/// The words of a command line once more, with what was added to them.
#[derive(Parser)]
struct Words {
    #[command(subcommand)]
    command: Command,
}

pub(crate) fn run(command: &Command) -> Result<(), Failure> {
    let mut words: Vec<OsString> = std::env::args_os().skip(1).collect();
    let mut add =
        |flag: &str, value: &Path| words.extend([flag.into(), value.as_os_str().to_owned()]);
    let bucket = branch_bucket(command)?;
    if let (Some(bucket), None, None) = (bucket, &command.server().bucket, command.directory()) {
        add("--bucket", Path::new(bucket));
    }
    match command {
        Command::Publish(publish) if publish.out.is_none() => {
            add("--out", &synth::platform(publish.quiet)?);
            if publish.commit.is_none() {
                words.extend(head());
            }
        }
        Command::Publish(_) => {}
        _ if command.template().is_none() => add("--template", Path::new(PAGE.template)),
        _ => {}
    }
    if command.directory().is_some() { here(words) } else { start(words) }
}

/// The bucket of the branch that is named.
fn branch_bucket(command: &Command) -> Result<Option<&'static str>, Failure> {
    let Some(name) = command.branch() else { return Ok(None) };
    let (branches, _) = PAGE.selected(&[name.to_owned()], &[])?;
    Ok(branches.first().map(|branch| branch.bucket))
}

/// The commit that is checked out, and whether something has changed since, as words.
fn head() -> Vec<OsString> {
    let git = |words: &[&str]| {
        let output = Process::new("git").args(words).current_dir(workspace()).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    let Some(commit) = git(&["rev-parse", "HEAD"]) else { return Vec::new() };
    let mut words = vec!["--commit".into(), commit.into()];
    if git(&["status", "--porcelain"]).is_none_or(|changes| !changes.is_empty()) {
        words.push("--dirty".into());
    }
    words
}

fn here(words: Vec<OsString>) -> Result<(), Failure> {
    let command = Words::parse_from(std::iter::once("cargo xtask".into()).chain(words)).command;
    let quiet = matches!(&command, Command::Publish(publish) if publish.quiet);
    let progress: &dyn Progress = if quiet { &Quiet } else { &Lines };
    let no_bucket = |_: &_| Err(Refused::one("a bucket needs the program `formwork-publish`"));
    Ok(run_here(&command, &no_bucket, progress)?)
}

/// Starts the program with the S3 client.
fn start(words: Vec<OsString>) -> Result<(), Failure> {
    let mut command = cargo(&["run", "--package", "formwork-publish", "--features", "s3"]);
    // Cargo puts it beside this program.
    let built = std::env::current_exe().map(|here| here.with_file_name("formwork-publish"));
    if built.is_ok_and(|built| built.exists()) {
        command.arg("--quiet");
    } else {
        eprintln!("building the program with the S3 client: some minutes, once");
    }
    // Paths are relative to where the person is.
    command.current_dir(std::env::current_dir()?).arg("--manifest-path");
    command.arg(workspace().join("Cargo.toml")).arg("--").args(words);
    let status = command.status()?;
    // What went wrong has been said.
    if status.success() { Ok(()) } else { Err(Failure(String::new())) }
}
