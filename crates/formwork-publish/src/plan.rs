//! What a place lacks of a release. Asks, and changes nothing.

use std::collections::BTreeMap;

use crate::failure::Failure;
use crate::parallel;
use crate::release::{Object, Release};
use crate::releases::has_record;
use crate::store::{Condition, Held, Store};

/// What one place needs.
pub(crate) struct Plan<'a> {
    pub store: &'a dyn Store,
    /// The entry point that is there.
    pub current: Option<Held>,
    /// What is to be sent, with the condition of each.
    pub send: Vec<(&'a Object, Condition)>,
    /// Whether the release's record is to be written.
    pub record: bool,
}

/// Looks at a place and finds out what it lacks.
pub(crate) fn plan<'a>(
    release: &'a Release,
    store: &'a dyn Store,
    repair: bool,
) -> Result<Plan<'a>, Failure> {
    let record = &release.record;
    // The first call finds a bucket that is missing, elsewhere or closed, and before anything else the version of the entry
    // point that this run is going to replace.
    let current = store.get(&record.entry_point)?;
    let there = listed(store, &release.objects)?;
    let looked = parallel::each(&release.objects, store.at_once(), |object| {
        if there.contains_key(&object.key) { state(store, object) } else { Ok(State::Absent) }
    })?;
    let (mut send, mut overwritten) = (Vec::new(), Vec::new());
    for (object, state) in release.objects.iter().zip(looked) {
        match state {
            State::Same => {}
            State::Absent => send.push((object, Condition::Absent)),
            State::Other(version) if repair => send.push((object, Condition::Is(version))),
            State::Other(_) => overwritten.push(format!(
                "{} holds something else at `{}` than its key says\n  whoever put it there had no reason to: \
                 replace it with `--repair`",
                store.name(),
                object.key
            )),
        }
    }
    Failure::unless_none(overwritten)?;
    Ok(Plan { store, current, send, record: !has_record(store, &record.id)? })
}

/// The keys that a place has in the folders of a release's objects.
pub(crate) fn listed(
    store: &dyn Store,
    objects: &[Object],
) -> Result<BTreeMap<String, u64>, Failure> {
    let mut folders: Vec<&str> = Vec::new();
    for object in objects {
        let folder = object.key.rfind('/').map_or("", |at| &object.key[..=at]);
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    let mut there = BTreeMap::new();
    for folder in folders {
        there.extend(store.list(folder)?.into_iter().map(|one| (one.key, one.bytes)));
    }
    Ok(there)
}

pub(crate) enum State {
    Absent,
    Same,
    /// Something else, in this version.
    Other(String),
}

/// Whether an object is there with the bytes that its key promises.
pub(crate) fn state(store: &dyn Store, object: &Object) -> Result<State, Failure> {
    let Some(seen) = store.look(&object.key)? else { return Ok(State::Absent) };
    if seen.bytes != object.bytes {
        return Ok(State::Other(seen.version));
    }
    let sha256 = match seen.sha256 {
        Some(sha256) => Some(sha256),
        // Somebody else's tool put it there without a checksum.
        None => store.hash(&object.key)?,
    };
    Ok(match sha256 {
        None => State::Absent,
        Some(sha256) if sha256 == object.sha256 => State::Same,
        Some(_) => State::Other(seen.version),
    })
}
