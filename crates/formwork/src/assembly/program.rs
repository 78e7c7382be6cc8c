//! The whole `main` of a program that is one assembly.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{Assembly, Settings, Written};

/// The `main` of a program that is one assembly: writes it to the directory that the command line names, `out` if
/// it names none, and says on the standard error what was written, or everything that is wrong.
///
/// The exit code is 0 if it was written, 1 if it was not, 2 if the command line is anything but one directory.
///
/// ```no_run
/// use std::process::ExitCode;
///
/// use formwork::assembly::{run, Assembly};
///
/// pub fn assembly() -> Assembly {
///     Assembly::new()
/// }
///
/// fn main() -> ExitCode {
///     run(&assembly())
/// }
/// ```
#[must_use]
pub fn run(assembly: &Assembly) -> ExitCode {
    let mut arguments = std::env::args_os();
    let program = arguments.next().unwrap_or_default();
    let directory = arguments.next().map_or_else(|| PathBuf::from("out"), PathBuf::from);
    let option = directory.as_os_str().as_encoded_bytes().starts_with(b"-");
    if option || arguments.next().is_some() {
        eprintln!("usage: {} [DIRECTORY, else `out`]", program.display());
        return ExitCode::from(2);
    }
    match write_to(&directory, assembly) {
        Ok(written) => {
            let path = |file: &String| directory.join(file).display().to_string();
            written.changed.iter().for_each(|file| eprintln!("wrote {}", path(file)));
            written.unchanged.iter().for_each(|file| eprintln!("unchanged {}", path(file)));
            written.removed.iter().for_each(|file| eprintln!("removed {}", path(file)));
            ExitCode::SUCCESS
        }
        Err(problems) => {
            eprintln!("error: {problems:#}");
            ExitCode::FAILURE
        }
    }
}

fn write_to(directory: &Path, assembly: &Assembly) -> Result<Written, Box<dyn std::error::Error>> {
    Ok(assembly.synth(Settings::default())?.write(directory)?)
}
