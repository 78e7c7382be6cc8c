//! Launch Stack links: the URLs that open CloudFormation's quick-create page with a template and parameters
//! filled in, and the tables that show them.
//!
//! A [`LaunchPage`] is data; this module writes it as reStructuredText, Markdown, HTML, JSON or commands for a shell,
//! and tells whether the links in a document are current. It knows no platform: regions, branches and parameters are
//! the caller's. It never opens a link or a file.

mod check;
mod command;
mod found;
mod html;
mod markdown;
mod rst;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use serde::Serialize;

use crate::nearest::nearest;
use crate::problem::{Problem, Problems};

/// A region that a stack can be launched in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LaunchRegion {
    /// What people call it, such as `EU (Frankfurt)`.
    pub name: &'static str,
    /// Its code, such as `eu-central-1`.
    pub code: &'static str,
}

/// A branch that is released into a bucket of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LaunchBranch {
    /// The branch's name.
    pub name: &'static str,
    /// The bucket that its release is in.
    pub bucket: &'static str,
    /// What the names of its links end in, so that two tables can stand in one document.
    pub suffix: &'static str,
    /// The parameters that its links fill in, in order.
    pub parameters: &'static [(&'static str, &'static str)],
}

/// Everything that launch links are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LaunchPage {
    /// The branches, in the order of their tables.
    pub branches: &'static [LaunchBranch],
    /// The regions, in the order of the rows.
    pub regions: &'static [LaunchRegion],
    /// The key of the template in each bucket.
    pub template: &'static str,
    /// The name that the stack gets.
    pub stack_name: &'static str,
    /// What a launch must acknowledge, nested stacks included: `CAPABILITY_NAMED_IAM` and the like.
    pub capabilities: &'static [&'static str],
}

/// One link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LaunchLink {
    /// The branch's name.
    pub branch: &'static str,
    /// The region's code.
    pub region: &'static str,
    /// What people call the region.
    pub name: &'static str,
    /// The link.
    pub url: String,
    /// Where the template is.
    pub template_url: String,
    /// The command that does in a terminal what the link does.
    pub command: String,
}

/// How links are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaunchFormat {
    /// reStructuredText: list tables, with named link targets below.
    Rst,
    /// Markdown: a table a branch, with a command below.
    Markdown,
    /// A whole page of HTML that needs no script.
    Html,
    /// An array of `{"branch", "region", "name", "url", "template_url", "command"}`.
    Json,
    /// The commands for a POSIX shell, each below a comment.
    Shell,
}

impl LaunchPage {
    /// The branches and regions that are asked for; all where none is.
    ///
    /// # Errors
    /// Every name that there is not, with the nearest that there is.
    pub fn selected(
        &self,
        branches: &[String],
        regions: &[String],
    ) -> Result<(Vec<LaunchBranch>, Vec<LaunchRegion>), Problems> {
        let branch_names: Vec<&str> = self.branches.iter().map(|branch| branch.name).collect();
        let codes: Vec<&str> = self.regions.iter().map(|region| region.code).collect();
        let mut problems = unknown("branch", branches, &branch_names);
        problems.extend(unknown("region", regions, &codes));
        if !problems.is_empty() {
            return Err(Problems(problems));
        }
        let wanted =
            |names: &[String], name: &str| names.is_empty() || names.iter().any(|n| n == name);
        let branches = self.branches.iter().filter(|branch| wanted(branches, branch.name));
        let regions = self.regions.iter().filter(|region| wanted(regions, region.code));
        Ok((branches.copied().collect(), regions.copied().collect()))
    }

    /// Where the template of a branch is, for CloudFormation in any region.
    #[must_use]
    pub fn template_url(&self, branch: &LaunchBranch) -> String {
        format!("https://{}.s3.amazonaws.com/{}", branch.bucket, self.template)
    }

    /// The link for a branch and a region.
    #[must_use]
    pub fn link(&self, branch: &LaunchBranch, region: &LaunchRegion) -> LaunchLink {
        let template_url = self.template_url(branch);
        let code = region.code;
        let parameters = branch.parameters.iter().copied();
        let url = quick_create_url(code, &template_url, self.stack_name, parameters);
        let command = self.command(branch, region);
        LaunchLink {
            branch: branch.name,
            region: code,
            name: region.name,
            url,
            template_url,
            command,
        }
    }

    /// The links of these branches and regions in a format, with a line break at the end.
    #[must_use]
    pub fn render(
        &self,
        format: LaunchFormat,
        branches: &[LaunchBranch],
        regions: &[LaunchRegion],
    ) -> String {
        match format {
            LaunchFormat::Rst => rst::render(self, branches, regions),
            LaunchFormat::Markdown => markdown::render(self, branches, regions),
            LaunchFormat::Html => html::render(self, branches, regions),
            LaunchFormat::Shell => command::render(self, branches, regions),
            LaunchFormat::Json => {
                let links = branches
                    .iter()
                    .flat_map(|branch| regions.iter().map(|region| self.link(branch, region)));
                let links: Vec<LaunchLink> = links.collect();
                let mut text = serde_json::to_string_pretty(&links).unwrap_or_default();
                text.push('\n');
                text
            }
        }
    }
}

/// The URL of CloudFormation's quick-create page with everything filled in.
pub(crate) fn quick_create_url<'a>(
    region: &str,
    template_url: &str,
    stack_name: &str,
    parameters: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut url = format!(
        "https://{region}.console.aws.amazon.com/cloudformation/home?region={region}#/stacks/quickcreate?templateUrl={}&stackName={}",
        encoded(template_url),
        encoded(stack_name),
    );
    for (name, value) in parameters {
        let _ = write!(url, "&param_{name}={}", encoded(value));
    }
    url
}

fn unknown(kind: &str, given: &[String], known: &[&str]) -> Vec<Problem> {
    let unknown = given.iter().filter(|name| !known.contains(&name.as_str()));
    unknown
        .map(|name| {
            let problem = Problem::new(None, "", format!("there is no {kind} `{name}`"));
            let problem = match nearest(name, known) {
                Some(near) => problem.note(format!("did you mean `{near}`?")),
                None => problem,
            };
            problem.allowed(known.join(", "))
        })
        .collect()
}

/// Percent-encoding of everything but RFC 3986's unreserved characters.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
