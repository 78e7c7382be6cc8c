//! A text as the default where a variant belongs.

use formwork::prelude::*;

#[derive(Clone, Copy, Choices)]
enum Size {
    Small,
    Large,
}

#[derive(Inputs)]
struct Inputs {
    /// How large.
    #[input(default = "Small")]
    size: Input<Size>,
}

fn main() {}
