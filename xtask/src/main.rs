//! `cargo xtask`: the project's own commands.
//!
//! This program is thin. It links the language and the platform, because synthesizing must never wait for a
//! linker; everything heavy is a program of its own that is started with cargo. Exit codes: 0 done, 1 the
//! input or the world is at fault, 2 a command line that does not parse.

mod bench;
mod bucket;
mod check;
mod graph;
mod links;
mod lint;
mod release;
mod run;
mod seeds;
mod synth;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Commands of the Formwork workspace
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the platform's assembly: templates, assets and manifest
    Synth(synth::Arguments),
    /// Say what would fail or is unwise, of the platform or of any template
    Check(formwork_check::cli::Arguments),
    /// Print the Launch Stack tables
    LaunchLinks(links::Arguments),
    #[command(flatten)]
    Release(formwork_publish::cli::Command),
    /// Print the template of a branch's release bucket and of the role that publishes into it
    BucketTemplate(bucket::Arguments),
    /// Draw the stacks: what they hold, and what they give to each other
    Graph(graph::Arguments),
    /// Regenerate `formwork-aws` and the data of `formwork-check` from the registry schemas, or prove that they are current
    Codegen(run::Codegen),
    /// Run everything that CI runs
    Test(test::Arguments),
    /// Measure what `ARCHITECTURE.md` promises
    Bench(bench::Arguments),
}

/// Why a command did not do what it was asked: a message for a person.
pub(crate) struct Failure(String);

impl<E: std::fmt::Display> From<E> for Failure {
    fn from(error: E) -> Self {
        // The problems of a run have one more form, in which each is an error of its own.
        Failure(format!("{error:#}"))
    }
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Synth(arguments) => synth::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::LaunchLinks(arguments) => links::run(&arguments),
        Command::Release(command) => release::run(&command),
        Command::BucketTemplate(arguments) => bucket::run(&arguments),
        Command::Graph(arguments) => graph::run(&arguments),
        Command::Codegen(arguments) => run::codegen(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Another program has said it.
        Err(Failure(message)) if message.is_empty() => ExitCode::FAILURE,
        Err(Failure(message)) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
