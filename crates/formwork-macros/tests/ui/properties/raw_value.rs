//! A value that no template can hold.

use formwork::prelude::*;

fn define(t: &mut Template) {
    t.add("Thing", Raw::new("AWS::New::Thing").set("Wait", std::time::Duration::from_secs(5)));
}

fn main() {}
