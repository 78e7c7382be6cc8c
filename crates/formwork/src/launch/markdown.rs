//! Launch links as Markdown: a heading, a table and a command a branch.

use std::fmt::Write as _;

use super::{LaunchBranch, LaunchPage, LaunchRegion};

pub(super) fn render(
    page: &LaunchPage,
    branches: &[LaunchBranch],
    regions: &[LaunchRegion],
) -> String {
    let mut text = String::new();
    for (index, branch) in branches.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        let _ = write!(
            text,
            "## Deploy from the `{}` branch\n\n| Region name | Region code | Launch |\n|---|---|---|\n",
            branch.name
        );
        for region in regions {
            let url = page.link(branch, region).url;
            let _ =
                writeln!(text, "| {} | `{}` | [Launch Stack]({url}) |", region.name, region.code);
        }
        if let Some(region) = regions.first() {
            let command = page.command(branch, region);
            let _ = write!(
                text,
                "\nOr from a terminal, with the code of your region:\n\n```sh\n{command}\n```\n"
            );
        }
    }
    text
}
