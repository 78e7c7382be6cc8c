//! Puts a release into its places so that the entry point launches a whole release at every moment.
//!
//! The order is the guarantee: everything with a lasting key first, then the release's record, then one look whether all of it is
//! still there, and the entry point last, on the condition that nobody changed it meanwhile. What stops in between leaves the old
//! release current, and objects that the next run finds there.

use crate::failure::Failure;
use crate::parallel;
use crate::plan::{Plan, State, listed, plan, state};
use crate::progress::{Progress, counted};
use crate::record::{FOLDER, Record, short};
use crate::release::{Object, Release};
use crate::store::{Body, Condition, Held, Put, Store, Upload};

/// How a release is put into its places.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// Find out what would be sent, and send nothing.
    pub dry_run: bool,
    /// Replace objects that somebody has overwritten.
    pub repair: bool,
}

/// What was done in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The place.
    pub place: String,
    /// The keys that were sent, or would be in a dry run, in the order of sending.
    pub sent: Vec<String>,
    /// Their bytes together.
    pub sent_bytes: u64,
    /// How many objects were there already.
    pub there: usize,
    /// The release that was current before; none if there was none.
    pub before: Option<String>,
}

/// Publishes a release into several places: all of them get it, or none does.
///
/// # Errors
/// What stopped it. No place has a new entry point then, unless one could not be set back, which the message says.
pub fn publish(
    release: &Release,
    stores: &[&dyn Store],
    settings: Settings,
    progress: &dyn Progress,
) -> Result<Vec<Done>, Failure> {
    let mut plans = Vec::new();
    let mut problems = Vec::new();
    for store in stores {
        match plan(release, *store, settings.repair) {
            Ok(plan) => plans.push(plan),
            Err(Failure(said)) => problems.extend(said),
        }
    }
    Failure::unless_none(problems)?;
    if !settings.dry_run {
        for plan in &plans {
            send(release, plan, progress)?;
        }
        make_current(release, &plans)?;
    }
    Ok(plans.iter().map(|plan| done(release, plan)).collect())
}

/// Sends everything but the entry point.
fn send(release: &Release, plan: &Plan<'_>, progress: &dyn Progress) -> Result<(), Failure> {
    let store = plan.store;
    if !plan.send.is_empty() {
        let bytes = plan.send.iter().map(|(object, _)| object.bytes).sum();
        progress.begin(&store.name(), plan.send.len(), bytes);
        let sent = parallel::each(&plan.send, store.at_once(), |(object, condition)| {
            send_object(release, store, object, condition)?;
            progress.sent(&object.key, object.bytes);
            Ok(())
        });
        progress.end();
        sent?;
    }
    if plan.record {
        let text = release.record.text().into_bytes();
        let key = Record::key(&release.record.id);
        // Another publisher of the same release may have been faster; then its record stands.
        put_bytes(store, &release.record.id, &key, text, true, &Condition::Absent)?;
    }
    let there = listed(store, &release.objects)?;
    let gone =
        release.objects.iter().filter(|object| there.get(&object.key) != Some(&object.bytes));
    Failure::unless_none(
        gone.map(|object| {
            format!(
                "`{}` was removed from {} while the release was published\n  somebody prunes it at this moment: \
                 publish again when that has ended",
                object.key,
                store.name()
            )
        })
        .collect(),
    )
}

fn send_object(
    release: &Release,
    store: &dyn Store,
    object: &Object,
    condition: &Condition,
) -> Result<(), Failure> {
    let put = store.put(&Upload {
        key: &object.key,
        body: &Body::File(object.file.clone()),
        sha256: &object.sha256,
        bytes: object.bytes,
        release: &release.record.id,
        lasting: true,
        condition,
    })?;
    // Refused is what another publisher of the same object leaves behind, and an answer of ours that got lost.
    if put == Put::Refused && !matches!(state(store, object)?, State::Same) {
        return Err(Failure::one(format!(
            "somebody put something else at `{}` of {} just now: publish again",
            object.key,
            store.name()
        )));
    }
    Ok(())
}

/// Puts bytes that belong to a release.
pub(crate) fn put_bytes(
    store: &dyn Store,
    id: &str,
    key: &str,
    bytes: Vec<u8>,
    lasting: bool,
    condition: &Condition,
) -> Result<Put, Failure> {
    let sha256 = formwork::assembly::sha256(&bytes);
    let length = bytes.len() as u64;
    store.put(&Upload {
        key,
        body: &Body::Bytes(bytes),
        sha256: &sha256,
        bytes: length,
        release: id,
        lasting,
        condition,
    })
}

