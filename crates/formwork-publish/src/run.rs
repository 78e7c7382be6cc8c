//! From a command line to its end: opens places, does what was asked, says what was done.
//!
//! What a person reads goes to stderr; what a program reads goes to stdout alone: the link to launch, or records as JSON.

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use crate::cli::{self, Command, ListFormat, Server};
use crate::directory::Directory;
use crate::failure::Failure;
use crate::place::{Connection, check_bucket, check_endpoint, check_region};
use crate::progress::{Progress, counted, size};
use crate::publish::{Settings, publish};
use crate::record::short;
use crate::release::{Origin, Release, branch};
use crate::releases::{releases, table};
use crate::store::Store;
use crate::verify::{What, verify};
use crate::{prune, rollback};

/// Opens a bucket. What links no S3 client refuses.
pub type Open<'a> = &'a dyn Fn(&Connection) -> Result<Box<dyn Store>, Failure>;

/// Does what a command line asks for.
///
/// # Errors
/// Why it was not done.
pub fn run(command: &Command, open: Open<'_>, progress: &dyn Progress) -> Result<(), Failure> {
    match command {
        Command::Publish(arguments) => run_publish(arguments, open, progress),
        Command::Verify(arguments) => run_verify(arguments, open),
        Command::Releases(arguments) => run_releases(arguments, open),
        Command::Rollback(arguments) => run_rollback(arguments, open),
        Command::Prune(arguments) => run_prune(arguments, open),
    }
}

/// Writes to stdout what a program reads. Whoever reads it may stop when it has seen enough.
///
/// # Errors
/// It cannot be written, for instance to a full disk.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::one(format!("stdout cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

fn run_publish(
    arguments: &cli::Publish,
    open: Open<'_>,
    progress: &dyn Progress,
) -> Result<(), Failure> {
    let out = arguments.out.as_deref().unwrap_or(Path::new("out"));
    let manifest = crate::release::manifest(out)?;
    let launch = manifest.launch.clone().ok_or_else(|| {
        Failure::one(format!(
            "the assembly in `{}` does not say how it is launched\n  say it with `Assembly::launched_from`",
            out.display()
        ))
    })?;
    let branch = branch(&launch, &arguments.branch)?;
    let bucket = arguments.server.bucket.as_ref().unwrap_or(&branch.bucket);
    let stores = publish_stores(arguments, bucket, open)?;
    let origin = Origin {
        branch: Some(branch.name.clone()),
        commit: arguments.commit.clone(),
        dirty: arguments.dirty,
    };
    let release = Release::of(manifest, out, origin)?;
    let settings = Settings { dry_run: arguments.dry_run, repair: arguments.repair };
    let stores: Vec<&dyn Store> = stores.iter().map(AsRef::as_ref).collect();
    let done = publish(&release, &stores, settings, progress)?;
    if arguments.quiet {
        return Ok(());
    }
    for one in &done {
        if arguments.dry_run {
            one.sent.iter().for_each(|key| eprintln!("  would send {key}"));
        }
        eprintln!("{}", one.summary(&release.record.id, arguments.dry_run));
    }
    if arguments.dry_run {
        return Ok(());
    }
    if let Some(region) = launch.regions.first() {
        let name = &branch.name;
        eprintln!(
            "launch it in {region} (other regions: `cargo xtask launch-links --branch {name} --format markdown`):"
        );
        print(&format!("{}\n", launch.link(branch, bucket, region)))?;
    }
    Ok(())
}

fn publish_stores(
    arguments: &cli::Publish,
    bucket: &str,
    open: Open<'_>,
) -> Result<Vec<Box<dyn Store>>, Failure> {
    if let Some(directory) = &arguments.to {
        return Ok(vec![Box::new(Directory::open(directory)?)]);
    }
    let first = connection(&arguments.server, bucket);
    let mirrors = arguments.mirror.iter().map(|mirror| match mirror.split_once('@') {
        Some((bucket, region)) => {
            Connection { region: Some(region.to_owned()), ..connection(&arguments.server, bucket) }
        }
        None => connection(&arguments.server, mirror),
    });
    let all: Vec<Connection> = std::iter::once(first).chain(mirrors).collect();
    let mut problems = Vec::new();
    for (at, one) in all.iter().enumerate() {
        problems.extend(check(one).err().map_or_else(Vec::new, |failure| failure.0));
        if all[..at].iter().any(|other| other.bucket == one.bucket) {
            problems.push(format!("bucket `{}` is named twice: name each place once", one.bucket));
        }
    }
    Failure::unless_none(problems)?;
    all.iter().map(open).collect()
}

fn connection(server: &Server, bucket: &str) -> Connection {
    Connection {
        bucket: bucket.to_owned(),
        region: server.region.clone(),
        profile: server.profile.clone(),
        endpoint_url: server.endpoint_url.clone(),
        ..Connection::default()
    }
}

