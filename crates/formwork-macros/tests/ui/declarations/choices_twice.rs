//! Two variants with one value.

use formwork::prelude::*;

#[derive(Clone, Copy, Choices)]
enum Size {
    Small,
    #[choice("Small")]
    Tiny,
}

fn main() {}
