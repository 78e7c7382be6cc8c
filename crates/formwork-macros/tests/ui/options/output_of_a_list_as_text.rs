//! A list as an output that is text.

use formwork::prelude::*;

fn define(t: &mut Template, zones: Input<List<String>>) {
    t.output("Zones", "All zones", zones);
}

fn main() {}
