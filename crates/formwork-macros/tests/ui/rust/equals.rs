//! `==` where `is` belongs.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>) {
    t.condition("IsData", name == "data");
}

fn main() {}
