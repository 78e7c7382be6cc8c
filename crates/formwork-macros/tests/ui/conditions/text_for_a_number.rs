//! A number compared with text.

use formwork::prelude::*;

fn define(t: &mut Template, count: Input<i64>) {
    t.condition("IsLarge", count.is("7"));
}

fn main() {}
