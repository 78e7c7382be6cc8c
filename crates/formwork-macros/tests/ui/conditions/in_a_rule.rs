//! A condition in a rule.

use formwork::prelude::*;

fn define(t: &mut Template, wide: Condition) {
    t.rule("Size", Rule::new().assert(wide, "choose a wide range"));
}

fn main() {}
