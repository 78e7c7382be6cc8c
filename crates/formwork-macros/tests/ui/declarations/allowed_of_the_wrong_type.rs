//! Allowed values that are no numbers.

use formwork::prelude::*;

#[derive(Inputs)]
struct Inputs {
    /// How many.
    #[input(allowed = [1, "two"])]
    count: Input<i64>,
}

fn main() {}
