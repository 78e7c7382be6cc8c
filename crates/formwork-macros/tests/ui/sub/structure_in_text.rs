//! A Rust value that is no text in text.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>) {
    let text = sub!("{}-x", Some("a"));
}

fn main() {}
