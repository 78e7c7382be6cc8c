//! An input without a doc comment.

use formwork::prelude::*;

#[derive(Inputs)]
struct Inputs {
    name: Input<String>,
}

fn main() {}
