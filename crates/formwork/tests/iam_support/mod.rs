//! What the tests of policies share.

#![allow(dead_code, reason = "not every test uses all of it")]

use std::cell::Cell;

use formwork::node::{Key, Node, Target, TargetKind};
use formwork::prelude::*;
use formwork::render::{self, Format};
use formwork::{IntoNode, Source, Template};

/// A value as the template has it, in one line of JSON with `'` for `"`.
pub fn json(value: impl IntoNode) -> String {
    let node = value.into_node();
    let text = render::to_text(Format::Json, &[], &|_: &Key| None, |w| {
        w.map(|w| w.field("V", |w| w.list([()], |w, ()| w.node(&node))))
    });
    let text = text.expect("the value can be written");
    let document: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    document["V"][0].to_string().replace('"', "'")
}

/// A resource of a stack.
pub fn target(id: &'static str) -> Target {
    Target::new(TargetKind::Resource, id, None, Source::here())
}

/// A parameter of a stack.
pub fn parameter(name: &'static str) -> Node {
    Node::Ref(Target::new(TargetKind::Parameter, name, None, Source::here()))
}

/// An input of a stack.
pub fn input<T>(name: &'static str) -> Input<T> {
    Input::from_node(parameter(name))
}

thread_local! {
    static MADE: Cell<Option<[Condition; 2]>> = const { Cell::new(None) };
}

/// The conditions `Yes` and `No` of a stack.
pub fn conditions() -> [Condition; 2] {
    fn define(t: &mut Template, (): ()) {
        let yes = t.condition("Yes", pseudo::REGION.is("a"));
        let no = t.condition("No", !yes);
        MADE.set(Some([yes, no]));
    }
    let _ = Stack::new("test", "A test", define).template();
    MADE.get().expect("the stack was defined")
}
