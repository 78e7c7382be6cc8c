//! An input in a mapping.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>) {
    let names = t.mapping("Names", [("small", [("Name", name)])]);
}

fn main() {}
