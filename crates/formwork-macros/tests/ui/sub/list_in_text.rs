//! A list in text.

use formwork::prelude::*;

fn define(t: &mut Template, zones: Input<List<String>>) {
    let text = sub!("{}-x", zones);
}

fn main() {}
