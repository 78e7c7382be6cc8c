//! A default that is no number.

use formwork::prelude::*;

#[derive(Inputs)]
struct Inputs {
    /// How many.
    #[input(default = "seven")]
    count: Input<i64>,
}

fn main() {}
