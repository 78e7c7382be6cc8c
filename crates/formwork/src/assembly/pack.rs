//! Packs assets: reads files and directories, hashes them, zips directories reproducibly.
//!
//! The same files give the same bytes on every machine and day: paths are sorted, dates are 1980-01-01,
//! modes are 644 or 755, and the compressor is pinned.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use sha2::{Digest, Sha256};

use crate::asset::{Asset, Choice, Content};
use crate::problem::Problem;

/// An asset, read and ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// The asset's name.
    pub name: &'static str,
    /// The extension of the file, without a dot.
    pub extension: String,
    /// SHA-256 of what it is made of; see [`AssetEntry::hash`](super::AssetEntry::hash).
    pub hash: String,
    /// SHA-256 of `bytes`.
    pub sha256: String,
    /// The file's content.
    pub bytes: Vec<u8>,
}

/// SHA-256 as 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Reads an asset and packs it. `earlier` gives the zip of an earlier run by the asset's name and hash: nothing is
/// compressed twice.
pub(super) fn pack(
    asset: &Asset,
    stack: &str,
    earlier: &dyn Fn(&str, &str) -> Option<Vec<u8>>,
) -> Result<Packed, Problem> {
    let fault = |what: String| {
        Problem::new(Some(asset.added), stack, format!("asset `{}`: {what}", asset.name))
    };
    let plain = |extension: &str, bytes: Vec<u8>| {
        let hash = sha256(&bytes);
        Packed {
            name: asset.name,
            extension: extension.to_owned(),
            sha256: hash.clone(),
            hash,
            bytes,
        }
    };
    match &asset.content {
        Content::Text { extension, text } => Ok(plain(extension, text.as_bytes().to_vec())),
        Content::File(path) => {
            let bytes = fs::read(path).map_err(|error| {
                fault(format!("the file {} cannot be read: {error}", path.display()))
            })?;
            let extension = path.extension().unwrap_or_default().to_string_lossy();
            Ok(plain(&extension, bytes))
        }
        Content::Directory { path, choice, more } => {
            let mut members = Vec::new();
            for directory in std::iter::once(path).chain(more) {
                let before = members.len();
                collect(directory, "", choice, &mut members).map_err(&fault)?;
                if members.len() == before {
                    let empty = format!("the directory {} holds no file", directory.display());
                    return Err(fault(empty).note("an asset needs at least one file"));
                }
            }
            // Byte order of the whole path, whatever order the file system gives.
            members.sort_by(|a, b| a.path.cmp(&b.path));
            distinct(&members).map_err(&fault)?;
            let hash = hash_of(&members);
            let bytes = match earlier(asset.name, &hash) {
                Some(bytes) => bytes,
                None => zip(&members).map_err(|error| fault(error.to_string()))?,
            };
            let sha256 = sha256(&bytes);
            Ok(Packed { name: asset.name, extension: "zip".to_owned(), hash, sha256, bytes })
        }
    }
}

/// A file of a directory.
struct Member {
    /// Below the directory, with `/`.
    path: String,
    executable: bool,
    bytes: Vec<u8>,
}

/// Refuses what cannot be unpacked into one directory: a path that two directories have, or that is a file in one and a
/// directory in another. The members are sorted.
fn distinct(members: &[Member]) -> Result<(), String> {
    let mut files = HashSet::new();
    for Member { path, .. } in members {
        if !files.insert(path.as_str()) {
            return Err(format!(
                "two of its directories have a file {path}: leave it out of one, since none hides another"
            ));
        }
        let mut above = path.match_indices('/').map(|(end, _)| &path[..end]);
        if let Some(above) = above.find(|above| files.contains(above)) {
            return Err(format!(
                "{above} is a file in one of its directories and a directory in another: rename one"
            ));
        }
    }
    Ok(())
}

fn collect(
    directory: &Path,
    below: &str,
    choice: &Choice,
    members: &mut Vec<Member>,
) -> Result<(), String> {
    let unreadable =
        |path: &Path, error: std::io::Error| format!("{} cannot be read: {error}", path.display());
    let entries = fs::read_dir(directory).map_err(|error| unreadable(directory, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(directory, error))?;
        let path = entry.path();
        let name = entry.file_name();
        let shown = name.to_string_lossy();
        let inside = if below.is_empty() { shown.into_owned() } else { format!("{below}/{shown}") };
        let kind = entry.file_type().map_err(|error| unreadable(&path, error))?;
        if !choice.takes(&inside, kind.is_dir()) {
            continue;
        }
        if name.to_str().is_none() {
            return Err(format!("the name of {inside} is not UTF-8: rename it"));
        }
        if kind.is_dir() {
            collect(&path, &inside, choice, members)?;
        } else if kind.is_file() {
            let bytes = fs::read(&path).map_err(|error| unreadable(&path, error))?;
            members.push(Member { path: inside, executable: executable(&path), bytes });
        } else {
            return Err(format!(
                "{inside} is neither a file nor a directory: links are not packed, since what they point to differs by machine"
            ));
        }
    }
    Ok(())
}

#[cfg(unix)]
fn executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn executable(_: &Path) -> bool {
    false
}

fn hash_of(members: &[Member]) -> String {
    let mut hash = Sha256::new();
    let length = |length: usize| u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes();
    for member in members {
        hash.update(length(member.path.len()));
        hash.update(member.path.as_bytes());
        hash.update([u8::from(member.executable)]);
        hash.update(length(member.bytes.len()));
        hash.update(&member.bytes);
    }
    hex(&hash.finalize())
}

/// The level of `miniz_oxide`; the bytes depend on it and on the crate's version, which `Cargo.lock` pins.
const LEVEL: u8 = 6;

/// A member as it is in a zip.
struct Deflated {
    bytes: Vec<u8>,
    crc: u32,
}

/// Compresses members, on all cores. What becomes of a member depends on nothing but its content.
fn deflate(members: &[Member]) -> Vec<Deflated> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(Member { bytes, .. }) = members.get(place) else { return done };
            let crc = rawzip::crc32(bytes);
            let bytes = miniz_oxide::deflate::compress_to_vec(bytes, LEVEL);
            done.push((place, Deflated { bytes, crc }));
        }
    };
    let others = thread::available_parallelism().map_or(0, |cores| cores.get() - 1);
    let mut done = thread::scope(|scope| {
        // A thread that the system refuses leaves more for the others.
        let threads: Vec<_> = (0..others.min(members.len()))
            .map_while(|_| thread::Builder::new().spawn_scoped(scope, work).ok())
            .collect();
        let mut done = work();
        for thread in threads {
            done.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, deflated)| deflated).collect()
}

fn zip(members: &[Member]) -> Result<Vec<u8>, rawzip::Error> {
    let mut archive = rawzip::ZipArchiveWriter::new(Vec::new());
    for (member, deflated) in members.iter().zip(deflate(members)) {
        let mode = if member.executable { 0o100_755 } else { 0o100_644 };
        let mut file = archive
            .new_file(&member.path)
            .compression_method(rawzip::CompressionMethod::DEFLATE)
            .unix_permissions(mode);
        if let Some(date) = rawzip::time::UtcDateTime::from_components(1980, 1, 1, 0, 0, 0, 0) {
            file = file.last_modified(date);
        }
        let (mut entry, _) = file.start()?;
        entry.write_all(&deflated.bytes)?;
        let length = u64::try_from(member.bytes.len()).unwrap_or(u64::MAX);
        entry.finish(rawzip::DataDescriptorOutput::new(deflated.crc, length))?;
    }
    archive.finish()
}
