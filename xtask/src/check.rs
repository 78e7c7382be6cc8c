//! `cargo xtask check`: what would fail or is unwise, before anything is deployed.
//!
//! The program `formwork-check` is started with cargo, because its rules must not be linked whenever a stack is edited. It gets the
//! words of this command line; without a file or a directory the platform is synthesized first, and tried with the launches of
//! the workspace's own `check.toml`. The engine of rule files is built only for `--rules`.

use std::ffi::OsString;

use formwork_check::cli::Arguments;

use crate::run::{cargo, workspace};
use crate::{Failure, synth};

/// The launches that the platform is tried with.
const CASES: &str = "check.toml";

/// The profile of the program: it is run far more often than built.
pub(crate) const PROFILE: &str = "checker";

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut words: Vec<OsString> = std::env::args_os().skip(2).collect();
    if arguments.out.is_none() && arguments.files.is_empty() && !arguments.version {
        // In front: what follows a `--` would be a file.
        words.splice(0..0, ["--out".into(), synth::platform(true)?.into_os_string()]);
        if arguments.cases.is_none() {
            words.splice(0..0, ["--cases".into(), workspace().join(CASES).into_os_string()]);
        }
    }
    let needed = if arguments.rules.is_empty() { "libformwork_check" } else { "libcfn_guard" };
    if !is_built(needed) {
        eprintln!("  building the check: once, for a minute or two");
    }
    let mut command =
        cargo(&["run", "--quiet", "--profile", PROFILE, "--package", "formwork-check"]);
    if !arguments.rules.is_empty() {
        command.args(["--features", "guard"]);
    }
    // Paths are relative to where the person is.
    command.current_dir(std::env::current_dir()?).arg("--manifest-path");
    command.arg(workspace().join("Cargo.toml")).arg("--").args(words);
    let status = command.status()?;
    // What is wrong has been said.
    if status.success() { Ok(()) } else { Err(Failure(String::new())) }
}

/// Whether a library of the program has been built: cargo is asked to be quiet, and this takes long.
fn is_built(library: &str) -> bool {
    let built = std::fs::read_dir(workspace().join("target").join(PROFILE).join("deps"));
    built
        .into_iter()
        .flatten()
        .flatten()
        .any(|it| it.file_name().to_string_lossy().starts_with(library))
}
