//! Reads a release back like a stranger who launches it: every object it names, with its hash, and every URL that a launch
//! in each region asks for, in the form in which it asks. Changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use formwork::assembly::{LaunchEntry, sha256};
use indexmap::IndexMap;

use crate::asks::{Ask, Templates, Wanted};
use crate::digest::FOLDERS;
use crate::failure::Failure;
use crate::parallel;
use crate::progress::counted;
use crate::record::{Record, short};
use crate::release::Release;
use crate::releases::releases;
use crate::store::Store;
use crate::url::ObjectUrl;

/// What a verification found in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The release that is current.
    pub id: String,
    /// How many objects it has, each read and hashed.
    pub objects: usize,
    /// How many different URLs were asked for.
    pub urls: usize,
    /// The regions whose links and templates were followed.
    pub regions: usize,
    /// How many older releases were found to be whole; none if the place does not say what it holds.
    pub older: Option<usize>,
    /// What could not be followed to its end, and why.
    pub notes: Vec<String>,
}

/// Which release is verified, and how it is launched.
#[derive(Clone, Copy, Debug)]
pub struct What<'a> {
    /// The key of the entry point.
    pub entry_point: &'a str,
    /// The branch whose links are followed; by default the one that the release was published for.
    pub branch: Option<&'a str>,
    /// The assembly that it should be.
    pub local: Option<&'a Release>,
    /// Whether older releases are looked at, for which the place must say what it holds.
    pub older: bool,
}

/// Verifies the current release of a place.
///
/// # Errors
/// Everything that is wrong, one line each: which object is missing or other than its key says, and which release or URL needs it.
pub fn verify(store: &dyn Store, what: What<'_>) -> Result<Verified, Failure> {
    let place = store.name();
    let entry_point = store.get(what.entry_point)?.ok_or_else(|| {
        Failure::one(format!(
            "no release is current in {place}: `{}` is not there\n  publish one with `cargo xtask publish`",
            what.entry_point
        ))
    })?;
    let id = sha256(&entry_point.bytes);
    let record = read_record(store, &id)?;
    let mut problems = hashes(store, &record)?;
    let followed = follow(store, &record, what, &entry_point.bytes, &mut problems)?;
    if let Some(local) = what.local {
        problems.extend(differences(&record, local, &place));
    }
    let older =
        if what.older { Some(older(store, what.entry_point, &mut problems)?) } else { None };
    Failure::unless_none(problems)?;
    Ok(Verified {
        id,
        objects: record.objects.len(),
        urls: followed.urls,
        regions: followed.regions,
        older,
        notes: followed.notes,
    })
}

fn read_record(store: &dyn Store, id: &str) -> Result<Record, Failure> {
    let (key, place) = (Record::key(id), store.name());
    let held = store.get(&key)?.ok_or_else(|| {
        Failure::one(format!(
            "what is current in {place} is no release: its entry point has SHA-256 {id}, and `{key}` is not there\n  \
             it was overwritten, or its record removed: publish again, or roll back to one of `cargo xtask releases`"
        ))
    })?;
    Record::read(&held.bytes, id).map_err(|error| {
        Failure::one(format!("`{key}` in {place} is not a record that can be read: {error}"))
    })
}

/// Every object, read whole.
fn hashes(store: &dyn Store, record: &Record) -> Result<Vec<String>, Failure> {
    let found = parallel::each(&record.objects, store.at_once(), |object| store.hash(&object.key))?;
    let (release, place) = (short(&record.id), store.name());
    let objects = record.objects.iter().zip(found);
    Ok(objects
        .filter_map(|(object, found)| match found {
            Some(found) if found == object.sha256 => None,
            Some(found) => Some(format!(
                "`{}` in {place} was overwritten: release {release} needs SHA-256 {}, it has {found}",
                object.key, object.sha256
            )),
            None => Some(format!("`{}` is missing in {place}: release {release} needs it", object.key)),
        })
        .collect())
}

struct Followed {
    urls: usize,
    regions: usize,
    notes: Vec<String>,
}

/// Follows the link of every region through all templates.
fn follow(
    store: &dyn Store,
    record: &Record,
    what: What<'_>,
    entry_point: &[u8],
    problems: &mut Vec<String>,
) -> Result<Followed, Failure> {
    let Some(launch) = &record.launch else {
        let note = "nobody launches it by a link, so no URL was followed".to_owned();
        return Ok(Followed { urls: 0, regions: 0, notes: vec![note] });
    };
    let (parameters, bucket) = launched(store, record, launch, what.branch)?;
    let templates = Templates::read(&templates(store, record, entry_point)?, problems);
    let mut notes = BTreeSet::new();
    // One URL is asked for once, whichever regions and templates use it.
    let mut urls: BTreeMap<ObjectUrl, String> = BTreeMap::new();
    for region in &launch.regions {
        let link = format!("https://{bucket}.s3.amazonaws.com/{}", record.entry_point);
        let by = format!("the link for {region}");
        let mut all = vec![Ask { by, what: Wanted::Url(link) }];
        all.extend(templates.asks(&record.entry_point, region, &parameters, &mut notes));
        for Ask { by, what } in all {
            match what {
                Wanted::Url(url) => match ObjectUrl::parse(&url) {
                    Some(object) => drop(urls.entry(object).or_insert(by)),
                    None => problems
                        .push(format!("{by} asks for `{url}`, which is no URL of an object on S3")),
                },
                Wanted::Key(key) if record.objects.iter().any(|object| object.key == key) => {}
                Wanted::Key(key) => problems.push(format!(
                    "{by} asks for `{key}`, which is not part of release {}",
                    short(&record.id)
                )),
            }
        }
    }
    let urls: Vec<(ObjectUrl, String)> = urls.into_iter().collect();
    let answers = parallel::each(&urls, store.at_once(), |(url, by)| {
        Ok(asked(store, record, url, by).err().map(|problem| problem.0))
    })?;
    problems.extend(answers.into_iter().flatten().flatten());
    let notes = notes.into_iter().collect();
    Ok(Followed { urls: urls.len(), regions: launch.regions.len(), notes })
}

