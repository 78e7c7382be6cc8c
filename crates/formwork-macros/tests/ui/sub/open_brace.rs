//! A brace that is not closed.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>) {
    let text = sub!("{name-x");
}

fn main() {}
