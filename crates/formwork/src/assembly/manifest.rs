//! `manifest.json`: what is in an assembly, for every program that reads one.
//!
//! Its JSON Schema is generated from these types and committed as `manifest.schema.json`.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::launch::{LaunchPage, quick_create_url};

/// The version of the manifest's format that this crate writes.
pub const FORMAT: u32 = 1;

/// What an assembly directory holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of this format: 1.
    pub format: u32,
    /// The program that wrote the assembly, with its version: `formwork 0.1.0`.
    pub generator: String,
    /// What the resource types were generated from; none if the program did not say.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub schemas: Option<String>,
    /// Where and how people launch it; none if nobody does by a link.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub launch: Option<LaunchEntry>,
    /// The templates; a template comes after those that it nests or releases.
    pub templates: Vec<TemplateEntry>,
    /// The assets, in the order in which templates add them.
    pub assets: Vec<AssetEntry>,
}

/// Where and how an assembly is launched: what its Launch Stack links are made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LaunchEntry {
    /// The file of the template that is launched, and its key in every release bucket.
    pub template: String,
    /// The name that the stack gets.
    pub stack_name: String,
    /// The codes of the regions it can be launched in, such as `eu-central-1`.
    pub regions: Vec<String>,
    /// The branches that are released, each into a bucket of its own.
    pub branches: Vec<BranchEntry>,
}

impl From<&LaunchPage> for LaunchEntry {
    fn from(page: &LaunchPage) -> Self {
        let pair = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        let branches = page.branches.iter().map(|branch| BranchEntry {
            name: branch.name.to_owned(),
            bucket: branch.bucket.to_owned(),
            parameters: branch.parameters.iter().map(pair).collect(),
        });
        LaunchEntry {
            template: page.template.to_owned(),
            stack_name: page.stack_name.to_owned(),
            regions: page.regions.iter().map(|region| region.code.to_owned()).collect(),
            branches: branches.collect(),
        }
    }
}

impl LaunchEntry {
    /// The Launch Stack link of a branch in a region, with its release in this bucket, which may be another than the branch's own.
    #[must_use]
    pub fn link(&self, branch: &BranchEntry, bucket: &str, region: &str) -> String {
        let template_url = format!("https://{bucket}.s3.amazonaws.com/{}", self.template);
        let moved = |value| if value == branch.bucket { bucket } else { value };
        let parameters = branch.parameters.iter();
        let parameters = parameters.map(|(name, value)| (name.as_str(), moved(value.as_str())));
        quick_create_url(region, &template_url, &self.stack_name, parameters)
    }
}

/// One branch that is released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BranchEntry {
    /// The branch's name.
    pub name: String,
    /// The bucket that its release is in.
    pub bucket: String,
    /// The parameters that its links fill in, in order.
    pub parameters: IndexMap<String, String>,
}

/// One template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TemplateEntry {
    /// The stack's name in the program, such as `deploy-infra`.
    pub name: String,
    /// The file, relative to the assembly, with `/`; also its key in a release bucket.
    pub file: String,
    /// SHA-256 of the file, 64 hexadecimal digits.
    pub sha256: String,
    /// Bytes of the file.
    pub bytes: u64,
    /// The name that the stack is launched under; none for a nested stack, whose name CloudFormation chooses.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stack_name: Option<String>,
    /// The template's description.
    pub description: String,
    /// The parameters, in order.
    pub parameters: Vec<ParameterEntry>,
    /// What a launch must acknowledge, nested stacks included: `CAPABILITY_NAMED_IAM` and the like.
    pub capabilities: Vec<String>,
    /// The nested stacks: the logical id of each, and the name of its template.
    pub nests: IndexMap<String, String>,
    /// The names of the templates that this one puts into the release without nesting them: whoever launches those is
    /// not this stack.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub releases: Vec<String>,
    /// The names of the assets that this template itself adds.
    pub assets: Vec<String>,
    /// Every resource by its logical id.
    pub resources: IndexMap<String, ResourceEntry>,
}

/// One parameter of a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ParameterEntry {
    /// The parameter's name.
    pub name: String,
    /// Its CloudFormation type.
    #[serde(rename = "type")]
    pub parameter_type: String,
    /// Its default as text; none if a launch must give a value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub default: Option<String>,
    /// Where it is declared: `file:line`.
    pub source: String,
}

/// One resource of a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResourceEntry {
    /// The resource's type, such as `AWS::S3::Bucket`.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// The Rust line that added it: `file:line`, relative to the workspace.
    pub source: String,
    /// The rules of the check that it is excepted from, each with the reason; one of a rule file as `FW6001:` and its name.
    #[serde(skip_serializing_if = "IndexMap::is_empty", default)]
    pub exceptions: IndexMap<String, String>,
}

/// One asset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AssetEntry {
    /// The asset's name.
    pub name: String,
    /// The file, relative to the assembly, with `/`; also its key in a release bucket.
    pub file: String,
    /// SHA-256 of what the asset is made of, as its key has it: of a file's bytes; of a directory's sorted list of
    /// paths, executable bits, lengths and bytes, so that a checkout can be compared without zipping it.
    pub hash: String,
    /// SHA-256 of the file, 64 hexadecimal digits.
    pub sha256: String,
    /// Bytes of the file.
    pub bytes: u64,
}
