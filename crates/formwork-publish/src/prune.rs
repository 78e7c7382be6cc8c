//! Removes what no kept release needs, and never what one does.
//!
//! Kept are the latest releases, the current one, and every release that is younger than the period of grace. Of what remains,
//! objects younger than that stay too: a publisher may be about to name them. Only keys that a release could have are ever removed:
//! content-addressed ones in `templates/` and `assets/`, and records.

use std::collections::BTreeSet;

use crate::digest::{self, FOLDERS};
use crate::failure::Failure;
use crate::progress::counted;
use crate::record::Record;
use crate::releases::{Kept, releases};
use crate::store::Store;

/// What is kept.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// So many of the latest releases.
    pub latest: usize,
    /// Nothing that was put there after this moment is removed: seconds since 1970.
    pub younger_than: i64,
}

/// What is to be removed, and what stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// The ids of the releases that go, the latest first.
    pub releases: Vec<String>,
    /// The ids of the releases that stay, the latest first.
    pub kept: Vec<String>,
    /// The keys of the objects that go.
    pub objects: Vec<String>,
    /// Their bytes together.
    pub bytes: u64,
}

/// Finds out what would be removed.
///
/// # Errors
/// The place cannot be read, or a record cannot be understood: then nothing can be said of what it needs.
pub fn plan(store: &dyn Store, entry_point: &str, keep: Keep) -> Result<Pruned, Failure> {
    let all = releases(store, entry_point)?;
    if !all.is_empty() && !all.iter().any(|one| one.current) {
        return Err(Failure::one(format!(
            "what is current in {} is not one of its {}, so nobody knows what it needs\n  publish or roll back first, \
             then prune",
            store.name(),
            counted(all.len(), "release")
        )));
    }
    let mut pruned = Pruned::default();
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    for (at, one) in all.iter().enumerate() {
        if stays(at, one, keep) {
            pruned.kept.push(one.record.id.clone());
            needed.extend(one.record.objects.iter().map(|object| object.key.as_str()));
        } else {
            pruned.releases.push(one.record.id.clone());
        }
    }
    for folder in FOLDERS {
        for listed in store.list(folder)? {
            if digest::is_lasting(&listed.key)
                && !needed.contains(listed.key.as_str())
                && listed.put_at < keep.younger_than
            {
                pruned.bytes += listed.bytes;
                pruned.objects.push(listed.key);
            }
        }
    }
    Ok(pruned)
}

fn stays(at: usize, one: &Kept, keep: Keep) -> bool {
    at < keep.latest || one.current || one.published_at >= keep.younger_than
}

/// Removes what [`plan`] finds now, records first: no record ever names an object that is gone.
///
/// # Errors
/// As [`plan`]; and what could not be removed.
pub fn prune(store: &dyn Store, entry_point: &str, keep: Keep) -> Result<Pruned, Failure> {
    let first = plan(store, entry_point, keep)?;
    let records: Vec<String> = first.releases.iter().map(|id| Record::key(id)).collect();
    store.remove(&records)?;
    // Somebody may have made one of them current since: the records that are there now decide.
    let again = plan(store, entry_point, keep)?;
    store.remove(&again.objects)?;
    Ok(Pruned { releases: first.releases, ..again })
}
