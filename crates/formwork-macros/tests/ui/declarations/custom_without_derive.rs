//! A custom resource whose properties are a plain struct.

use formwork::prelude::*;

struct Plan {
    zones: i64,
}

fn define(t: &mut Template, function: Value<Arn>) {
    t.add("Plan", Custom::new(function, Plan { zones: 2 }));
}

fn main() {}
