//! One runner for all goldens of templates: a stack's YAML and its JSON, each in a file.

use formwork::assembly::{Assembly, KeyStyle, Settings};
use formwork::prelude::*;
use formwork::render::Format;
use formwork::{Stack, Template};

/// A resource of no real type.
pub fn thing() -> Raw {
    Raw::new("AWS::New::Thing")
}

/// Renders one stack and compares it with its goldens.
#[track_caller]
pub fn check(name: &'static str, template: Template) {
    let mut insta = insta::Settings::clone_current();
    insta.set_snapshot_path("../snapshots");
    insta.set_prepend_module_to_snapshot(false);
    let assembly = Assembly::new().with(template);
    for (format, extension) in [(Format::Yaml, "yaml"), (Format::Json, "json")] {
        let settings = Settings { format, keys: KeyStyle::Named };
        let done =
            assembly.synth(settings).unwrap_or_else(|problems| panic!("{name}:\n{problems}"));
        let text = &done.templates.last().expect("one template").text;
        insta.bind(|| insta::assert_snapshot!(format!("{name}.{extension}"), text));
    }
}

/// The template of a stack without inputs.
pub fn of(name: &'static str, define: fn(&mut Template, ())) -> Template {
    Stack::new(name, "A stack of a test", define).template()
}
