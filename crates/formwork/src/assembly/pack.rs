//! Packs assets: reads files and directories, hashes them, zips directories reproducibly.
//!
//! The same files give the same bytes on every machine and day: paths are sorted, dates are 1980-01-01,
//! modes are 644 or 755, and the compressor is pinned.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::asset::{Asset, Content};
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
        Content::Directory { path, except } => {
            let mut members = Vec::new();
            collect(path, "", except, &mut members).map_err(&fault)?;
            if members.is_empty() {
                return Err(fault(format!("the directory {} holds no file", path.display()))
                    .note("an asset needs at least one file"));
            }
            // Byte order of the whole path, whatever order the file system gives.
            members.sort_by(|a, b| a.path.cmp(&b.path));
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

fn collect(
    directory: &Path,
    below: &str,
    except: &[&str],
    members: &mut Vec<Member>,
) -> Result<(), String> {
    let unreadable =
        |path: &Path, error: std::io::Error| format!("{} cannot be read: {error}", path.display());
    let entries = fs::read_dir(directory).map_err(|error| unreadable(directory, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(directory, error))?;
        let path = entry.path();
        let Ok(name) = entry.file_name().into_string() else {
            return Err(format!("the name of {} is not UTF-8: rename it", path.display()));
        };
        let inside = if below.is_empty() { name } else { format!("{below}/{name}") };
        if except.contains(&inside.as_str()) {
            continue;
        }
        let kind = entry.file_type().map_err(|error| unreadable(&path, error))?;
        if kind.is_dir() {
            collect(&path, &inside, except, members)?;
        } else if kind.is_file() {
            let bytes = fs::read(&path).map_err(|error| unreadable(&path, error))?;
            members.push(Member { path: inside, executable: executable(&path), bytes });
        } else {
            return Err(format!(
                "{} is neither a file nor a directory: links are not packed, since what they point to differs by machine",
                path.display()
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

fn zip(members: &[Member]) -> Result<Vec<u8>, rawzip::Error> {
    let mut archive = rawzip::ZipArchiveWriter::new(Vec::new());
    for member in members {
        let mode = if member.executable { 0o100_755 } else { 0o100_644 };
        let mut file = archive
            .new_file(&member.path)
            .compression_method(rawzip::CompressionMethod::DEFLATE)
            .unix_permissions(mode);
        if let Some(date) = rawzip::time::UtcDateTime::from_components(1980, 1, 1, 0, 0, 0, 0) {
            file = file.last_modified(date);
        }
        let (mut entry, _) = file.start()?;
        entry.write_all(&miniz_oxide::deflate::compress_to_vec(&member.bytes, LEVEL))?;
        let length = u64::try_from(member.bytes.len()).unwrap_or(u64::MAX);
        entry.finish(rawzip::DataDescriptorOutput::new(rawzip::crc32(&member.bytes), length))?;
    }
    archive.finish()
}
