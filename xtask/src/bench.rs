//! `cargo xtask bench`: the figures that `ARCHITECTURE.md` gives, measured on this machine.
//!
//! Times are noisy; what holds is a comparison within one run. Nothing here fails because a figure is missed: it is
//! printed beside what should be reached.

use std::fs;
use std::path::Path;
use std::process::Command;

use clap::Args;

use crate::Failure;
use crate::check::PROFILE;
use crate::lint::python;
use crate::run::{cargo, output, workspace};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Also the figures that build from nothing, which take minutes
    #[arg(long)]
    cold: bool,
}

/// What a command took.
struct Measured {
    wall: f64,
    cpu: f64,
    mib: f64,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    println!("{:<58} {:>9} {:>9} {:>9}   reach", "", "wall s", "CPU s", "peak MiB");
    many_stacks()?;
    synth_unchanged()?;
    synth_edited()?;
    checks()?;
    if arguments.cold {
        aws_cold()?;
        first_synth()?;
    } else {
        println!("(cold builds: `cargo xtask bench --cold`)");
    }
    transfer()?;
    println!("a template of 500 resources in memory, checked and rendered (reach: 3 ms):");
    let (table, _) =
        output(&mut cargo(&["bench", "--quiet", "--package", "formwork", "--bench", "render"]))?;
    print!("{table}");
    Ok(())
}

/// The program that cargo makes of a target.
fn program(build: &[&str], target: &str) -> Result<String, Failure> {
    let (messages, _) =
        output(&mut cargo(&[build, &["--quiet", "--message-format=json"]].concat()))?;
    let named = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == target)
        .find_map(|message| message["executable"].as_str().map(str::to_owned));
    Ok(named.ok_or(format!("cargo named no program for `{target}`"))?)
}

fn many_stacks() -> Result<(), Failure> {
    let build = ["bench", "--package", "formwork", "--bench", "many", "--no-run"];
    let program = program(&build, "many")?;
    let of = |stacks: &str| measure(Command::new(&program).arg(stacks));
    let (ten, hundred) = (of("10")?, of("100")?);
    row("10 stacks of 500 resources, one program", &ten, "");
    row("100 stacks of 500 resources, one program", &hundred, "0.3 CPU s, 100 MiB");
    println!("  10 x the resources took {:.1} x the CPU time (reach: 11)", hundred.cpu / ten.cpu);
    Ok(())
}

fn synth_unchanged() -> Result<(), Failure> {
    let out = workspace().join("target/bench/out").to_string_lossy().into_owned();
    measure(&mut cargo(&["xtask", "synth", "--out", &out]))?;
    let again = measure(&mut cargo(&["xtask", "synth", "--out", &out]))?;
    row("cargo xtask synth, nothing changed", &again, "0.3 s");
    Ok(())
}

/// A line of a stack edited. The file is put back as it was, whatever happens.
fn synth_edited() -> Result<(), Failure> {
    let file = workspace().join("crates/mlops-platform/src/stacks/stackset_admin_role.rs");
    let out = workspace().join("target/bench/out").to_string_lossy().into_owned();
    let before = fs::read_to_string(&file)?;
    let edited = before.replacen("administers the stack sets", "looks after the stack sets", 1);
    fs::write(&file, edited)?;
    let took = measure(&mut cargo(&["xtask", "synth", "--out", &out]));
    fs::write(&file, before)?;
    row("one line of a stack edited, cargo xtask synth", &took?, "2 s");
    measure(&mut cargo(&["xtask", "synth", "--out", &out]))?;
    Ok(())
}

/// The check as people start it. The synthesized platform is there already.
fn checks() -> Result<(), Failure> {
    let program =
        program(&["build", "--profile", PROFILE, "--package", "formwork-check"], "formwork-check")?;
    let folder = workspace().join("target/bench");
    let (empty, large) = (folder.join("empty.yaml"), folder.join("large.yaml"));
    fs::write(&empty, "Resources:\n  T: {Type: AWS::SNS::Topic}\n")?;
    fs::write(&large, resources(500))?;
    let of = |words: &[&std::ffi::OsStr]| median(Command::new(&program).args(words));
    row("formwork-check --version", &of(&["--version".as_ref()])?, "0.15 s");
    row("the check of one resource", &of(&[empty.as_os_str()])?, "");
    row("the check of 500 resources, one region", &of(&[large.as_os_str()])?, "0.06 s more");
    let platform = folder.join("out");
    let words = ["--out".as_ref(), platform.as_os_str()];
    row("the check of the platform, 13 regions", &of(&words)?, "1 s, 300 MiB");
    let with_guard =
        ["build", "--profile", PROFILE, "--package", "formwork-check", "--features", "guard"];
    self::program(&with_guard, "formwork-check")?;
    let rules = workspace().join("guard");
    let words = [&words[..], &["--rules".as_ref(), rules.as_os_str()]].concat();
    row("the same with the baseline's rule files", &of(&words)?, "4 s");
    Ok(())
}

