//! A setter on a resource that no schema knows.

use formwork::prelude::*;

fn define(t: &mut Template) {
    t.add("Thing", Raw::new("AWS::New::Thing").name("first"));
}

fn main() {}
