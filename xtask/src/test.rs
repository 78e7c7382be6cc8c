//! `cargo xtask test`: everything that CI runs, as a list of steps with names.

use std::fs;
use std::time::Instant;

use clap::Args;

use crate::lint::{lint, python, templates};
use crate::run::{Codegen, cargo, codegen, finish, output, workspace};
use crate::{Failure, tidy};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Also the steps that take long
    #[arg(long)]
    full: bool,
    /// Only these steps
    #[arg(value_name = "STEP")]
    steps: Vec<String>,
}

/// A step: its name, what it proves, whether only `--full` runs it, and the step itself.
struct Step {
    name: &'static str,
    proves: &'static str,
    full: bool,
    run: fn() -> Result<(), Failure>,
}

const STEPS: &[Step] = &[
    Step { name: "format", proves: "the source is formatted", full: false, run: format },
    Step {
        name: "tidy",
        proves: "the house rules hold that no lint knows",
        full: false,
        run: tidy::run,
    },
    Step { name: "clippy", proves: "no lint has anything to say", full: false, run: clippy },
    Step {
        name: "codegen",
        proves: "the generated types are current",
        full: false,
        run: generated,
    },
    Step { name: "aws", proves: "every AWS type compiles", full: false, run: aws },
    Step { name: "rust", proves: "all tests of the workspace pass", full: false, run: rust },
    Step {
        name: "docs",
        proves: "the documentation builds without a broken link",
        full: false,
        run: docs,
    },
    Step { name: "same", proves: "the same source gives the same bytes", full: false, run: same },
    Step {
        name: "lint",
        proves: "cfn-lint finds nothing in any template",
        full: false,
        run: lints,
    },
    Step { name: "bench", proves: "the figures of ARCHITECTURE.md", full: true, run: bench },
];

/// What the library does only when asked to.
const FEATURES: &str = "--features=formwork/read,formwork/schema";

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
    if let Some(unknown) = arguments.steps.iter().find(|name| !names.contains(&name.as_str())) {
        return Err(Failure(format!(
            "there is no step `{unknown}`\n  there are: {}",
            names.join(", ")
        )));
    }
    let chosen = |step: &&Step| match &arguments.steps[..] {
        [] => arguments.full || !step.full,
        names => names.iter().any(|name| name == step.name),
    };
    let mut failed = Vec::new();
    let mut passed = 0;
    for step in STEPS.iter().filter(chosen) {
        eprintln!("== {}: {}", step.name, step.proves);
        let start = Instant::now();
        match (step.run)() {
            Ok(()) => {
                passed += 1;
                eprintln!("   passed in {:.0} s", start.elapsed().as_secs_f64());
            }
            Err(Failure(message)) => {
                eprintln!("   FAILED: {message}");
                failed.push(step.name);
            }
        }
    }
    println!("steps: {passed} passed, {} failed", failed.len());
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure(format!(
        "failed: {}\n  run one again with `cargo xtask test {}`",
        failed.join(", "),
        failed[0]
    )))
}

fn format() -> Result<(), Failure> {
    finish(&mut cargo(&["fmt", "--all", "--check"]))
}

fn clippy() -> Result<(), Failure> {
    finish(&mut cargo(&[
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]))
}

fn generated() -> Result<(), Failure> {
    codegen(&Codegen::checking())
}

fn aws() -> Result<(), Failure> {
    finish(&mut cargo(&["check", "--quiet", "--package", "formwork-aws", "--features", "all"]))
}

fn rust() -> Result<(), Failure> {
    let python = python()?;
    let mut command = cargo(&["test", "--quiet", "--workspace", FEATURES]);
    // Goldens are accepted by a person, never by a test run.
    command.env("INSTA_UPDATE", "no").env("FORMWORK_PYTHON", python);
    finish(&mut command)
}

fn docs() -> Result<(), Failure> {
    let mut command =
        cargo(&["doc", "--quiet", "--no-deps", "--workspace", "--exclude", "formwork-aws"]);
    finish(command.env("RUSTDOCFLAGS", "--deny warnings"))
}

/// Two runs into two directories, and the same once more in the directory that is there.
fn same() -> Result<(), Failure> {
    let target = workspace().join("target/same");
    let _ = fs::remove_dir_all(&target);
    let (first, second) = (target.join("first"), target.join("second"));
    for out in [&first, &second, &second] {
        let out = out.to_string_lossy();
        finish(&mut cargo(&["xtask", "synth", "--out", &out]))?;
    }
    let difference = output(std::process::Command::new("diff").arg("-r").arg(&first).arg(&second))?;
    if difference.1 { Ok(()) } else { Err(Failure(format!("two runs differ\n{}", difference.0))) }
}

fn lints() -> Result<(), Failure> {
    let platform = workspace().join("target/lint/platform");
    finish(&mut cargo(&["xtask", "synth", "--out", &platform.to_string_lossy()]))?;
    let mut files = templates(&platform)?;
    files.extend(templates(&workspace().join("examples/golden"))?);
    lint(&files)
}

fn bench() -> Result<(), Failure> {
    finish(&mut cargo(&["xtask", "bench"]))
}
