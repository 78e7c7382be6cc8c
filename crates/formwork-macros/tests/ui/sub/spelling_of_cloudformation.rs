//! CloudFormation's spelling.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>) {
    let text = sub!("${Bucket}/x");
}

fn main() {}