/// Makes the release current in every place, or in none.
fn make_current(release: &Release, plans: &[Plan<'_>]) -> Result<(), Failure> {
    let mut changed: Vec<(&Plan<'_>, String)> = Vec::new();
    for plan in plans {
        let set = set_entry_point(
            plan.store,
            &release.record.entry_point,
            &release.record.id,
            &release.entry_point,
            plan.current.as_ref(),
        );
        match set {
            Ok(None) => {}
            Ok(Some(version)) => changed.push((plan, version)),
            Err(failure) => return Err(set_back(release, &changed, failure)),
        }
    }
    Ok(())
}

/// Replaces the entry point that was there when the run began. None if it is this one already.
pub(crate) fn set_entry_point(
    store: &dyn Store,
    key: &str,
    id: &str,
    bytes: &[u8],
    current: Option<&Held>,
) -> Result<Option<String>, Failure> {
    let condition = match current {
        Some(held) if held.bytes == bytes => return Ok(None),
        Some(held) => Condition::Is(held.version.clone()),
        None => Condition::Absent,
    };
    match put_bytes(store, id, key, bytes.to_vec(), false, &condition)? {
        Put::Done(version) => Ok(Some(version)),
        Put::Refused => match store.get(key)? {
            // An answer got lost, or somebody published the same.
            Some(held) if held.bytes == bytes => Ok(Some(held.version)),
            there => Err(Failure::one(format!(
                "somebody else made {} current in {} while this run was under way\n  yours was sent but is not \
                 current: look at `cargo xtask releases`, then publish again if yours is the one that is wanted",
                there.map_or_else(
                    || "nothing".to_owned(),
                    |held| {
                        format!("release {}", short(&formwork::assembly::sha256(&held.bytes)))
                    }
                ),
                store.name()
            ))),
        },
    }
}

/// Replaces an entry point, of this version, by the one that was there before.
pub(crate) fn give_back(
    store: &dyn Store,
    key: &str,
    before: Option<&Held>,
    version: &str,
) -> Result<Put, Failure> {
    let Some(held) = before else {
        store.remove(&[key.to_owned()])?;
        return Ok(Put::Done(String::new()));
    };
    let id = formwork::assembly::sha256(&held.bytes);
    let condition = Condition::Is(version.to_owned());
    put_bytes(store, &id, key, held.bytes.clone(), false, &condition)
}

/// Gives the places that were changed their old entry points back.
fn set_back(release: &Release, changed: &[(&Plan<'_>, String)], failure: Failure) -> Failure {
    let key = &release.record.entry_point;
    let mut failure = failure;
    for (plan, version) in changed {
        let back = give_back(plan.store, key, plan.current.as_ref(), version);
        let name = plan.store.name();
        failure = match back {
            Ok(Put::Done(_)) => failure.note(&format!("{name} has its old release back")),
            _ => failure.note(&format!(
                "{name} has the new release and could not be set back: run `cargo xtask rollback` there"
            )),
        };
    }
    failure
}

fn done(release: &Release, plan: &Plan<'_>) -> Done {
    let record = &release.record;
    let mut sent: Vec<String> = plan.send.iter().map(|(object, _)| object.key.clone()).collect();
    let mut sent_bytes: u64 = plan.send.iter().map(|(object, _)| object.bytes).sum();
    if plan.record {
        sent.push(format!("{FOLDER}{}.json", record.id));
        sent_bytes += record.text().len() as u64;
    }
    let before = plan.current.as_ref().map(|held| formwork::assembly::sha256(&held.bytes));
    if before.as_ref() != Some(&record.id) {
        sent.push(record.entry_point.clone());
        sent_bytes += release.entry_point.len() as u64;
    }
    let there = release.objects.len() + 2 - sent.len();
    Done { place: plan.store.name(), sent, sent_bytes, there, before }
}

impl Done {
    /// One line that says what was done, or would be.
    #[must_use]
    pub fn summary(&self, id: &str, dry_run: bool) -> String {
        let sent = counted(self.sent.len(), "object");
        let size = crate::progress::size(self.sent_bytes);
        let verb = if dry_run { "would send" } else { "sent" };
        let current = match &self.before {
            Some(before) if before == id => format!("release {} is current already", short(id)),
            Some(before) if dry_run => {
                format!("release {} would replace {}", short(id), short(before))
            }
            Some(before) => {
                format!("release {} is current, before it was {}", short(id), short(before))
            }
            None if dry_run => format!("release {} would be the first", short(id)),
            None => format!("release {} is current, the first here", short(id)),
        };
        format!("{}: {verb} {sent}, {size}; {} there already; {current}", self.place, self.there)
    }
}
