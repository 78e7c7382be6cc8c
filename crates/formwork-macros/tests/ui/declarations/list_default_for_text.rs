//! A list as the default of a text.

use formwork::prelude::*;

#[derive(Inputs)]
struct Inputs {
    /// A name.
    #[input(default = ["a", "b"])]
    name: Input<String>,
}

fn main() {}
