//! `cargo xtask test`: everything that CI runs, as a list of steps with names.

use std::fs;
use std::process::Command;
use std::time::Instant;

use clap::Args;

use crate::lint::{lint, python, rules, templates, workflows};
use crate::run::{Codegen, cargo, codegen, finish, output, workspace};
use crate::{Failure, bucket, seeds, tidy};

#[derive(Args)]
#[command(after_help = steps())]
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

const fn step(name: &'static str, proves: &'static str, run: fn() -> Result<(), Failure>) -> Step {
    Step { name, proves, full: false, run }
}

/// The order is that of the time they take: what fails fast comes first.
const STEPS: &[Step] = &[
    step("format", "the source is formatted", format),
    step("tidy", "the house rules hold that no lint knows", tidy::run),
    step("python", "handlers and scripts are tested, linted and formatted", handlers),
    step("seeds", "the code that projects begin with works, in all four kinds", seeds::run),
    step("clippy", "no lint has anything to say", clippy),
    step("codegen", "the generated types are current", generated),
    step("rust", "all tests of the workspace pass", rust),
    step("same", "the same source gives the same bytes", same),
    step(
        "lint",
        "cfn-lint finds nothing in any template, and GitHub would read every workflow",
        lints,
    ),
    step(
        "check",
        "nothing that can be known before a deployment stands in its way, and the baseline in guard/ is met",
        checked,
    ),
    step("docs", "the documentation builds without a broken link", docs),
    step("aws", "every AWS type compiles", aws),
    Step {
        full: true,
        ..step("hostile", "templates made to take long end within ten seconds and 1 GB", hostile)
    },
    Step { full: true, ..step("bench", "the figures of ARCHITECTURE.md can be measured", bench) },
];

fn steps() -> String {
    let line = |step: &Step| {
        let only = if step.full { " (only with --full, or by its name)" } else { "" };
        format!("\n  {:<8} {}{only}", step.name, step.proves)
    };
    format!("Steps:{}", STEPS.iter().map(line).collect::<String>())
}

/// What the library does only when asked to.
const FEATURES: &str = "--features=formwork/read,formwork/schema,formwork-check/guard,formwork-check/schema,formwork-publish/s3,formwork-publish/schema";

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
        FEATURES,
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
    command.env("FORMWORK_RULES", rules()?);
    finish(&mut command)
}

/// Every line of the handlers runs; the configuration fails below that.
fn handlers() -> Result<(), Failure> {
    let python = python()?;
    let assets = "crates/mlops-platform/assets";
    let config = format!("--cov-config={assets}/pyproject.toml");
    let mut pytest = Command::new(&python);
    pytest.args(["-B", "-m", "pytest", "--quiet", "--cov", &config, assets]);
    finish(pytest.current_dir(workspace()))?;
    for words in [&["check", "--quiet"][..], &["format", "--check", "--quiet"]] {
        let mut ruff = Command::new(python.with_file_name("ruff"));
        finish(ruff.args(words).arg(assets).current_dir(workspace()))?;
    }
    Ok(())
}

fn checked() -> Result<(), Failure> {
    let platform = workspace().join("target/check");
    let platform = platform.to_string_lossy();
    finish(&mut cargo(&["xtask", "synth", "--out", &platform]))?;
    finish(&mut cargo(&["xtask", "check", "--out", &platform, "--rules", "guard"]))
}

fn docs() -> Result<(), Failure> {
    let mut command = cargo(&[
        "doc",
        "--quiet",
        "--no-deps",
        "--workspace",
        "--exclude",
        "formwork-aws",
        FEATURES,
    ]);
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
    let difference = output(Command::new("diff").arg("-r").arg(&first).arg(&second))?;
    if difference.1 { Ok(()) } else { Err(Failure(format!("two runs differ\n{}", difference.0))) }
}

fn lints() -> Result<(), Failure> {
    let platform = workspace().join("target/lint/platform");
    finish(&mut cargo(&["xtask", "synth", "--out", &platform.to_string_lossy()]))?;
    let mut files = templates(&platform)?;
    files.extend(templates(&workspace().join("examples/golden"))?);
    files.extend(bucket::write_all(&workspace().join("target/lint/bucket"))?);
    lint(&files)?;
    workflows()
}

/// What the tests of each run do with a tenth, with all that is read at most.
fn hostile() -> Result<(), Failure> {
    finish(&mut cargo(&[
        "test",
        "--quiet",
        "--package",
        "formwork-check",
        "--test",
        "hostile",
        "--",
        "--ignored",
    ]))
}

fn bench() -> Result<(), Failure> {
    finish(&mut cargo(&["xtask", "bench"]))
}
