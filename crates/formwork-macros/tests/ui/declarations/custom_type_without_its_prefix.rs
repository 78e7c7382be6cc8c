//! A custom resource whose type lacks `Custom::`.

use formwork::prelude::*;

#[derive(CustomResource)]
#[custom(name = "Plan")]
struct Plan {
    services: Value<List<String>>,
}

fn main() {}
