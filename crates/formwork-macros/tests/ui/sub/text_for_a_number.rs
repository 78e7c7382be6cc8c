//! A text where a number belongs.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>) {
    let text: Value<i64> = val(sub!("{name}-x"));
}

fn main() {}
