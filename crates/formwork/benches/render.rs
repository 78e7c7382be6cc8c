//! How long it takes to check and render a template that is in memory.

#![allow(missing_docs, reason = "a benchmark")]

mod common;

use formwork::assembly::{Assembly, Settings};

fn main() {
    divan::main();
}

/// One stack of this many resources: all checks, YAML, hash, manifest.
#[divan::bench(args = [50, 500])]
fn yaml(bencher: divan::Bencher<'_, '_>, resources: usize) {
    let assembly = Assembly::new().with(common::stack("made-up", resources));
    bencher.bench(|| assembly.synth(Settings::default()));
}
