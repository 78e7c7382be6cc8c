//! A format specification.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>) {
    let text = sub!("{:?}-x", name);
}

fn main() {}
