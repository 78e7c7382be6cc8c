//! The command line of everything that has to do with releases, for this crate's program and for `cargo xtask`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// A command.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Put the assembly's release into a branch's bucket and make it current
    Publish(Publish),
    /// Read a bucket like a stranger: whether its release can be launched in every region
    Verify(Verify),
    /// List the releases of a bucket
    Releases(Releases),
    /// Make an older release current; nothing but the entry point is sent
    Rollback(Rollback),
    /// Remove what no kept release needs
    Prune(Prune),
}

/// Which server, and as whom.
#[derive(Args, Clone, Debug, Default)]
pub struct Server {
    /// The bucket, if it is not the branch's
    #[arg(long, value_name = "NAME")]
    pub bucket: Option<String>,
    /// A server that speaks S3's protocol, such as `http://127.0.0.1:8333` [default: AWS]
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// The bucket's region [default: as the AWS CLI finds it; another one is found out]
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// A profile of AWS's configuration files [default: as the AWS CLI finds it]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
}

/// `publish`.
#[derive(Args, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "the switches of a command line")]
pub struct Publish {
    /// The branch, which decides the bucket and what the links fill in
    #[arg(long, value_name = "BRANCH")]
    pub branch: String,
    /// Publish the assembly in this directory as it is [default: synthesize `out` first]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Publish into a directory in the layout of a bucket; needs no account
    #[arg(long, value_name = "DIR", conflicts_with_all = ["bucket", "endpoint_url", "region", "profile", "mirror"])]
    pub to: Option<PathBuf>,
    /// Publish into this bucket too; may be given several times. All become current, or none
    #[arg(long, value_name = "BUCKET[@REGION]")]
    pub mirror: Vec<String>,
    /// Say what would be sent, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Replace objects that somebody has overwritten
    #[arg(long)]
    pub repair: bool,
    /// Say nothing but what went wrong
    #[arg(long)]
    pub quiet: bool,
    /// The git commit that the assembly was made from, for the release's record [default: the workspace's]
    #[arg(long, value_name = "HASH")]
    pub commit: Option<String>,
    /// The working tree had changes that the commit has not
    #[arg(long, requires = "commit")]
    pub dirty: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its help is that of its parts")]
    pub server: Server,
}

/// `verify`.
#[derive(Args, Clone, Debug)]
#[command(group = clap::ArgGroup::new("where").required(true).multiple(true).args(["branch", "bucket", "to"]))]
pub struct Verify {
    /// The branch, which decides the bucket and what its links fill in
    #[arg(long, value_name = "BRANCH")]
    pub branch: Option<String>,
    /// Verify a directory that was published into
    #[arg(long, value_name = "DIR", conflicts_with_all = ["bucket", "endpoint_url", "region", "profile", "anonymous"])]
    pub to: Option<PathBuf>,
    /// Ask without credentials, by the very URLs of links and parent templates
    #[arg(long)]
    pub anonymous: bool,
    /// Compare with the assembly in this directory
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The key of the template that links launch [default: the platform's, by `cargo xtask`]
    #[arg(long, value_name = "KEY")]
    pub template: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its help is that of its parts")]
    pub server: Server,
}

/// `releases`.
#[derive(Args, Clone, Debug)]
#[command(group = clap::ArgGroup::new("where").required(true).multiple(true).args(["branch", "bucket", "directory"]))]
pub struct Releases {
    /// The branch, which decides the bucket
    #[arg(long, value_name = "BRANCH")]
    pub branch: Option<String>,
    /// Read a directory that was published into
    #[arg(long, value_name = "DIR", conflicts_with_all = ["bucket", "endpoint_url", "region", "profile"])]
    pub directory: Option<PathBuf>,
    /// How they are shown
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
    /// The key of the template that links launch [default: the platform's, by `cargo xtask`]
    #[arg(long, value_name = "KEY")]
    pub template: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its help is that of its parts")]
    pub server: Server,
}

/// How releases are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table
    Human,
    /// An array of records
    Json,
}

/// `rollback`.
#[derive(Args, Clone, Debug)]
#[command(group = clap::ArgGroup::new("where").required(true).multiple(true).args(["branch", "bucket", "directory"]))]
pub struct Rollback {
    /// The branch, which decides the bucket
    #[arg(long, value_name = "BRANCH")]
    pub branch: Option<String>,
    /// The release that shall be current: its id, or the first digits of it
    #[arg(long, value_name = "ID")]
    pub to: String,
    /// Change a directory that was published into
    #[arg(long, value_name = "DIR", conflicts_with_all = ["bucket", "endpoint_url", "region", "profile"])]
    pub directory: Option<PathBuf>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The key of the template that links launch [default: the platform's, by `cargo xtask`]
    #[arg(long, value_name = "KEY")]
    pub template: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its help is that of its parts")]
    pub server: Server,
}

/// `prune`.
#[derive(Args, Clone, Debug)]
#[command(group = clap::ArgGroup::new("where").required(true).multiple(true).args(["branch", "bucket", "directory"]))]
pub struct Prune {
    /// The branch, which decides the bucket
    #[arg(long, value_name = "BRANCH")]
    pub branch: Option<String>,
    /// How many of the latest releases stay; the current one stays beside them
    #[arg(long, value_name = "N")]
    pub keep: usize,
    /// Hours for which nothing new is removed
    #[arg(long, value_name = "HOURS", default_value_t = 24)]
    pub grace: u32,
    /// Remove it; without this it is only said what would go
    #[arg(long)]
    pub yes: bool,
    /// Change a directory that was published into
    #[arg(long, value_name = "DIR", conflicts_with_all = ["bucket", "endpoint_url", "region", "profile"])]
    pub directory: Option<PathBuf>,
    /// The key of the template that links launch [default: the platform's, by `cargo xtask`]
    #[arg(long, value_name = "KEY")]
    pub template: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its help is that of its parts")]
    pub server: Server,
}

impl Command {
    /// The branch that is named.
    #[must_use]
    pub fn branch(&self) -> Option<&str> {
        match self {
            Command::Publish(one) => Some(&one.branch),
            Command::Verify(one) => one.branch.as_deref(),
            Command::Releases(one) => one.branch.as_deref(),
            Command::Rollback(one) => one.branch.as_deref(),
            Command::Prune(one) => one.branch.as_deref(),
        }
    }

    /// The directory that stands for a bucket.
    #[must_use]
    pub fn directory(&self) -> Option<&PathBuf> {
        match self {
            Command::Publish(one) => one.to.as_ref(),
            Command::Verify(one) => one.to.as_ref(),
            Command::Releases(one) => one.directory.as_ref(),
            Command::Rollback(one) => one.directory.as_ref(),
            Command::Prune(one) => one.directory.as_ref(),
        }
    }

    /// The key of the template that links launch; of a publication, its assembly says it.
    #[must_use]
    pub fn template(&self) -> Option<&str> {
        match self {
            Command::Publish(_) => None,
            Command::Verify(one) => one.template.as_deref(),
            Command::Releases(one) => one.template.as_deref(),
            Command::Rollback(one) => one.template.as_deref(),
            Command::Prune(one) => one.template.as_deref(),
        }
    }

    /// The server.
    #[must_use]
    pub fn server(&self) -> &Server {
        match self {
            Command::Publish(one) => &one.server,
            Command::Verify(one) => &one.server,
            Command::Releases(one) => &one.server,
            Command::Rollback(one) => &one.server,
            Command::Prune(one) => &one.server,
        }
    }
}
