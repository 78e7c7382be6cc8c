//! A variable where the text belongs.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>) {
    let text = sub!(name);
}

fn main() {}
