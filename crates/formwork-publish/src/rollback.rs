//! Makes an older release current again. Sends the entry point and nothing else.

use crate::failure::Failure;
use crate::publish::{give_back, set_entry_point};
use crate::record::short;
use crate::releases::{find, has_record, releases};
use crate::store::{Held, Put, Store};

/// What a rollback did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolledBack {
    /// The release that is current now.
    pub id: String,
    /// The release that was current before; none if there was none.
    pub before: Option<String>,
    /// Whether it was current already.
    pub unchanged: bool,
}

/// Makes the release whose id begins so current.
///
/// # Errors
/// There is no such release, objects of it are gone, or somebody else changed the entry point meanwhile.
pub fn rollback(
    store: &dyn Store,
    entry_point: &str,
    id: &str,
    dry_run: bool,
) -> Result<RolledBack, Failure> {
    let current = store.get(entry_point)?;
    let kept = releases(store, entry_point)?;
    let record = &find(&kept, id, &store.name())?.record;
    let mut problems = Vec::new();
    for object in &record.objects {
        let whole = store.look(&object.key)?.is_some_and(|seen| {
            seen.bytes == object.bytes && seen.sha256.is_none_or(|sha256| sha256 == object.sha256)
        });
        if !whole {
            problems.push(format!(
                "`{}` is not in {} as release {} needs it: publish that release again from its commit, {}",
                object.key,
                store.name(),
                short(&record.id),
                record.commit_shown()
            ));
        }
    }
    Failure::unless_none(problems)?;
    let lasting = record.lasting_entry_point();
    let held = lasting.map(|object| store.get(&object.key)).transpose()?.flatten();
    let held = held.filter(|held| formwork::assembly::sha256(&held.bytes) == record.id);
    let held = held.ok_or_else(|| {
        Failure::one(format!(
            "release {} has no lasting copy of its entry point in {}: publish it again from its commit, {}",
            short(&record.id),
            store.name(),
            record.commit_shown()
        ))
    })?;
    let unchanged = current.as_ref().is_some_and(|current| current.bytes == held.bytes);
    if !dry_run {
        make_current(store, entry_point, &record.id, &held.bytes, current.as_ref())?;
    }
    let before = current.map(|current| formwork::assembly::sha256(&current.bytes));
    Ok(RolledBack { id: record.id.clone(), before, unchanged })
}

/// Sets the entry point, and then looks whether the release is still there. Prune removes records first, and decides once more before
/// it removes anything else: a record that is there now was there when the entry point named it, so that prune will see both.
fn make_current(
    store: &dyn Store,
    entry_point: &str,
    id: &str,
    bytes: &[u8],
    before: Option<&Held>,
) -> Result<(), Failure> {
    let Some(version) = set_entry_point(store, entry_point, id, bytes, before)? else {
        return Ok(());
    };
    if has_record(store, id)? {
        return Ok(());
    }
    let back = match give_back(store, entry_point, before, &version) {
        Ok(Put::Done(_)) => "what was current before is current again",
        _ => "it is current nevertheless: roll back to another one at once",
    };
    Err(Failure::one(format!(
        "release {} was pruned from {} at this moment\n  {back}",
        short(id),
        store.name()
    )))
}
