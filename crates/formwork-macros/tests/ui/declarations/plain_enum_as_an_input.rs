//! An enum without `Choices` as an input.

use formwork::prelude::*;

#[derive(Clone, Copy)]
enum Size {
    Small,
    Large,
}

#[derive(Inputs)]
struct Inputs {
    /// How large.
    size: Input<Size>,
}

fn main() {}
