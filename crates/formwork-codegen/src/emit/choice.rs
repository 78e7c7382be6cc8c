//! Prints an enum of text: its variants, and the way out for a value newer than the schema.

use std::fmt::Write;

use super::copy;
use crate::count::Counts;
use crate::docs::code;
use crate::model::Choice;

/// Prints an enum.
pub fn choice(choice: &Choice, out: &mut String, written: &mut Counts) {
    let Choice { name, wanted, values, origins } = choice;
    let _ = write!(out, "\n/// The values of {}.\npub enum {name} {{\n", code(wanted));
    for (variant, value) in values {
        let _ = writeln!(out, "    /// {}\n    {variant},", code(value));
        written.value(origins, value);
    }
    let _ = write!(
        out,
        "    /// A value that the schema does not know.\n    Other(&'static str),\n}}\n\n\
         impl formwork::Property for {name} {{\n    #[inline]\n    fn into_node(self) -> formwork::node::Node {{\n        \
         formwork::node::Node::Text(match self {{\n"
    );
    for (variant, value) in values {
        let _ = writeln!(out, "            {name}::{variant} => {value:?},");
    }
    let _ = write!(
        out,
        "            {name}::Other(value) => value,\n        }})\n    }}\n}}\n\n\
         impl formwork::Is<String> for {name} {{}}\n"
    );
    copy(name, out);
}
