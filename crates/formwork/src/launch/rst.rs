//! Launch links as reStructuredText: a heading and a list table a branch, link targets below.

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
        let heading = format!("Deploy From The ``{}`` Branch", branch.name);
        let _ = writeln!(text, "{heading}\n{}\n", "^".repeat(heading.len()));
        text.push_str(
            "Click on the \"Launch Stack\" button below corresponding to your AWS region.\n\
             You may then be required to log into the target AWS account in which the\n\
             infrastructure will be deployed.\n\n\
             .. list-table::\n   :widths: 25 25 50\n   :header-rows: 1\n\n   \
             * - Region name\n     - Region code\n     - Launch\n",
        );
        for region in regions {
            let (name, code, label) = (region.name, region.code, label(branch, region));
            let _ = write!(text, "\n   * - {name}\n     - {code}\n     - |{label}|_\n");
        }
        for region in regions {
            let label = label(branch, region);
            let url = page.link(branch, region).url;
            let _ = write!(
                text,
                "\n.. |{label}| image:: images/cloudformation-launch-stack.png\n.. _{label}: {url}\n"
            );
        }
    }
    text
}

/// The name of a link: the region's code without its hyphens, and the branch's suffix.
fn label(branch: &LaunchBranch, region: &LaunchRegion) -> String {
    format!("{}{}", region.code.replace('-', ""), branch.suffix)
}
