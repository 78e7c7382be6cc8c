//! A value that depends on a condition, in a condition.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>, wide: Condition) {
    t.condition("IsLarge", name.is(when(wide, "large", "small")));
}

fn main() {}
