//! A stack of made-up resources that look like real ones: about six properties each, with tags, a composed text, an
//! attribute, a condition and a dependency.

use formwork::prelude::*;
use formwork::{Stack, Template};

/// A stack of `count` resources.
pub fn stack(name: &'static str, count: usize) -> Template {
    let mut template = Stack::<(), ()>::new(name, "A stack to measure", |_, ()| {}).template();
    fill(&mut template, count);
    template
}

fn fill(t: &mut Template, count: usize) {
    let milan = t.condition("InMilan", pseudo::REGION.is("eu-south-1"));
    let mut last = t.add("First", Raw::new("AWS::Made::Up"));
    for number in 1..count {
        let resource = Raw::new("AWS::Made::Up")
            .set("Name", sub!("{}-thing-{number}", pseudo::REGION))
            .set("Size", 3)
            .set("Enabled", true)
            .set("NextArn", last.raw_attribute("Arn"))
            .set("Days", when(milan, 30, no_value()))
            .set("Tags", [object([("Key", any("CostCenter")), ("Value", any("012345"))])]);
        last = t.add(format!("Thing{number}"), resource);
    }
}
