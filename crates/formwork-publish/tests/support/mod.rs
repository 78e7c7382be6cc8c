//! What tests against a real S3 need: a `SeaweedFS` server of this machine, a proxy that makes things go wrong between
//! it and its client, and assemblies that are made in a moment. Nothing here signs a request: that is what is tested.

#![allow(dead_code, reason = "no test uses all of it")]

pub mod assemblies;
pub mod faults;
pub mod ports;
pub mod proxy;
pub mod weed;
pub mod wire;

use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A directory of one test. It goes with the test, unless that fails: then somebody will want to look.
pub struct Directory(PathBuf);

impl Deref for Directory {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl AsRef<Path> for Directory {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

/// A directory that only this call gets, empty.
pub fn directory(name: &str) -> Directory {
    Directory(new_directory(name))
}

/// A directory below cargo's own for what tests write; whoever makes it removes it.
fn new_directory(name: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let own = format!("{name}-{}-{number}", std::process::id());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(own);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    path
}
