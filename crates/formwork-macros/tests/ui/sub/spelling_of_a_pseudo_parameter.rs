//! CloudFormation's spelling of a pseudo parameter.

use formwork::prelude::*;

fn define(t: &mut Template, name: Input<String>) {
    let text = sub!("x-${AWS::Region}");
}

fn main() {}
