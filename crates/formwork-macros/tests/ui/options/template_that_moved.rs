//! A template that was handed on already.

use formwork::prelude::*;
use formwork_aws::ec2;

const STACK: Stack<(), ()> = Stack::new("network", "The network", |_, ()| ());

fn define(t: &mut Template) {
    t.metadata("Note", "x");
    let mut template = STACK.template();
    drop(template);
    template.add("Vpc", ec2::Vpc::new());
}

fn main() {}
