//! Prints a struct with properties: its constructor, the struct of its required properties, its setters.

use std::fmt::Write;

use crate::count::Counts;
use crate::docs::{self, code};
use crate::model::{Property, Struct, Takes};

/// Whether the properties are those of a resource or of a property type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// Inside a `Body`.
    Resource,
    /// The struct's own.
    Property,
}

impl Holder {
    fn empty(self) -> &'static str {
        match self {
            Holder::Resource => "formwork::Body::default()",
            Holder::Property => "formwork::Properties::default()",
        }
    }
}

/// Prints a property type.
pub fn property_type(structure: &Struct, out: &mut String, written: &mut Counts) {
    let Struct { name, page, .. } = structure;
    let _ = match page {
        Some(page) => writeln!(out, "\n/// The property type [{name}]({page})."),
        None => writeln!(out, "\n/// The property type {name}."),
    };
    let _ = write!(
        out,
        "#[must_use]\npub struct {name}(formwork::Properties);\n\n\
         impl formwork::Property for {name} {{\n    #[inline]\n    fn into_node(self) -> formwork::node::Node {{\n        \
         self.0.into_node()\n    }}\n}}\n\n\
         impl formwork::Set for {name} {{\n    #[inline]\n    fn properties(&mut self) -> &mut formwork::Properties {{\n        \
         &mut self.0\n    }}\n}}\n"
    );
    members(structure, Holder::Property, out, written);
}

/// Prints the constructor, the setters and what they need.
pub fn members(structure: &Struct, holder: Holder, out: &mut String, written: &mut Counts) {
    let required = structure.required();
    if required.len() > 1 {
        required_struct(structure, &required, out, written);
    }
    let _ = writeln!(out, "\nimpl {} {{", structure.name);
    constructor(structure, &required, holder, out, written);
    for property in structure.properties.iter().filter(|property| !property.required) {
        setter(property, structure.page.as_ref(), out);
        written.property(&structure.origins, &property.name);
    }
    out.push_str("}\n");
}

fn constructor(
    structure: &Struct,
    required: &[&Property],
    holder: Holder,
    out: &mut String,
    written: &mut Counts,
) {
    let (name, empty) = (&structure.name, holder.empty());
    let _ = match required {
        [] => write!(
            out,
            "    /// Without any property.\n    #[inline]\n    pub fn new() -> Self {{\n        Self({empty})\n    }}\n"
        ),
        [property] => {
            written.property(&structure.origins, &property.name);
            write!(
                out,
                "    /// With what is required: {}.\n    pub fn new({}: impl {}) -> Self {{\n        \
                 Self(put::{}({empty}, \"{}\", {}))\n    }}\n",
                documentation(property, structure.page.as_ref()),
                property.setter,
                bound(property, true),
                conversion(property.takes),
                property.name,
                property.setter,
            )
        }
        _ => {
            let properties = if holder == Holder::Resource { "it.properties" } else { "it" };
            write!(
                out,
                "    /// With what is required: a [`{name}Required`].\n    \
                 pub fn new(required: impl formwork::Fields<Self>) -> Self {{\n        \
                 let mut it = {empty};\n        required.put(&mut {properties});\n        Self(it)\n    }}\n"
            )
        }
    };
}

fn required_struct(
    structure: &Struct,
    required: &[&Property],
    out: &mut String,
    written: &mut Counts,
) {
    let name = &structure.name;
    let letters: Vec<String> = (0..required.len()).map(letter).collect();
    let bounds = || letters.iter().zip(required);
    let _ =
        writeln!(out, "\n/// The required properties of [`{name}`].\npub struct {name}Required<");
    for (letter, property) in bounds() {
        let _ = writeln!(out, "    {letter}: {},", bound(property, true));
    }
    out.push_str("> {\n");
    for (letter, property) in bounds() {
        let _ = writeln!(
            out,
            "    /// {}.\n    pub {}: {letter},",
            documentation(property, structure.page.as_ref()),
            property.setter
        );
        written.property(&structure.origins, &property.name);
    }
    let letters = letters.join(", ");
    let _ = writeln!(
        out,
        "}}\n\n#[diagnostic::do_not_recommend]\nimpl<{letters}> formwork::Fields<{name}> for {name}Required<{letters}>\nwhere"
    );
    for (letter, property) in bounds() {
        let _ = writeln!(out, "    {letter}: {},", bound(property, true));
    }
    out.push_str("{\n    fn put(self, properties: &mut formwork::Properties) {\n");
    for property in required {
        let Property { name, setter, takes, .. } = property;
        let _ = writeln!(
            out,
            "        put::{}(&mut *properties, \"{name}\", self.{setter});",
            conversion(*takes)
        );
    }
    out.push_str("    }\n}\n");
}

/// `A` to `Z`, then `A1` and so on.
fn letter(n: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(n % 26).expect("less than 26"));
    if n < 26 { letter.to_string() } else { format!("{letter}{}", n / 26) }
}

fn setter(property: &Property, page: Option<&String>, out: &mut String) {
    let _ = write!(
        out,
        "\n    /// {}.\n    pub fn {}(self, value: impl {}) -> Self {{\n        \
         Self(put::{}(self.0, \"{}\", value))\n    }}\n",
        documentation(property, page),
        property.setter,
        bound(property, false),
        conversion(property.takes),
        property.name,
    );
}

fn bound(property: &Property, required: bool) -> String {
    let place = if required { ", Required" } else { "" };
    let name = match property.takes {
        Takes::Value => "IntoValue",
        Takes::List => "IntoList",
        Takes::Map => "IntoMap",
    };
    format!("{name}<{}{place}>", property.rust_type)
}

fn conversion(takes: Takes) -> &'static str {
    match takes {
        Takes::Value => "value",
        Takes::List => "list",
        Takes::Map => "map",
    }
}

/// A property's name with a link to it on AWS's page, and what holds of it.
fn documentation(property: &Property, page: Option<&String>) -> String {
    let name = match page.and_then(|page| docs::anchor(page, &property.name)) {
        Some(link) => format!("[{}]({link})", code(&property.name)),
        None => code(&property.name),
    };
    match property.constraints.as_str() {
        "" => name,
        constraints => format!("{name}: {constraints}"),
    }
}
