//! One value alone, which would lose its meaning.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>) {
    let text = sub!("{}", name);
}

fn main() {}
