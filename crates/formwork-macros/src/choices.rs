//! `#[derive(Choices)]`: the variants of an enum become the allowed values of a parameter.
//!
//! `Clone` and `Copy` are for the user to derive: an enum may be more than a parameter.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Fields, Ident, LitStr, Variant};

use crate::errors::Errors;

/// The expansion of `#[derive(Choices)]`.
pub fn expand(item: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    if !item.generics.params.is_empty() {
        errors.push(&item.generics, "`#[derive(Choices)]` takes no generics");
    }
    let Data::Enum(data) = &item.data else {
        let message = format!("choices are an enum: `pub enum {} {{ First, Second }}`", item.ident);
        errors.push(&item.ident, message);
        return errors.into_tokens();
    };
    if data.variants.is_empty() {
        errors.push(&item.ident, "no variant, no choice: add one");
    }
    let mut known: Vec<(String, &Ident)> = Vec::new();
    let mut values = Vec::new();
    for variant in &data.variants {
        let value = value(variant, &mut errors);
        if let Some((text, other)) = known.iter().find(|(text, _)| *text == value.value()) {
            let message = format!(
                "`{text}` is the value of `{other}` already: give one of them another with `#[choice(\"…\")]`"
            );
            errors.push(&value, message);
        }
        known.push((value.value(), &variant.ident));
        values.push((&variant.ident, value));
    }
    if errors.is_empty() { implement(&item.ident, &values) } else { errors.into_tokens() }
}

/// The value of a variant: the one in `#[choice("…")]`, or the variant's name.
fn value(variant: &Variant, errors: &mut Errors) -> LitStr {
    if !matches!(variant.fields, Fields::Unit) {
        errors
            .push(&variant.fields, format!("a choice is a name alone: write `{}`", variant.ident));
    }
    let mut given: Option<LitStr> = None;
    for attribute in variant.attrs.iter().filter(|attribute| attribute.path().is_ident("choice")) {
        match renamed(attribute) {
            Some(_) if given.is_some() => errors.push(attribute, "`choice` is given twice"),
            Some(text) => given = Some(text),
            None => errors.push(attribute, "write `#[choice(\"the-value\")]`"),
        }
    }
    let name = variant.ident.to_string();
    given.unwrap_or_else(|| {
        LitStr::new(name.strip_prefix("r#").unwrap_or(&name), variant.ident.span())
    })
}

fn renamed(attribute: &Attribute) -> Option<LitStr> {
    attribute.parse_args().ok()
}

fn implement(ident: &Ident, values: &[(&Ident, LitStr)]) -> TokenStream {
    let texts: Vec<_> = values.iter().map(|(_, text)| text).collect();
    let variants = values.iter().map(|(variant, _)| variant);
    quote! {
        #[automatically_derived]
        impl ::formwork::Property for #ident {
            fn into_node(self) -> ::formwork::node::Node {
                ::formwork::node::Node::Text(match self { #(#ident::#variants => #texts,)* })
            }
        }

        #[automatically_derived]
        impl ::formwork::Choices for #ident {
            const VALUES: &'static [&'static str] = &[#(#texts),*];
        }

        #[automatically_derived]
        impl ::formwork::ParameterType for #ident {
            fn parameter_type() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed("String")
            }

            fn choices() -> &'static [&'static str] {
                <Self as ::formwork::Choices>::VALUES
            }
        }

        // A parameter of choices is text, as every textual meaning is.
        #[automatically_derived]
        impl ::formwork::Is<::std::string::String> for #ident {}
    }
}
