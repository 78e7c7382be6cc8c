//! `formwork-codegen`: writes `formwork-aws`, or with `--check` proves that it is current.

use std::path::Path;
use std::process::ExitCode;

use formwork_codegen::driver;

fn main() -> ExitCode {
    let mut check = false;
    for word in std::env::args().skip(1) {
        match word.as_str() {
            "--check" => check = true,
            other => {
                eprintln!("error: unknown argument `{other}`\nusage: formwork-codegen [--check]");
                return ExitCode::from(2);
            }
        }
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (target, work) = (here.join("../formwork-aws"), here.join("../../target/codegen"));
    match driver::run(&target, &work, check) {
        Ok(report) if check && !report.changed.is_empty() => {
            eprintln!("error: {}", driver::stale(&report.changed));
            ExitCode::FAILURE
        }
        Ok(report) => {
            let verb = if check { "differ" } else { "written" };
            println!("{}; {} files {verb}", report.counts, report.changed.len());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
