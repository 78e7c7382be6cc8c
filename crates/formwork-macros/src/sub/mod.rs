//! `sub!`: text with Rust values in it, as `format!` writes it.
//!
//! The expansion builds a `formwork::Sub` piece by piece; the literal text and every value stay apart, so
//! that nothing in a text can be taken for a reference. How a `Fn::Sub` is written is not known here.

mod call;
mod naming;
mod text;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident, LitStr};

use crate::names::pascal_case;
use call::Call;
use text::{Piece, Slot};

/// The expansion of `sub!`.
pub fn expand(input: TokenStream) -> TokenStream {
    syn::parse2::<Call>(input)
        .and_then(|call| build(&call))
        .unwrap_or_else(syn::Error::into_compile_error)
}

fn build(call: &Call) -> syn::Result<TokenStream> {
    let error = |message: String| syn::Error::new(call.text.span(), message);
    let pieces = text::pieces(&call.text.value()).map_err(error)?;
    let values = resolve(&pieces, call)?;
    match (&pieces[..], values.len()) {
        (_, 0) => return Err(error("no `{}` in the text: write the literal itself".to_owned())),
        ([Piece::Slot(_)], _) => {
            return Err(syn::Error::new(values[0].span(), lone_value(&values[0], call)));
        }
        _ => {}
    }
    Ok(write(&pieces, &values, call))
}

/// What a place in the text stands for.
enum Value<'c> {
    /// The argument at an index.
    Argument(usize, &'c Expr),
    /// A Rust variable that the text itself names.
    Captured(Ident),
}

impl Value<'_> {
    fn span(&self) -> Span {
        match self {
            Value::Argument(_, expression) => expression.span(),
            Value::Captured(variable) => variable.span(),
        }
    }
}

fn lone_value(value: &Value<'_>, call: &Call) -> String {
    let x = match value {
        Value::Argument(index, _) => call.arguments[*index].written(),
        Value::Captured(variable) => variable.to_string(),
    };
    format!(
        "`sub!` around one value changes nothing but its meaning: write `{x}` itself, or `{x}.untyped(\"why\")`"
    )
}

/// The value of each place, in the order of the text. Too few and too many are errors.
fn resolve<'c>(pieces: &[Piece], call: &'c Call) -> syn::Result<Vec<Value<'c>>> {
    let error = |message: String| syn::Error::new(call.text.span(), message);
    let given = call.arguments.len();
    let places = pieces.iter().filter(|piece| matches!(piece, Piece::Slot(Slot::Next))).count();
    let positional = call.arguments.iter().take_while(|argument| argument.name.is_none()).count();
    if places > positional {
        return Err(error(format!("{places} `{{}}` in the text, but {}", are_given(positional))));
    }
    let (mut used, mut next, mut values) = (vec![false; given], 0, Vec::new());
    for piece in pieces {
        let Piece::Slot(slot) = piece else { continue };
        let index = match slot {
            Slot::Next => {
                next += 1;
                Some(next - 1)
            }
            Slot::Index(index) if *index < positional => Some(*index),
            Slot::Index(index) => {
                return Err(error(format!(
                    "`{{{index}}}` in the text, which counts from 0, but {}",
                    are_given(positional)
                )));
            }
            Slot::Named(name) => {
                call.arguments.iter().position(|argument| argument.is_called(name))
            }
        };
        values.push(match (index, slot) {
            (Some(index), _) => {
                used[index] = true;
                Value::Argument(index, &call.arguments[index].value)
            }
            (None, Slot::Named(name)) => Value::Captured(variable(name, &call.text)?),
            (None, _) => continue,
        });
    }
    match used.iter().position(|used| !used) {
        Some(index) => Err(unused(index, &used, call)),
        None => Ok(values),
    }
}

fn are_given(count: usize) -> String {
    match count {
        0 => "no value is given".to_owned(),
        1 => "1 value is given".to_owned(),
        count => format!("{count} values are given"),
    }
}

fn unused(index: usize, used: &[bool], call: &Call) -> syn::Error {
    let argument = &call.arguments[index];
    let message = match (&argument.name, used.iter().filter(|used| **used).count()) {
        (Some(name), _) => format!("`{name}` is given, but the text has no `{{{name}}}`"),
        (None, 0) if used.len() > 1 => {
            format!("{} values are given, but the text has no `{{}}` for them", used.len())
        }
        (None, 0) => "1 value is given, but the text has no `{}` for it".to_owned(),
        (None, places) => {
            format!("{} values are given, but the text has a place for {places} only", used.len())
        }
    };
    syn::Error::new_spanned(&argument.value, message)
}

/// The variable that `{name}` means, looked up where the text was written.
fn variable(name: &str, text: &LitStr) -> syn::Result<Ident> {
    let mut ident: Ident = syn::parse_str(name).map_err(|_| {
        syn::Error::new(
            text.span(),
            format!("`{{{name}}}` is no variable: `{name}` is a word of Rust's own"),
        )
    })?;
    ident.set_span(text.span());
    Ok(ident)
}

fn write(pieces: &[Piece], values: &[Value<'_>], call: &Call) -> TokenStream {
    let mut bindings = TokenStream::new();
    let mut chain = quote!(::formwork::Sub::new());
    let mut bound: Vec<usize> = Vec::new();
    let mut values_in_text = values.iter();
    for piece in pieces {
        let value = match piece {
            Piece::Text(text) => {
                let text = LitStr::new(text, call.text.span());
                chain.extend(quote!(.text(#text)));
                continue;
            }
            Piece::Slot(_) => values_in_text.next(),
        };
        match value {
            Some(Value::Captured(variable)) => {
                let name = pascal_case(&variable.to_string());
                chain.extend(quote_spanned!(variable.span()=> .value(#name, #variable)));
            }
            Some(Value::Argument(index, expression)) => {
                let name = call.arguments[*index].name_in_template(*index);
                let uses = values
                    .iter()
                    .filter(|value| matches!(value, Value::Argument(i, _) if i == index));
                if uses.count() == 1 {
                    chain.extend(quote_spanned!(expression.span()=> .value(#name, #expression)));
                    continue;
                }
                // A value that stands in the text more than once is computed once.
                let local = Ident::new(
                    &format!("value_{index}"),
                    expression.span().resolved_at(Span::mixed_site()),
                );
                if !bound.contains(index) {
                    bound.push(*index);
                    bindings.extend(quote!(let #local = #expression;));
                }
                chain.extend(quote_spanned!(expression.span()=> .value(#name, #local)));
            }
            None => {}
        }
    }
    if bindings.is_empty() { quote!(#chain.done()) } else { quote!({ #bindings #chain.done() }) }
}
