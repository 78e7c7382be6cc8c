//! cfn-lint over rendered templates, in every region of the launch links; GitHub's schema over workflows.
//!
//! Both come from the Python package index, pinned in `tests/requirements.txt`, in a virtual environment under `target/`; so do
//! AWS's rule files, which only tests of the check run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mlops_platform::launch::REGIONS;

use crate::Failure;
use crate::run::{finish, output, workspace};

/// The Python that tests and lints run with.
pub(crate) fn python() -> Result<PathBuf, Failure> {
    environment("venv", &workspace().join("tests/requirements.txt"), &[])
}

/// The Python that has AWS's rules for Control Tower. Without what they depend on, the CDK: only their texts are read.
pub(crate) fn rules() -> Result<PathBuf, Failure> {
    environment("rules", &workspace().join("tests/requirements-rules.txt"), &["--no-deps"])
}

/// The Python of a virtual environment, made if it is not there or its requirements have changed.
pub(crate) fn environment(
    name: &str,
    requirements: &Path,
    options: &[&str],
) -> Result<PathBuf, Failure> {
    let venv = workspace().join("target").join(name);
    let python = venv.join("bin/python");
    let stamp = venv.join("requirements.txt");
    let wanted = fs::read_to_string(requirements)?;
    if python.exists() && fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    eprintln!("  making target/{name}");
    let _ = fs::remove_dir_all(&venv);
    finish(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet"]).args(options);
    install.arg("--requirement").arg(requirements);
    finish(install.stdin(Stdio::null()))?;
    // Written last: an installation that was stopped is made again.
    fs::write(stamp, wanted)?;
    Ok(python)
}

/// Runs cfn-lint over these files and fails if it says anything.
pub(crate) fn lint(files: &[PathBuf]) -> Result<(), Failure> {
    let cfn_lint = python()?.with_file_name("cfn-lint");
    let mut command = Command::new(cfn_lint);
    command.current_dir(workspace()).args(["--include-checks", "I", "--format", "parseable"]);
    command.arg("--regions").args(REGIONS.map(|region| region.code));
    command.arg("--template").args(files);
    let (said, clean) = output(&mut command)?;
    if clean && said.trim().is_empty() {
        eprintln!(
            "  cfn-lint: {} templates, {} regions, nothing found",
            files.len(),
            REGIONS.len()
        );
        return Ok(());
    }
    Err(Failure(format!("cfn-lint found something to say\n{}", said.trim_end())))
}

/// Holds the workflows against GitHub's schema, which check-jsonschema brings along. A customer's copy of the sources has none.
pub(crate) fn workflows() -> Result<(), Failure> {
    let Ok(directory) = fs::read_dir(workspace().join(".github/workflows")) else { return Ok(()) };
    let mut files =
        directory.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    files.sort();
    let check = python()?.with_file_name("check-jsonschema");
    let mut command = Command::new(check);
    command.args(["--builtin-schema", "vendor.github-workflows"]).args(&files);
    let (said, well_formed) = output(&mut command)?;
    if well_formed {
        eprintln!("  check-jsonschema: {} workflows, nothing found", files.len());
        return Ok(());
    }
    Err(Failure(format!("a workflow is not what GitHub reads\n{}", said.trim_end())))
}

/// The templates below a directory, sorted.
pub(crate) fn templates(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
