//! An import of something that is no stack.

use formwork::prelude::*;

fn define(t: &mut Template) {
    t.import("network");
}

fn main() {}
