//! A default that is none of the choices.

use formwork::prelude::*;

#[derive(Clone, Copy, Choices)]
enum Size {
    Small,
    Large,
}

#[derive(Inputs)]
struct Inputs {
    /// How large.
    #[input(default = Size::Medium)]
    size: Input<Size>,
}

fn main() {}
