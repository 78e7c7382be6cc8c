//! An option that no input has.

use formwork::prelude::*;

#[derive(Inputs)]
struct Inputs {
    /// Whether it is large.
    #[input(defualt = true)]
    large: Input<bool>,
}

fn main() {}
