//! `formwork-codegen`: writes `formwork-aws` and the data of `formwork-check`, or with `--check` proves that
//! they are current.

use std::path::Path;
use std::process::ExitCode;

use formwork_codegen::{driver, packed};

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
    let data = here.join("../formwork-check/data");
    let done = driver::run(&target, &work, check).and_then(|mut report| {
        let packed = packed::run(&data, &work, check)?;
        report.changed.extend(packed.into_iter().map(|name| format!("formwork-check/data/{name}")));
        Ok(report)
    });
    match done {
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
