//! Inputs that are an enum.

use formwork::prelude::*;

#[derive(Inputs)]
enum Inputs {
    /// A name.
    Name(Input<String>),
}

fn main() {}
