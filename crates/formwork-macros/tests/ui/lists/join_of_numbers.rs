//! Numbers in a text that is joined.

use formwork::prelude::*;

fn define(t: &mut Template) {
    let ports: Value<String> = val(join(",", [80, 443]));
}

fn main() {}
