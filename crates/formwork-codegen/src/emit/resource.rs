//! Prints the file of a resource type, and the file of what several of them share.

use std::fmt::Write;

use super::structure::Holder;
use super::{choice, copy, schema_header, structure};
use crate::count::Counts;
use crate::model::{Items, OwnMeaning, Resource, Service};
use crate::plan::Plan;

/// The file of a resource type.
pub fn file(resource: &Resource, plan: &Plan, written: &mut Counts) -> String {
    let mut body = String::new();
    definition(resource, &mut body);
    structure::members(&resource.structure, Holder::Resource, &mut body, written);
    written.resource(&resource.type_name);
    own_meanings(resource, &mut body);
    if !resource.attributes.is_empty() {
        attributes(resource, &mut body);
    }
    items(&resource.items, &mut body, written);
    with_imports(&schema_header(plan), &body)
}

/// The file of what several resource types of a service share.
pub fn shared_file(service: &Service, plan: &Plan, written: &mut Counts) -> String {
    let mut body = String::new();
    items(&service.shared, &mut body, written);
    with_imports(&schema_header(plan), &body)
}

/// The header, the imports that the body needs, and the body.
fn with_imports(header: &str, body: &str) -> String {
    let names = ["IntoList", "IntoMap", "IntoValue"];
    let mut used: Vec<&str> =
        names.into_iter().filter(|name| body.contains(&format!("{name}<"))).collect();
    if body.contains(", Required>") {
        used.push("Required");
    }
    let imports = match used.as_slice() {
        [] => String::new(),
        [name] => format!("\nuse crate::put;\nuse formwork::{name};\n"),
        names => format!("\nuse crate::put;\nuse formwork::{{{}}};\n", names.join(", ")),
    };
    format!("{header}{imports}{body}")
}

fn items(items: &Items, out: &mut String, written: &mut Counts) {
    for structure in &items.structs {
        structure::property_type(structure, out, written);
    }
    for choice in &items.enums {
        choice::choice(choice, out, written);
    }
}

fn definition(resource: &Resource, out: &mut String) {
    let (name, type_name) = (&resource.structure.name, &resource.type_name);
    let attributes = attributes_type(resource);
    let _ = match &resource.structure.page {
        Some(page) => writeln!(out, "\n/// The resource type [`{type_name}`]({page})."),
        None => writeln!(out, "\n/// The resource type `{type_name}`."),
    };
    let _ = write!(
        out,
        "#[must_use]\npub struct {name}(formwork::Body);\n\n\
         #[diagnostic::do_not_recommend]\n\
         impl formwork::Resource for {name} {{\n    \
         const TYPE: &'static str = \"{type_name}\";\n    type Ref = {};\n    type Attributes = {attributes};\n\n    \
         #[inline]\n    fn body(&mut self) -> &mut formwork::Body {{\n        &mut self.0\n    }}\n\n    \
         #[inline]\n    fn into_body(self) -> formwork::Body {{\n        self.0\n    }}\n}}\n",
        resource.reference,
    );
}

fn attributes_type(resource: &Resource) -> String {
    if resource.attributes.is_empty() {
        "formwork::NoAttributes".to_owned()
    } else {
        format!("{}Attributes", resource.structure.name)
    }
}

fn own_meanings(resource: &Resource, out: &mut String) {
    if resource.own.is_empty() {
        return;
    }
    out.push_str("\nformwork::meanings! {\n");
    for OwnMeaning { name, is_reference, broader, parameter_type } in &resource.own {
        let what = if *is_reference { "What `Ref` of" } else { "The ARN of" };
        let end = if *is_reference { " returns" } else { "" };
        let broader =
            if broader.is_empty() { String::new() } else { format!(": {}", broader.join(", ")) };
        let parameter = parameter_type.map(|kind| format!(" = \"{kind}\"")).unwrap_or_default();
        let _ = writeln!(
            out,
            "    /// {what} a [`{}`]{end}.\n    {name}{broader}{parameter};",
            resource.structure.name
        );
    }
    out.push_str("}\n");
}

fn attributes(resource: &Resource, out: &mut String) {
    let name = &resource.structure.name;
    let _ = write!(
        out,
        "\n/// What can be read of a [`{name}`].\n\
         pub struct {name}Attributes(formwork::node::Target);\n\n\
         impl formwork::Attributes for {name}Attributes {{\n    \
         #[inline]\n    fn of(target: formwork::node::Target) -> Self {{\n        {name}Attributes(target)\n    }}\n}}\n\n\
         impl {name}Attributes {{\n"
    );
    for (n, attribute) in resource.attributes.iter().enumerate() {
        let blank = if n == 0 { "" } else { "\n" };
        let _ = write!(
            out,
            "{blank}    /// The attribute `{0}`.\n    #[inline]\n    pub fn {1}(self) -> formwork::Value<{2}> {{\n        \
             formwork::attribute(self.0, \"{0}\")\n    }}\n",
            attribute.name, attribute.method, attribute.rust_type,
        );
    }
    out.push_str("}\n");
    copy(&format!("{name}Attributes"), out);
}
