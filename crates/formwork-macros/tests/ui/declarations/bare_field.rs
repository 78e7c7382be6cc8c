//! An input that is not an `Input`.

use formwork::prelude::*;

#[derive(Inputs)]
struct Inputs {
    /// A name.
    name: String,
}

fn main() {}
