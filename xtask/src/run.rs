//! Starts other programs: cargo, Python, the generator. Their output goes to the user as it comes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use crate::Failure;

/// The workspace's directory.
pub(crate) fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// A cargo command in the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(workspace()).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub(crate) fn finish(command: &mut Command) -> Result<(), Failure> {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure(format!("`{}` failed ({status})", shown(command))))
    }
}

/// Runs a command to its end and gives what it printed to stdout; stderr goes to the user.
pub(crate) fn output(command: &mut Command) -> Result<(String, bool), Failure> {
    let done =
        command.stderr(Stdio::inherit()).output().map_err(|error| cannot_start(command, &error))?;
    Ok((String::from_utf8_lossy(&done.stdout).into_owned(), done.status.success()))
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    Failure(format!("`{}` cannot be started: {error}", shown(command)))
}

/// The command as a person would type it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[derive(Args)]
pub(crate) struct Codegen {
    /// Write nothing; fail and say what differs if the generated code is not current
    #[arg(long)]
    check: bool,
}

/// Starts the generator.
pub(crate) fn codegen(arguments: &Codegen) -> Result<(), Failure> {
    let mut command =
        cargo(&["run", "--quiet", "--release", "--package", "formwork-codegen", "--"]);
    if arguments.check {
        command.arg("--check");
    }
    finish(&mut command)
}

impl Codegen {
    /// The arguments of `codegen --check`.
    pub(crate) const fn checking() -> Self {
        Codegen { check: true }
    }
}
