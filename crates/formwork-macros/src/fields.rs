//! Structs whose fields all are `Input<T>` or `Value<T>`: their fields, and what is wrong with them.
//!
//! What the fields become is for the macro that reads them.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Data, DataStruct, DeriveInput, Fields, GenericArgument, Ident, LitStr,
    PathArguments, Type,
};

use crate::errors::Errors;
use crate::names::{is_logical_id, pascal_case};

/// What a macro wants of a struct.
pub struct Shape {
    /// The macro: `Inputs`.
    pub derive: &'static str,
    /// What a field is, for messages: `an input`.
    pub thing: &'static str,
    /// The type around each field's meaning: `Input`.
    pub wrapper: &'static str,
    /// Whether `Option<Value<T>>` is a field too.
    pub optional: bool,
}

/// A field of such a struct.
#[derive(Clone)]
pub struct Field {
    /// Its name in Rust.
    pub ident: Ident,
    /// Its attributes, doc comments among them.
    pub attributes: Vec<Attribute>,
    /// The `T` of `Input<T>` or `Value<T>`.
    pub meaning: Type,
    /// Whether it is an `Option`.
    pub optional: bool,
}

impl Shape {
    /// The fields, as far as their types are right. Everything else is an error.
    pub fn fields(&self, input: &DeriveInput, errors: &mut Errors) -> Vec<Field> {
        let Shape { derive, thing, wrapper, .. } = self;
        if !input.generics.params.is_empty() {
            errors.push(
                &input.generics,
                format!("`#[derive({derive})]` takes no generics: name the types"),
            );
        }
        let Data::Struct(DataStruct { fields: Fields::Named(fields), .. }) = &input.data else {
            let message = format!(
                "`#[derive({derive})]` is for a struct with named fields: `pub struct {} {{ pub name: {wrapper}<String> }}`",
                input.ident
            );
            errors.push(&input.ident, message);
            return Vec::new();
        };
        let mut good = Vec::new();
        for field in &fields.named {
            let (ty, optional) = match argument(&field.ty, "Option") {
                Some(inner) if self.optional => (inner, true),
                _ => (&field.ty, false),
            };
            let ident =
                field.ident.clone().unwrap_or_else(|| Ident::new("field", Span::call_site()));
            match argument(ty, wrapper) {
                Some(meaning) => good.push(Field {
                    ident,
                    attributes: field.attrs.clone(),
                    meaning: meaning.clone(),
                    optional,
                }),
                None => errors.push(
                    &field.ty,
                    format!(
                        "{thing} is `{wrapper}<{}>`, not `{}`",
                        meant(&field.ty),
                        written(&field.ty)
                    ),
                ),
            }
        }
        good
    }
}

impl Field {
    /// Its name in CloudFormation: the one that was given, or the field's in CloudFormation's spelling.
    pub fn name(&self, given: Option<LitStr>) -> LitStr {
        given.unwrap_or_else(|| {
            LitStr::new(&pascal_case(&self.ident.to_string()), self.ident.span())
        })
    }
}

/// The names of all fields, each of which must be a logical id, and none given twice.
pub fn check_names<'f>(
    fields: impl IntoIterator<Item = (&'f Field, &'f LitStr)>,
    fits: fn(&str) -> Option<&'static str>,
    errors: &mut Errors,
) {
    let mut known: Vec<(String, &Ident)> = Vec::new();
    for (Field { ident, .. }, name) in fields {
        let text = name.value();
        if let Some(complaint) = fits(&text) {
            errors.push(name, format!("`{text}` cannot be a name: {complaint}"));
        }
        if let Some((_, other)) = known.iter().find(|(known, _)| *known == text) {
            errors.push(
                name,
                format!("`{text}` is the name of `{other}` already: give one of them another with `name = \"…\"`"),
            );
        }
        known.push((text, ident));
    }
}

/// What is wrong with a name as a logical id.
pub fn logical_id(name: &str) -> Option<&'static str> {
    (!is_logical_id(name)).then_some("use letters and digits only")
}

/// The `T` of `wrapper<T>`, whatever path stands before it.
fn argument<'t>(ty: &'t Type, wrapper: &str) -> Option<&'t Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == wrapper)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match only(&arguments.args)? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

fn only<T, P>(items: &Punctuated<T, P>) -> Option<&T> {
    if items.len() == 1 { items.first() } else { None }
}

/// The meaning that a field of a wrong type most likely should have.
fn meant(ty: &Type) -> String {
    for wrapper in ["Input", "Value", "Option", "Handle"] {
        if let Some(inner) = argument(ty, wrapper) {
            return meant(inner);
        }
    }
    if let Some(inner) = argument(ty, "Vec") {
        return format!("List<{}>", meant(inner));
    }
    match written(ty).as_str() {
        "&'static str" | "&str" | "Text" => "String".to_owned(),
        "i8" | "i16" | "i32" | "u8" | "u16" | "u32" | "u64" | "isize" | "usize" => "i64".to_owned(),
        "f32" => "f64".to_owned(),
        other => other.to_owned(),
    }
}

/// A type as its author writes it.
fn written(ty: &Type) -> String {
    let mut text = ty.to_token_stream().to_string();
    for (spaced, tight) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}

/// `Clone`, `Copy` and `Debug`, without a bound on what the fields mean.
pub fn copy_and_debug(ident: &Ident, fields: &[Field]) -> TokenStream {
    let names = fields.iter().map(|field| &field.ident);
    let labels = fields.iter().map(|field| field.ident.to_string());
    let title = ident.to_string();
    quote! {
        #[automatically_derived]
        impl ::core::clone::Clone for #ident {
            fn clone(&self) -> Self {
                *self
            }
        }
        #[automatically_derived]
        impl ::core::marker::Copy for #ident {}
        #[automatically_derived]
        impl ::core::fmt::Debug for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#title) #(.field(#labels, &self.#names))* .finish()
            }
        }
    }
}

/// `Some("…")` or `None`.
pub fn some(text: Option<&LitStr>) -> TokenStream {
    text.map_or_else(
        || quote!(::core::option::Option::None),
        |text| quote!(::core::option::Option::Some(#text)),
    )
}
