//! `formwork-publish`: releases in S3 buckets. `cargo xtask publish` and its kin start it.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use formwork_publish::cli::Command;
use formwork_publish::failure::Failure;
use formwork_publish::place::Connection;
use formwork_publish::progress::{Lines, Progress, Quiet};
use formwork_publish::run::run;
use formwork_publish::s3::S3;
use formwork_publish::store::Store;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Releases of an assembly in S3 buckets or directories
#[derive(Parser)]
#[command(name = "formwork-publish", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// A bar with bytes, objects and the time that is left, on stderr.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let style = ProgressStyle::with_template(
            "  {prefix} {bar:28} {bytes}/{total_bytes}  {msg}  {bytes_per_sec}  {eta} left",
        );
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Bar(bar)
    }
}

impl Progress for Bar {
    fn begin(&self, place: &str, objects: usize, bytes: u64) {
        self.0.reset();
        self.0.set_length(bytes);
        self.0.set_prefix(place.to_owned());
        self.0.set_message(format!("{objects} objects"));
        self.0.set_draw_target(ProgressDrawTarget::stderr());
        self.0.enable_steady_tick(Duration::from_millis(100));
    }

    fn sent(&self, _: &str, bytes: u64) {
        self.0.inc(bytes);
    }

    fn end(&self) {
        self.0.finish_and_clear();
        self.0.set_draw_target(ProgressDrawTarget::hidden());
    }
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    let quiet = matches!(&command, Command::Publish(publish) if publish.quiet);
    let done = if quiet {
        run(&command, &open, &Quiet)
    } else if std::io::stderr().is_terminal() {
        run(&command, &open, &Bar::new())
    } else {
        run(&command, &open, &Lines)
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn open(connection: &Connection) -> Result<Box<dyn Store>, Failure> {
    Ok(Box::new(S3::open(connection)?))
}
