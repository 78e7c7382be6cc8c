//! The tests that come with the seeds, run as a data scientist runs them: on what is shipped, unpacked, with the packages that
//! the seed names.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use formwork::Stack;
use formwork::assembly::{Assembly, Settings};
use mlops_platform::products::seeds;

use crate::Failure;
use crate::lint::environment;
use crate::run::{finish, workspace};

/// Packs each of the four, unpacks it, runs its tests; and all lines of the code run in one of the four at least.
pub(crate) fn run() -> Result<(), Failure> {
    let packages = workspace().join("crates/mlops-platform/assets/seed/common/tests");
    let python = environment("venv-seeds", &packages.join("requirements.txt"), &[])?;
    let target = workspace().join("target/seeds");
    let _ = fs::remove_dir_all(&target);
    fs::create_dir_all(&target)?;
    // One place for all, so that what coverage says of them adds up.
    let place = target.join("seed");
    for (name, zip) in packed()? {
        let file = target.join(format!("{name}.zip"));
        fs::write(&file, zip)?;
        let _ = fs::remove_dir_all(&place);
        fs::create_dir_all(&place)?;
        finish(at(&place, &python).args(["-m", "zipfile", "-e"]).arg(file).arg("."))?;
        eprintln!("  {name}");
        let mut pytest = at(&place, &python);
        pytest.args(["-m", "pytest", "--quiet", "--cov", "--cov-append", "--cov-report="]);
        finish(pytest.env("COVERAGE_FILE", target.join("coverage")))?;
    }
    let mut report = at(&place, &python);
    report.args(["-m", "coverage", "report", "--skip-covered", "--fail-under=100"]);
    finish(report.env("COVERAGE_FILE", target.join("coverage")))
}

/// Python in a directory, which it leaves as it is.
fn at(place: &Path, python: &PathBuf) -> Command {
    let mut command = Command::new(python);
    command.arg("-B").current_dir(place);
    command
}

/// The four zips, by their names.
fn packed() -> Result<Vec<(&'static str, Vec<u8>)>, Failure> {
    const STACK: Stack<(), ()> = Stack::new("seeds", "The seeds, to be tested", |t, ()| {
        t.add("Nothing", formwork::Raw::new("AWS::CloudFormation::WaitConditionHandle"));
        for (problem, inference) in seeds::ALL {
            t.asset(seeds::asset(problem, inference));
        }
    });
    let assembly = Assembly::new().with(STACK.template());
    let synthesized = assembly.synth(Settings::default());
    let assets = synthesized.map_err(|problems| Failure(problems.to_string()))?.assets;
    Ok(assets.into_iter().map(|(_, packed)| (packed.name, packed.bytes)).collect())
}
