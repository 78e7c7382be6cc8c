//! The releases of a place: its records, and which of them is current.

use std::fmt::Write as _;

use formwork::assembly::sha256;

use crate::failure::Failure;
use crate::parallel;
use crate::record::{FOLDER, Record, short};
use crate::store::Store;

/// One release of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its record.
    pub record: Record,
    /// When it was first published there: seconds since 1970, by the place's clock.
    pub published_at: i64,
    /// Whether the entry point launches it now.
    pub current: bool,
}

/// All releases of a place, the latest first.
///
/// # Errors
/// The place cannot be read, or a record in it cannot be understood.
pub fn releases(store: &dyn Store, entry_point: &str) -> Result<Vec<Kept>, Failure> {
    let current = store.get(entry_point)?.map(|held| sha256(&held.bytes));
    let keys = store.list(FOLDER)?;
    let records: Vec<_> =
        keys.iter().filter_map(|one| Some((one, Record::id_of(&one.key)?))).collect();
    let mut kept = parallel::each(&records, store.at_once(), |(listed, id)| {
        let Some(held) = store.get(&listed.key)? else { return Ok(None) };
        let record = Record::read(&held.bytes, id).map_err(|error| {
            Failure::one(format!(
                "`{}` in {} is not a record that this program can read: {error}\n  it was written by another version, \
                 or overwritten: look at it before anything else",
                listed.key,
                store.name()
            ))
        })?;
        let current = current.as_ref() == Some(&record.id);
        Ok(Some(Kept { record, published_at: listed.put_at, current }))
    })?
    .into_iter()
    .flatten()
    .collect::<Vec<_>>();
    kept.sort_by(|a, b| (b.published_at, &b.record.id).cmp(&(a.published_at, &a.record.id)));
    Ok(kept)
}

/// Whether a release's record is there.
pub(crate) fn has_record(store: &dyn Store, id: &str) -> Result<bool, Failure> {
    let key = Record::key(id);
    Ok(store.list(&key)?.iter().any(|one| one.key == key))
}

/// The release whose id begins so.
///
/// # Errors
/// None, or several, of those that there are.
pub fn find<'k>(kept: &'k [Kept], id: &str, place: &str) -> Result<&'k Kept, Failure> {
    let known = || {
        let shown = kept.iter().take(8).map(|one| short(&one.record.id)).collect::<Vec<_>>();
        if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
    };
    let matching = kept.iter().filter(|one| !id.is_empty() && one.record.id.starts_with(id));
    match matching.collect::<Vec<_>>()[..] {
        [one] => Ok(one),
        [] => Err(Failure::one(format!(
            "there is no release `{id}` in {place}: it was never published there, or it was pruned\n  there are: {}",
            known()
        ))),
        ref several => Err(Failure::one(format!(
            "`{id}` is the beginning of {} releases in {place}: give more of its digits",
            several.len()
        ))),
    }
}

/// A table for people: id, date, commit, objects and size of each release, the current one marked.
#[must_use]
pub fn table(kept: &[Kept]) -> String {
    let mut text =
        String::from("  RELEASE       PUBLISHED (UTC)   COMMIT                OBJECTS  SIZE\n");
    for one in kept {
        let record = &one.record;
        let bytes = record.objects.iter().map(|object| object.bytes).sum();
        let _ = writeln!(
            text,
            "{} {}  {}  {:<20}  {:>7}  {}",
            if one.current { '*' } else { ' ' },
            short(&record.id),
            utc(one.published_at),
            record.commit_shown(),
            record.objects.len(),
            crate::progress::size(bytes),
        );
    }
    text
}

/// Seconds since 1970 as `2026-11-24 08:20`. Source of the arithmetic: days are counted in eras of 400 years, which
/// all have 146,097 days, from a first of March, so that a leap day is the last of its year.
#[must_use]
pub fn utc(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{date:02} {:02}:{:02}", rest / 3600, rest / 60 % 60)
}
