//! A text without a place.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>) {
    let text = sub!("logs");
}

fn main() {}
