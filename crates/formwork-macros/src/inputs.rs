//! `#[derive(Inputs)]`: a struct of `Input<T>`s becomes the parameters of a stack.
//!
//! What an option's value means to CloudFormation (whether a pattern compiles, whether a default fits it) is
//! for `check`, which sees all stacks; here is only what the struct alone can get wrong.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Expr, LitStr};

use crate::docs::description;
use crate::errors::Errors;
use crate::fields::{Field, Shape, check_names, copy_and_debug, logical_id};
use crate::options::{Known, Options};
use crate::source::source;

const SHAPE: Shape =
    Shape { derive: "Inputs", thing: "an input", wrapper: "Input", optional: false };

const OPTIONS: Known = Known {
    attribute: "input",
    thing: "an input",
    options: &[
        "name",
        "group",
        "label",
        "default",
        "form",
        "pattern",
        "explain",
        "allowed",
        "min_length",
        "max_length",
        "min",
        "max",
        "no_echo",
        "parameter_type",
    ],
};

/// One input, read.
struct Input {
    field: Field,
    name: LitStr,
    description: String,
    default: Option<Expr>,
    settings: Vec<TokenStream>,
}

/// The expansion of `#[derive(Inputs)]`.
pub fn expand(item: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let fields = SHAPE.fields(item, &mut errors);
    // A field that is no `Input` may not be `Copy`.
    let copy_and_debug = errors.is_empty().then(|| copy_and_debug(&item.ident, &fields));
    let inputs: Vec<Input> = fields.into_iter().map(|field| read(field, &mut errors)).collect();
    let names = inputs.iter().map(|input| (&input.field, &input.name));
    check_names(names, logical_id, &mut errors);
    let inputs = if errors.is_empty() { implement(item, &inputs) } else { stub(item, errors) };
    quote!(#copy_and_debug #inputs)
}

fn read(field: Field, errors: &mut Errors) -> Input {
    let mut options = Options::read(&field.attributes, &OPTIONS, errors);
    let description = description(&field.attributes);
    if description.is_empty() {
        let message = format!(
            "`{}` needs a doc comment: it becomes the parameter's description",
            field.ident
        );
        errors.push(&field.ident, message);
    }
    let mut settings = Vec::new();
    // First, so that what stands beside it counts.
    if let Some(form) = options.expression("form", errors) {
        settings.push(quote_spanned!(form.span()=> take(#form)));
    }
    for name in ["group", "label", "pattern", "explain"] {
        let member = quote::format_ident!("{name}");
        settings.extend(
            options
                .text(name, errors)
                .map(|text| quote!(#member = ::core::option::Option::Some(#text))),
        );
    }
    for name in ["min_length", "max_length"] {
        let member = quote::format_ident!("{name}");
        settings.extend(
            options
                .length(name, errors)
                .map(|n| quote!(#member = ::core::option::Option::Some(#n))),
        );
    }
    for name in ["min", "max"] {
        let member = quote::format_ident!("{name}");
        settings.extend(
            options
                .number(name, errors)
                .map(|n| quote!(#member = ::core::option::Option::Some(#n))),
        );
    }
    if options.flag("no_echo", errors) {
        settings.push(quote!(no_echo = true));
    }
    if let Some(text) = options.text("parameter_type", errors) {
        settings.push(quote!(parameter_type = ::std::borrow::Cow::Borrowed(#text)));
    }
    let allowed = options.literals("allowed", errors);
    if !allowed.is_empty() {
        let allowed = allowed.iter().map(|value| literal(&field, value));
        settings.push(quote!(allowed = ::std::vec![#(#allowed),*]));
    }
    let default = options.expression("default", errors);
    if let Some(default) = &default {
        let default = literal(&field, default);
        settings.push(quote!(default = ::core::option::Option::Some(#default)));
    }
    let name = field.name(options.text("name", errors));
    Input { field, name, description, default, settings }
}

/// A literal of the input's type; a wrong one is reported where it was written.
fn literal(field: &Field, value: &Expr) -> TokenStream {
    let meaning = &field.meaning;
    quote_spanned!(value.span()=> ::formwork::DefaultFor::<#meaning>::default_node(#value))
}

fn implement(item: &DeriveInput, inputs: &[Input]) -> TokenStream {
    let ident = &item.ident;
    let fields: Vec<_> = inputs.iter().map(|input| &input.field.ident).collect();
    let specs = inputs.iter().map(|input| {
        let Input { field, name, description, settings, .. } = input;
        let (meaning, declared) = (&field.meaning, source(field.ident.span()));
        let new = quote_spanned!(meaning.span()=> ::formwork::InputSpec::new::<#meaning>);
        let spec = quote!(#new(#name, #description, #declared));
        if settings.is_empty() {
            return spec;
        }
        quote!({
            let mut spec = #spec;
            #(spec.#settings;)*
            spec
        })
    });
    let positions = 0..inputs.len();
    let default = inputs.iter().all(|input| input.default.is_some()).then(|| {
        quote! {
            #[automatically_derived]
            impl ::core::default::Default for #ident {
                fn default() -> Self {
                    #ident { #(#fields: ::formwork::by_default(),)* }
                }
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl ::formwork::Inputs for #ident {
            fn specs() -> ::std::vec::Vec<::formwork::InputSpec> {
                ::std::vec![#(#specs),*]
            }

            fn bind(parameters: &[::formwork::node::Node]) -> Self {
                #ident { #(#fields: ::formwork::Input::from_node(parameters[#positions]),)* }
            }

            fn given(self) -> ::std::vec::Vec<::formwork::node::Node> {
                ::std::vec![#(::formwork::IntoNode::into_node(self.#fields)),*]
            }
        }
        #default
    }
}

/// The errors, and an implementation that stands in so that no second error follows from the first.
fn stub(item: &DeriveInput, errors: Errors) -> TokenStream {
    let errors = errors.into_tokens();
    if !item.generics.params.is_empty() {
        return errors;
    }
    let ident = &item.ident;
    quote! {
        #errors
        #[automatically_derived]
        impl ::formwork::Inputs for #ident {
            fn specs() -> ::std::vec::Vec<::formwork::InputSpec> {
                ::std::vec::Vec::new()
            }

            fn bind(_: &[::formwork::node::Node]) -> Self {
                ::core::unreachable!()
            }

            fn given(self) -> ::std::vec::Vec<::formwork::node::Node> {
                ::std::vec::Vec::new()
            }
        }
    }
}