/// A template with so many resources of four types, with conditions and functions.
fn resources(count: usize) -> String {
    let mut text = "Parameters:\n  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}\nConditions:\n  IsProd: !Equals [!Ref Stage, prod]\nResources:\n".to_owned();
    for at in 0..count {
        let resource = match at % 4 {
            0 => format!("AWS::S3::Bucket, Properties: {{BucketName: !Sub '${{Stage}}-bucket-{at}', VersioningConfiguration: !If [IsProd, {{Status: Enabled}}, {{Status: Suspended}}]}}"),
            1 => "AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}}".to_owned(),
            2 => format!("AWS::Lambda::Function, Properties: {{Role: !GetAtt R{}.Arn, Runtime: python3.13, Handler: a.b, MemorySize: 256, Code: {{S3Bucket: abc, S3Key: k}}, Environment: {{Variables: {{AB: !Ref Stage}}}}}}", at - 1),
            _ => "AWS::EC2::Instance, Properties: {InstanceType: t3.micro, ImageId: ami-12345678}".to_owned(),
        };
        text.extend(["  R", &at.to_string(), ": {Type: ", &resource, "}\n"]);
    }
    text
}

/// How fast a release gets into a bucket, with the program that people use.
fn transfer() -> Result<(), Failure> {
    let out = workspace().join("target/bench/out");
    let mut command = cargo(&["bench", "--quiet", "--profile", "dev", "--features", "s3"]);
    command.args(["--package", "formwork-publish", "--bench", "transfer"]);
    command.env("FORMWORK_PYTHON", python()?).env("FORMWORK_ASSEMBLY", out);
    let (table, done) = output(&mut command)?;
    print!("{table}");
    if done { Ok(()) } else { Err(Failure("the transfer could not be measured".to_owned())) }
}

fn aws_cold() -> Result<(), Failure> {
    let target = workspace().join("target/bench/aws");
    let took = cold(&target, &["build", "--package", "formwork-aws", "--features", "all"])?;
    row("cargo build -p formwork-aws --features all, cold", &took, "40 CPU s, 2.5 GiB");
    Ok(())
}

fn first_synth() -> Result<(), Failure> {
    let target = workspace().join("target/bench/first");
    let took = cold(&target, &["xtask", "synth", "--out", &target.join("out").to_string_lossy()])?;
    row("the first cargo xtask synth on a fresh machine", &took, "60 CPU s");
    Ok(())
}

/// A build into an empty directory; crates are downloaded already.
fn cold(target: &Path, arguments: &[&str]) -> Result<Measured, Failure> {
    let _ = fs::remove_dir_all(target);
    let took = measure(cargo(arguments).env("CARGO_TARGET_DIR", target));
    let _ = fs::remove_dir_all(target);
    took
}

/// Runs a command under `tests/measure.py`, which asks the operating system what it and its children took.
fn measure(command: &mut Command) -> Result<Measured, Failure> {
    let mut measured = Command::new("python3");
    measured.arg(workspace().join("tests/measure.py")).arg(command.get_program());
    measured.args(command.get_args()).current_dir(workspace());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            measured.env(name, value);
        }
    }
    let (said, _) = output(&mut measured)?;
    let took: serde_json::Value = serde_json::from_str(&said)?;
    let number = |name: &str| took[name].as_f64().unwrap_or(f64::NAN);
    if took["code"] != 0 {
        return Err(Failure(format!("a measured command failed: {command:?}")));
    }
    Ok(Measured { wall: number("wall"), cpu: number("cpu"), mib: number("mib") })
}

/// The middle one of eleven runs, by the time that they took.
fn median(command: &mut Command) -> Result<Measured, Failure> {
    let mut runs = (0..11).map(|_| measure(command)).collect::<Result<Vec<_>, _>>()?;
    runs.sort_by(|a, b| a.wall.total_cmp(&b.wall));
    Ok(runs.swap_remove(5))
}

fn row(what: &str, took: &Measured, reach: &str) {
    println!("{what:<58} {:>9.3} {:>9.3} {:>9.0}   {reach}", took.wall, took.cpu, took.mib);
}
