//! A number as the default of a text.

use formwork::prelude::*;

#[derive(Inputs)]
struct Inputs {
    /// The account.
    #[input(default = 123_456)]
    account: Input<AccountId>,
}

fn main() {}
