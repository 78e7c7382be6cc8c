//! `#[derive(Attributes)]`: a struct of `Value<T>`s becomes what can be read of a custom resource.
//!
//! Whether its function answers with them is nothing that can be known here.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, LitStr};

use crate::errors::Errors;
use crate::fields::{Field, Shape, check_names, copy_and_debug};
use crate::options::{Known, Options};

const SHAPE: Shape =
    Shape { derive: "Attributes", thing: "an attribute", wrapper: "Value", optional: false };

const OPTIONS: Known = Known { attribute: "attribute", thing: "an attribute", options: &["name"] };

/// The expansion of `#[derive(Attributes)]`.
pub fn expand(item: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let fields = SHAPE.fields(item, &mut errors);
    let whole = errors.is_empty();
    let names: Vec<LitStr> = fields.iter().map(|field| name(field, &mut errors)).collect();
    check_names(fields.iter().zip(&names), attribute_name, &mut errors);
    let implementation = whole.then(|| implement(item, &fields, &names));
    let errors = errors.into_tokens();
    quote!(#errors #implementation)
}

fn name(field: &Field, errors: &mut Errors) -> LitStr {
    let given = Options::read(&field.attributes, &OPTIONS, errors).text("name", errors);
    field.name(given)
}

fn attribute_name(name: &str) -> Option<&'static str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (name.is_empty() || !name.bytes().all(fits))
        .then_some("use letters, digits, `.`, `_` and `-` only")
}

fn implement(item: &DeriveInput, fields: &[Field], names: &[LitStr]) -> TokenStream {
    let ident = &item.ident;
    let members = fields.iter().map(|field| &field.ident);
    let target = if fields.is_empty() { quote!(_) } else { quote!(target) };
    let copy_and_debug = copy_and_debug(ident, fields);
    quote! {
        #copy_and_debug
        #[automatically_derived]
        impl ::formwork::Attributes for #ident {
            fn of(#target: ::formwork::node::Target) -> Self {
                #ident { #(#members: ::formwork::attribute(target, #names),)* }
            }
        }
    }
}