/// What can be known of a connection before anything is opened.
fn check(connection: &Connection) -> Result<(), Failure> {
    let checks = [
        Some(check_bucket(&connection.bucket)),
        connection.endpoint_url.as_deref().map(check_endpoint),
        connection.region.as_deref().map(check_region),
    ];
    let failures = checks.into_iter().flatten().filter_map(Result::err);
    Failure::unless_none(failures.flat_map(|failure| failure.0).collect())
}

/// The one place that a command is about.
fn store(
    directory: Option<&Path>,
    server: &Server,
    anonymous: bool,
    open: Open<'_>,
) -> Result<Box<dyn Store>, Failure> {
    if let Some(directory) = directory {
        if !directory.is_dir() {
            return Err(Failure::one(format!(
                "there is no directory `{0}`: publish into it with `cargo xtask publish --to {0}`",
                directory.display()
            )));
        }
        return Ok(Box::new(Directory::open(directory)?));
    }
    let bucket = server.bucket.as_deref();
    let bucket =
        bucket.ok_or_else(|| Failure::one("no bucket is named: name one with `--bucket`"))?;
    let connection = Connection { anonymous, ..connection(server, bucket) };
    check(&connection)?;
    open(&connection)
}

/// The key of the template that is launched.
fn template(given: Option<&String>) -> Result<&str, Failure> {
    given.map(String::as_str).ok_or_else(|| {
        Failure::one("the template that links launch is not known: name its key with `--template`")
    })
}

fn run_verify(arguments: &cli::Verify, open: Open<'_>) -> Result<(), Failure> {
    let local = arguments.out.as_deref().map(|out| Release::read(out, Origin::default()));
    let local = local.transpose()?;
    let store = store(arguments.to.as_deref(), &arguments.server, arguments.anonymous, open)?;
    let what = What {
        entry_point: template(arguments.template.as_ref())?,
        branch: arguments.branch.as_deref(),
        local: local.as_ref(),
        older: !arguments.anonymous,
    };
    let verified = verify(store.as_ref(), what)?;
    eprintln!("{}", verified.summary(&store.name()));
    Ok(())
}

fn run_releases(arguments: &cli::Releases, open: Open<'_>) -> Result<(), Failure> {
    let store = store(arguments.directory.as_deref(), &arguments.server, false, open)?;
    let kept = releases(store.as_ref(), template(arguments.template.as_ref())?)?;
    match arguments.format {
        ListFormat::Human if kept.is_empty() => {
            eprintln!("{} has no release: publish one with `cargo xtask publish`", store.name());
        }
        ListFormat::Human => print(&table(&kept))?,
        ListFormat::Json => {
            let records: Vec<_> = kept.iter().map(|one| &one.record).collect();
            let text = serde_json::to_string_pretty(&records).unwrap_or_default();
            print(&format!("{text}\n"))?;
        }
    }
    Ok(())
}

fn run_rollback(arguments: &cli::Rollback, open: Open<'_>) -> Result<(), Failure> {
    let store = store(arguments.directory.as_deref(), &arguments.server, false, open)?;
    let template = template(arguments.template.as_ref())?;
    let done = rollback::rollback(store.as_ref(), template, &arguments.to, arguments.dry_run)?;
    let before = done.before.as_deref().map_or("none", short);
    eprintln!(
        "{}: release {} {}",
        store.name(),
        short(&done.id),
        match (done.unchanged, arguments.dry_run) {
            (true, _) => "is current already".to_owned(),
            (false, true) => format!("would become current, now it is {before}"),
            (false, false) => format!("is current, before it was {before}"),
        }
    );
    Ok(())
}

fn run_prune(arguments: &cli::Prune, open: Open<'_>) -> Result<(), Failure> {
    let store = store(arguments.directory.as_deref(), &arguments.server, false, open)?;
    let template = template(arguments.template.as_ref())?;
    let grace = i64::from(arguments.grace) * 3600;
    let younger_than = store.now()?.saturating_sub(grace);
    let keep = prune::Keep { latest: arguments.keep, younger_than };
    let pruned = if arguments.yes {
        prune::prune(store.as_ref(), template, keep)?
    } else {
        prune::plan(store.as_ref(), template, keep)?
    };
    let verb = if arguments.yes { "removed" } else { "would remove" };
    for id in &pruned.releases {
        eprintln!("  {verb} release {}", short(id));
    }
    for key in &pruned.objects {
        eprintln!("  {verb} {key}");
    }
    eprintln!(
        "{}: {verb} {} and {}, {}; {} kept{}",
        store.name(),
        counted(pruned.releases.len(), "release"),
        counted(pruned.objects.len(), "object"),
        size(pruned.bytes),
        counted(pruned.kept.len(), "release"),
        if arguments.yes { "" } else { "\n  nothing was removed: add `--yes` to do it" },
    );
    Ok(())
}
