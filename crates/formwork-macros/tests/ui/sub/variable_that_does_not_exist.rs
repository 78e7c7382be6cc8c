//! A variable that does not exist.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>) {
    let text = sub!("{nam}-x");
}

fn main() {}
