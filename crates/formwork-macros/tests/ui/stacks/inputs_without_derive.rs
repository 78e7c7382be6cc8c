//! Inputs that are a plain struct.

use formwork::prelude::*;

struct Inputs {
    name: Input<String>,
}

const STACK: Stack<Inputs, ()> = Stack::new("data", "The data", |_, _| ());

fn synth() {
    STACK.template();
}

fn main() {}
