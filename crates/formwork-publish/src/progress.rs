//! What a person sees while objects are sent. Says nothing about results.

/// Hears of every step of an upload, from any thread.
pub trait Progress: Sync {
    /// So much will be sent to this place.
    fn begin(&self, place: &str, objects: usize, bytes: u64);

    /// One object has arrived.
    fn sent(&self, key: &str, bytes: u64);

    /// Everything has arrived, or the rest never will.
    fn end(&self);
}

/// Says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: &str, _: usize, _: u64) {}
    fn sent(&self, _: &str, _: u64) {}
    fn end(&self) {}
}

/// A line an object on stderr, for logs.
#[derive(Clone, Copy, Debug)]
pub struct Lines;

impl Progress for Lines {
    fn begin(&self, place: &str, objects: usize, bytes: u64) {
        eprintln!("  {place}: {} to send, {}", counted(objects, "object"), size(bytes));
    }

    fn sent(&self, key: &str, bytes: u64) {
        eprintln!("  sent    {key} ({})", size(bytes));
    }

    fn end(&self) {}
}

/// `1 object`, `2 objects`.
#[must_use]
pub fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// Bytes as people read them, in powers of 1,024.
#[must_use]
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return counted(usize::try_from(bytes).unwrap_or(usize::MAX), "byte");
    }
    // Tenths, rounded, without the inexactness of floating point.
    let mut tenths = bytes.saturating_mul(10) / 1024;
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}
