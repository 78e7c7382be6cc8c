//! What an input must look like is a `Form`.

use formwork::prelude::*;

#[derive(Inputs)]
struct Inputs {
    /// Who pays.
    #[input(form = "[0-9]+")]
    cost_center: Input<String>,
}

fn main() {}
