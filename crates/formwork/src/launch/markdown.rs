//! Launch links as Markdown: a heading and a table a branch.

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
    }
    text
}
