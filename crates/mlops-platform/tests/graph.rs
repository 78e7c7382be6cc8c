//! The committed picture of the platform is what the code draws: `docs/platform.svg`, which the documentation shows.

#![allow(missing_docs, reason = "a test")]

use std::fs;
use std::path::Path;

#[test]
fn the_committed_picture_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/platform.svg");
    let drawn = mlops_platform::assembly().graph().overview().svg();
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        fs::write(&path, &drawn).expect("the picture can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == drawn,
        "docs/platform.svg is stale: look at what `cargo xtask graph` draws, and accept it with \
         `INSTA_UPDATE=always cargo test -p mlops-platform --test graph`"
    );
}
