//! `#[derive(CustomResource)]`: a struct of `Value<T>`s becomes the properties of a custom resource.
//!
//! What the function behind it does with them is nothing that can be known here.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Expr, ExprPath, LitStr};

use crate::errors::Errors;
use crate::fields::{Field, Shape, check_names};
use crate::options::{Known, Options};

const SHAPE: Shape =
    Shape { derive: "CustomResource", thing: "a property", wrapper: "Value", optional: true };

const TYPE: Known =
    Known { attribute: "custom", thing: "a custom resource", options: &["name", "attributes"] };

const OPTIONS: Known = Known { attribute: "property", thing: "a property", options: &["name"] };

/// The longest name that CloudFormation takes for a custom type, `Custom::` included.
const LONGEST_NAME: usize = 60;

/// The expansion of `#[derive(CustomResource)]`.
pub fn expand(item: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let fields = SHAPE.fields(item, &mut errors);
    let mut options = Options::read(&item.attrs, &TYPE, &mut errors);
    let has_attribute =
        item.attrs.iter().any(|attribute| attribute.path().is_ident(TYPE.attribute));
    let type_name = options.text("name", &mut errors);
    match &type_name {
        Some(name) => check_type(name, &mut errors),
        None if has_attribute && !errors.is_empty() => {}
        None => {
            errors.push(
                &item.ident,
                "a custom resource needs its type: write `#[custom(name = \"Custom::…\")]`",
            );
        }
    }
    let attributes = attributes(&mut options, &mut errors);
    let names: Vec<LitStr> = fields.iter().map(|field| name(field, &mut errors)).collect();
    check_names(fields.iter().zip(&names), property_name, &mut errors);
    if !errors.is_empty() {
        return errors.into_tokens();
    }
    implement(item, type_name.as_ref(), &attributes, &fields, &names)
}

fn check_type(name: &LitStr, errors: &mut Errors) {
    let text = name.value();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_@-".contains(&byte);
    match text.strip_prefix("Custom::") {
        None => errors.push(
            name,
            format!("the type of a custom resource starts with `Custom::`: write `Custom::{text}`"),
        ),
        Some(own) if own.is_empty() || !own.bytes().all(fits) => {
            errors.push(name, "after `Custom::` come letters, digits, `_`, `@` and `-` only");
        }
        Some(_) if text.len() > LONGEST_NAME => {
            let message = format!(
                "the type of a custom resource has at most {LONGEST_NAME} characters; this has {}",
                text.len()
            );
            errors.push(name, message);
        }
        Some(_) => {}
    }
}

fn attributes(options: &mut Options, errors: &mut Errors) -> TokenStream {
    match options.expression("attributes", errors) {
        None => quote!(::formwork::NoAttributes),
        Some(Expr::Path(ExprPath { qself: None, path, .. })) => quote!(#path),
        Some(other) => {
            errors.push(other, "`attributes` is a type: write `attributes = MyAttributes`");
            TokenStream::new()
        }
    }
}

fn name(field: &Field, errors: &mut Errors) -> LitStr {
    let given = Options::read(&field.attributes, &OPTIONS, errors).text("name", errors);
    field.name(given)
}

fn property_name(name: &str) -> Option<&'static str> {
    match name {
        "" => Some("it is empty"),
        "ServiceToken" => Some("it is the first argument of `Custom::new`"),
        "ServiceTimeout" => Some("it is set with `.service_timeout(…)`"),
        _ => None,
    }
}

fn implement(
    item: &DeriveInput,
    type_name: Option<&LitStr>,
    attributes: &TokenStream,
    fields: &[Field],
    names: &[LitStr],
) -> TokenStream {
    let ident = &item.ident;
    let puts = fields.iter().zip(names).map(|(Field { ident, optional, .. }, name)| {
        if *optional {
            quote! {
                if let ::core::option::Option::Some(value) = self.#ident {
                    properties.push((#name, ::formwork::Value::node(value)));
                }
            }
        } else {
            quote!(properties.push((#name, ::formwork::Value::node(self.#ident)));)
        }
    });
    let count = fields.len();
    quote! {
        #[automatically_derived]
        impl ::formwork::CustomProperties for #ident {
            const TYPE: &'static str = #type_name;
            type Attributes = #attributes;

            fn properties(self) -> ::std::vec::Vec<(&'static str, ::formwork::node::Node)> {
                #[allow(unused_mut, reason = "a struct without fields has no properties")]
                let mut properties = ::std::vec::Vec::with_capacity(#count);
                #(#puts)*
                properties
            }
        }
    }
}
