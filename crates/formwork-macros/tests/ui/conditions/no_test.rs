//! A text where a test belongs.

use formwork::prelude::*;

fn define(t: &mut Template) {
    t.condition("IsLarge", "true");
}

fn main() {}
