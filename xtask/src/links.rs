//! `cargo xtask launch-links`: prints the Launch Stack links, or proves those in documents current. It never changes a
//! document.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use formwork::launch::{LaunchBranch, LaunchFormat, LaunchRegion};
use formwork_publish::run::print;
use mlops_platform::launch::PAGE;

use crate::Failure;

#[derive(Args)]
#[command(after_help = known())]
pub(crate) struct Arguments {
    /// Only this branch; may be given several times
    #[arg(long, value_name = "BRANCH")]
    branch: Vec<String>,
    /// Only this region; may be given several times
    #[arg(long, value_name = "REGION")]
    region: Vec<String>,
    /// How the links are shown
    #[arg(long, value_enum, required_unless_present = "check", conflicts_with = "check")]
    format: Option<LinkFormat>,
    /// Print no links; fail and say what differs if those in this document are not current; may be given several
    /// times
    #[arg(long, value_name = "FILE")]
    check: Vec<PathBuf>,
}

/// The branches and regions that there are.
fn known() -> String {
    let branches = PAGE.branches.iter().map(|branch| branch.name).collect::<Vec<_>>();
    let regions = PAGE.regions.iter().map(|region| region.code).collect::<Vec<_>>();
    format!("Branches: {}\nRegions: {}", branches.join(", "), regions.join(", "))
}

#[derive(Clone, Copy, ValueEnum)]
enum LinkFormat {
    Rst,
    Markdown,
    Html,
    Json,
    /// Commands for a POSIX shell
    Shell,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (branches, regions) = PAGE.selected(&arguments.branch, &arguments.region)?;
    let format = match arguments.format {
        None => return check(&arguments.check, &branches, &regions),
        Some(LinkFormat::Rst) => LaunchFormat::Rst,
        Some(LinkFormat::Markdown) => LaunchFormat::Markdown,
        Some(LinkFormat::Html) => LaunchFormat::Html,
        Some(LinkFormat::Json) => LaunchFormat::Json,
        Some(LinkFormat::Shell) => LaunchFormat::Shell,
    };
    Ok(print(&PAGE.render(format, &branches, &regions))?)
}

/// Checks all documents, and says everything that is wrong in any of them at once.
fn check(
    files: &[PathBuf],
    branches: &[LaunchBranch],
    regions: &[LaunchRegion],
) -> Result<(), Failure> {
    let mut faults = Vec::new();
    for path in files {
        let file = path.display().to_string();
        let text = match read(path) {
            Ok(text) => text,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        match PAGE.check(&file, &text, branches, regions) {
            Ok(1) => println!("{file}: 1 link, current"),
            Ok(count) => println!("{file}: {count} links, all current"),
            Err(mut problems) => {
                let format = format_of(path);
                let hint =
                    format!("`cargo xtask launch-links --format {format}` prints the current ones");
                if let Some(last) = problems.0.last_mut() {
                    last.notes.push(hint);
                }
                faults.extend(problems.0.iter().map(ToString::to_string));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure(faults.join("\nerror: "))) }
}

fn read(path: &Path) -> Result<String, String> {
    let file = path.display();
    let bytes = std::fs::read(path).map_err(|error| format!("{file} cannot be read: {error}"))?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        format!("{file}:{line}: this is not UTF-8\n  give a text, such as reStructuredText or HTML")
    })
}

/// The format in which links go into a document, by the end of its name.
fn format_of(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("md" | "markdown") => "markdown",
        Some("html" | "htm") => "html",
        Some("json") => "json",
        _ => "rst",
    }
}