/// The parameters that the links fill in, and the bucket that they name.
fn launched(
    store: &dyn Store,
    record: &Record,
    launch: &LaunchEntry,
    branch: Option<&str>,
) -> Result<(IndexMap<String, String>, String), Failure> {
    let branch = match branch.or(record.branch.as_deref()) {
        Some(name) => crate::release::branch(launch, name)?,
        None => launch.branches.first().ok_or_else(|| {
            Failure::one("the release says of no branch how it is launched: publish it again")
        })?,
    };
    let bucket = store.bucket().unwrap_or(&branch.bucket).to_owned();
    let moved =
        |value: &String| if *value == branch.bucket { bucket.clone() } else { value.clone() };
    let parameters = branch.parameters.iter().map(|(name, value)| (name.clone(), moved(value)));
    Ok((parameters.collect(), bucket))
}

/// The texts of the release's templates by their keys, the entry point by its own.
fn templates(
    store: &dyn Store,
    record: &Record,
    entry_point: &[u8],
) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let is_template = |key: &str| key.starts_with("templates/");
    let objects: Vec<_> = record.objects.iter().filter(|object| is_template(&object.key)).collect();
    let texts = parallel::each(&objects, store.at_once(), |object| store.get(&object.key))?;
    let held = objects.iter().zip(texts);
    let mut templates: BTreeMap<String, Vec<u8>> =
        held.filter_map(|(object, held)| Some((object.key.clone(), held?.bytes))).collect();
    templates.insert(record.entry_point.clone(), entry_point.to_vec());
    Ok(templates)
}

/// Whether a URL gives what the release says is there.
fn asked(store: &dyn Store, record: &Record, url: &ObjectUrl, by: &str) -> Result<(), Failure> {
    let release = short(&record.id);
    if let Some(bucket) = store.bucket().filter(|bucket| *bucket != url.bucket) {
        return Err(Failure::one(format!(
            "{by} asks bucket `{}` for `{}`, but the release is in `{bucket}`",
            url.bucket, url.key
        )));
    }
    let wanted = match record.objects.iter().find(|object| object.key == url.key) {
        Some(object) => &object.sha256,
        None if url.key == record.entry_point => &record.id,
        None => {
            return Err(Failure::one(format!(
                "{by} asks for `{}`, which is not part of release {release}",
                url.text
            )));
        }
    };
    let missing =
        || format!("`{}` is missing: {by} asks for it, release {release} needs it", url.text);
    let found = store.ask(url).map_err(|failure| failure.note(&format!("{by} asks for it")))?;
    match found {
        Some(found) if found == *wanted => Ok(()),
        Some(found) => Err(Failure::one(format!(
            "`{}` gives SHA-256 {found}, release {release} needs {wanted}",
            url.text
        ))),
        None => Err(Failure::one(missing())),
    }
}

/// What the release has and a local assembly has not, and the other way round.
fn differences(record: &Record, local: &Release, place: &str) -> Vec<String> {
    if record.id == local.record.id {
        return Vec::new();
    }
    let keys = |record: &Record| -> BTreeSet<String> {
        record.objects.iter().map(|object| object.key.clone()).collect()
    };
    let (there, here) = (keys(record), keys(&local.record));
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        let keys = one.difference(other).map(|key| format!("\n    {key}"));
        keys.collect::<String>()
    };
    vec![format!(
        "{place} has release {}, the local assembly is release {}\n  only there:{}\n  only here:{}",
        short(&record.id),
        short(&local.record.id),
        only(&there, &here),
        only(&here, &there)
    )]
}

/// Whether older releases have all their objects: stacks that were launched from them still ask for those.
fn older(
    store: &dyn Store,
    entry_point: &str,
    problems: &mut Vec<String>,
) -> Result<usize, Failure> {
    let mut there = BTreeMap::new();
    for folder in FOLDERS {
        there.extend(store.list(folder)?.into_iter().map(|one| (one.key, one.bytes)));
    }
    let kept = releases(store, entry_point)?;
    let mut older = 0;
    for one in kept.iter().filter(|one| !one.current) {
        older += 1;
        for object in &one.record.objects {
            if there.get(&object.key) != Some(&object.bytes) {
                problems.push(format!(
                    "`{}` is missing or another in {}: release {} needs it, which is not current but may have been launched",
                    object.key,
                    store.name(),
                    short(&one.record.id)
                ));
            }
        }
    }
    Ok(older)
}

impl Verified {
    /// One line, with notes below.
    #[must_use]
    pub fn summary(&self, place: &str) -> String {
        let mut text = format!(
            "{place}: release {} is whole: {}, {} asked for by the links and templates of {}",
            short(&self.id),
            counted(self.objects, "object"),
            counted(self.urls, "URL"),
            counted(self.regions, "region"),
        );
        match self.older {
            None => {
                text.push_str("; older releases were not looked at: a stranger may not list them");
            }
            Some(0) => {}
            Some(older) => {
                let _ = write!(text, "; {} whole too", counted(older, "older release"));
            }
        }
        for note in &self.notes {
            text.push_str("\n  ");
            text.push_str(note);
        }
        text
    }
}
