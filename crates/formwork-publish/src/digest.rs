//! SHA-256 as hexadecimal digits: of bytes, of what is read piece by piece, and in keys.

use std::fmt::Write as _;
use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

/// How much of a file is in memory while it is hashed.
const PIECE: usize = 64 * 1024;

/// The folders whose keys all name their content.
pub(crate) const FOLDERS: [&str; 2] = ["templates/", "assets/"];

/// SHA-256 that grows with what is read.
#[derive(Default)]
pub(crate) struct Hasher(Sha256);

impl Hasher {
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// 64 hexadecimal digits.
    pub(crate) fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

/// Bytes as hexadecimal digits in lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The SHA-256 and the number of all bytes that a reader gives.
pub(crate) fn of_reader(reader: impl Read) -> io::Result<(String, u64)> {
    of_copy(reader, &mut io::sink())
}

/// The same, while the bytes go on to a writer.
pub(crate) fn of_copy(mut reader: impl Read, writer: &mut impl Write) -> io::Result<(String, u64)> {
    let (mut hasher, mut total) = (Hasher::default(), 0);
    let mut piece = vec![0; PIECE];
    loop {
        match reader.read(&mut piece)? {
            0 => return Ok((hasher.finish(), total)),
            read => {
                hasher.add(&piece[..read]);
                writer.write_all(&piece[..read])?;
                total += read as u64;
            }
        }
    }
}

/// Whether the text is a SHA-256: 64 hexadecimal digits in lower case.
pub(crate) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether a key names its content by a hash, in a folder of such keys: its object never changes, and may be kept for ever.
pub(crate) fn is_lasting(key: &str) -> bool {
    let in_folder = FOLDERS.iter().any(|folder| key.starts_with(folder));
    in_folder && key.split('.').any(is_sha256)
}
