//! `#[derive(Outputs)]`: a struct of `Value<T>`s becomes the outputs of a stack.
//!
//! Which stack reads an output is nothing that is known here.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, LitStr};

use crate::docs::description;
use crate::errors::Errors;
use crate::fields::{Field, Shape, check_names, copy_and_debug, logical_id, some};
use crate::options::{Known, Options};

const SHAPE: Shape =
    Shape { derive: "Outputs", thing: "an output", wrapper: "Value", optional: false };

const OPTIONS: Known =
    Known { attribute: "output", thing: "an output", options: &["name", "export"] };

/// One output, read.
struct Output {
    field: Field,
    name: LitStr,
    description: String,
    export: Option<LitStr>,
}

/// The expansion of `#[derive(Outputs)]`.
pub fn expand(item: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let fields = SHAPE.fields(item, &mut errors);
    // A field that is no `Value` may not be `Copy`, and the trait wants that of the struct.
    let whole = errors.is_empty();
    let outputs: Vec<Output> = fields.into_iter().map(|field| read(field, &mut errors)).collect();
    check_names(
        outputs.iter().map(|output| (&output.field, &output.name)),
        logical_id,
        &mut errors,
    );
    let implementation = whole.then(|| implement(item, &outputs));
    let errors = errors.into_tokens();
    quote!(#errors #implementation)
}

fn read(field: Field, errors: &mut Errors) -> Output {
    let mut options = Options::read(&field.attributes, &OPTIONS, errors);
    let description = description(&field.attributes);
    if description.is_empty() {
        let message =
            format!("`{}` needs a doc comment: it becomes the output's description", field.ident);
        errors.push(&field.ident, message);
    }
    let export = options.text("export", errors);
    let name = field.name(options.text("name", errors));
    Output { field, name, description, export }
}

fn implement(item: &DeriveInput, outputs: &[Output]) -> TokenStream {
    let ident = &item.ident;
    let fields: Vec<_> = outputs.iter().map(|output| &output.field.ident).collect();
    let specs = outputs.iter().map(|Output { field, name, description, export }| {
        let (meaning, export) = (&field.meaning, some(export.as_ref()));
        let list = quote_spanned!(meaning.span()=> <#meaning as ::formwork::ParameterType>::LIST);
        quote! {
            ::formwork::OutputSpec { name: #name, description: #description, export: #export, list: #list }
        }
    });
    let positions = 0..outputs.len();
    let own: Vec<Field> = outputs.iter().map(|output| output.field.clone()).collect();
    let copy_and_debug = copy_and_debug(ident, &own);
    quote! {
        #copy_and_debug
        #[automatically_derived]
        impl ::formwork::Outputs for #ident {
            fn specs() -> ::std::vec::Vec<::formwork::OutputSpec> {
                ::std::vec![#(#specs),*]
            }

            fn given(self) -> ::std::vec::Vec<::formwork::node::Node> {
                ::std::vec![#(::formwork::Value::node(self.#fields)),*]
            }

            fn bind(read: &mut dyn ::core::ops::FnMut(usize) -> ::formwork::node::Node) -> Self {
                #ident { #(#fields: ::formwork::Value::from_node(read(#positions)),)* }
            }
        }
    }
}
