//! `formwork-check`: says what would fail or is unwise about an assembly or a template. `cargo xtask check` starts it.
//!
//! The report goes to stdout, whatever its form. Exit codes: 0 no errors, 1 errors were found or there is no
//! engine for `--rules`, 2 a command line that does not parse.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use formwork::assembly::MANIFEST;
use formwork_check::cli::{Arguments, Format};
use formwork_check::report::Report;
use formwork_check::subject::Subject;
use formwork_check::{data, families, output, regions};

/// Says what would fail or is unwise about CloudFormation templates, before they are deployed
#[derive(Parser)]
#[command(name = "formwork-check")]
struct Cli {
    #[command(flatten)]
    arguments: Arguments,
}

fn main() -> ExitCode {
    let arguments = Cli::parse().arguments;
    if arguments.version {
        return print(&(data::version() + "\n"), ExitCode::SUCCESS);
    }
    let mut paths = arguments.files;
    if paths.is_empty() {
        let out = arguments.out.unwrap_or_else(|| PathBuf::from("out"));
        paths.push(out.join(MANIFEST));
    }
    if cfg!(not(feature = "guard")) && !arguments.rules.is_empty() {
        eprintln!(
            "error: this program was built without the engine of rule files: build it with `cargo build --package formwork-check \
             --features guard`, or use `cargo xtask check --rules`, which does"
        );
        return ExitCode::FAILURE;
    }
    let mut findings = Vec::new();
    let mut subject = Subject::read(&paths, &arguments.region, &mut findings);
    subject.read_cases(arguments.cases.as_deref(), &mut findings);
    families::check(&subject, &mut findings);
    #[cfg(feature = "guard")]
    if !arguments.rules.is_empty() {
        formwork_check::guard::hush();
        formwork_check::guard::check(&mut subject, &arguments.rules, &mut findings);
    }
    let mut report = Report::new(&subject, findings);
    if arguments.matrix {
        report = report.with_matrix(regions::matrix(&subject));
    }
    let styled = arguments.format == Format::Human
        && std::io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let code = if report.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    print(&output::write(arguments.format, &report, &subject, styled), code)
}

/// Prints to stdout; who has stopped reading has read enough.
fn print(text: &str, code: ExitCode) -> ExitCode {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => code,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => code,
        Err(error) => {
            eprintln!("error: the report cannot be written: {error}");
            ExitCode::FAILURE
        }
    }
}
