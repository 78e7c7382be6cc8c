//! `cargo xtask launch-links`: the tables of Launch Stack links.

use clap::{Args, ValueEnum};
use formwork::launch::LaunchFormat;
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
    #[arg(long, value_enum)]
    format: LinkFormat,
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
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (branches, regions) = PAGE.selected(&arguments.branch, &arguments.region)?;
    let format = match arguments.format {
        LinkFormat::Rst => LaunchFormat::Rst,
        LinkFormat::Markdown => LaunchFormat::Markdown,
        LinkFormat::Html => LaunchFormat::Html,
        LinkFormat::Json => LaunchFormat::Json,
    };
    print!("{}", PAGE.render(format, &branches, &regions));
    Ok(())
}
