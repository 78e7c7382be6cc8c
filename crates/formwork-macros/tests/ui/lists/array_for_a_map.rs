//! An array where a map belongs.

use formwork::prelude::*;
use formwork_aws::lambda;

fn define(t: &mut Template) {
    let variables = lambda::Environment::new().variables(["LEVEL"]);
}

fn main() {}
