//! A stack whose definition takes other inputs.

use formwork::prelude::*;

#[derive(Inputs)]
struct Inputs {
    /// A name.
    name: Input<String>,
}

const STACK: Stack<Inputs, ()> = Stack::new("data", "The data", define);

fn define(t: &mut Template, _: ()) {
    t.add("Thing", Raw::new("AWS::New::Thing"));
}

fn main() {}
