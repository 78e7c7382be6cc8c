//! More values than places.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>) {
    let text = sub!("logs", name);
}

fn main() {}
