//! A list where one value belongs.

use formwork::prelude::*;

fn define(t: &mut Template) {
    let name: Value<String> = val(["a", "b"]);
}

fn main() {}
