//! A number that is split as if it were text.

use formwork::prelude::*;

fn define(t: &mut Template, count: Input<i64>) {
    let parts = count.split(",");
}

fn main() {}
