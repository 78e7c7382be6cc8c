//! A text in a mapping of numbers.

use formwork::prelude::*;

fn define(t: &mut Template) {
    let sizes: Mapping<i64> = t.mapping("Sizes", [("small", [("Nodes", "one")])]);
}

fn main() {}
