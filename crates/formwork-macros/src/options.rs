//! What stands in an attribute such as `#[input(default = true, no_echo)]`.
//!
//! Each macro names the options it knows; a misspelt, doubled or wrongly filled one is an error on its own
//! tokens. Nothing in here knows what an option means.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, ExprUnary, Ident, Lit, LitStr, Meta, Token, UnOp};

use crate::errors::Errors;
use crate::names::closest;

/// An attribute and what it may hold.
pub struct Known {
    /// Its name: `input`.
    pub attribute: &'static str,
    /// What has it, for messages: `an input`.
    pub thing: &'static str,
    /// The options that it takes.
    pub options: &'static [&'static str],
}

/// One option as it was written.
struct Given {
    name: Ident,
    value: Option<Expr>,
}

impl Parse for Given {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name: Ident = syn::ext::IdentExt::parse_any(input)?;
        let value =
            if input.parse::<Option<Token![=]>>()?.is_some() { Some(input.parse()?) } else { None };
        Ok(Given { name, value })
    }
}

/// The options that were written on one field, variant or type.
pub struct Options(Vec<Given>);

impl Options {
    /// Reads those of the attribute `known` and refuses what it does not take.
    pub fn read(attributes: &[Attribute], known: &Known, errors: &mut Errors) -> Self {
        let mut options: Vec<Given> = Vec::new();
        for attribute in
            attributes.iter().filter(|attribute| attribute.path().is_ident(known.attribute))
        {
            let Meta::List(list) = &attribute.meta else {
                let first = known.options[0];
                errors.push(attribute, format!("write `#[{}({first} = …)]`", known.attribute));
                continue;
            };
            match list.parse_args_with(Punctuated::<Given, Token![,]>::parse_terminated) {
                Ok(given) => {
                    for option in given {
                        accept(option, &mut options, known, errors);
                    }
                }
                Err(error) => errors.add(error),
            }
        }
        Options(options)
    }

    fn take(&mut self, name: &str) -> Option<Given> {
        let index = self.0.iter().position(|option| option.name == name)?;
        Some(self.0.swap_remove(index))
    }

    /// Any expression: `default = 5`.
    pub fn expression(&mut self, name: &str, errors: &mut Errors) -> Option<Expr> {
        let option = self.take(name)?;
        if option.value.is_none() {
            errors.push(&option.name, format!("`{name}` needs a value: write `{name} = …`"));
        }
        option.value
    }

    /// A text: `label = "VPC range"`.
    pub fn text(&mut self, name: &str, errors: &mut Errors) -> Option<LitStr> {
        let option = self.take(name)?;
        match option.value {
            Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) => Some(text),
            value => refuse(
                &option.name,
                value,
                &format!("`{name}` is a text: write `{name} = \"…\"`"),
                errors,
            ),
        }
    }

    /// A whole number that is not negative: `min_length = 1`.
    pub fn length(&mut self, name: &str, errors: &mut Errors) -> Option<u32> {
        let option = self.take(name)?;
        if let Some(Expr::Lit(ExprLit { lit: Lit::Int(number), .. })) = &option.value
            && let Ok(length) = number.base10_parse()
        {
            return Some(length);
        }
        let message = format!("`{name}` is a number of characters: write `{name} = 1`");
        refuse(&option.name, option.value, &message, errors)
    }

    /// A number: `max = 0.5`, `min = -1`.
    pub fn number(&mut self, name: &str, errors: &mut Errors) -> Option<f64> {
        let option = self.take(name)?;
        match option.value.as_ref().and_then(number) {
            Some(number) => Some(number),
            None => refuse(
                &option.name,
                option.value,
                &format!("`{name}` is a number: write `{name} = 1`"),
                errors,
            ),
        }
    }

    /// A word alone: `no_echo`.
    pub fn flag(&mut self, name: &str, errors: &mut Errors) -> bool {
        let Some(option) = self.take(name) else { return false };
        if let Some(value) = option.value {
            errors.push(value, format!("`{name}` takes no value: write `{name}`, or leave it out"));
        }
        true
    }

    /// Literals in brackets: `allowed = ["a", "b"]`.
    pub fn literals(&mut self, name: &str, errors: &mut Errors) -> Vec<Expr> {
        let Some(option) = self.take(name) else { return Vec::new() };
        let message = format!("`{name}` lists literals: write `{name} = [\"a\", \"b\"]`");
        let Some(Expr::Array(array)) = option.value else {
            refuse::<()>(&option.name, option.value, &message, errors);
            return Vec::new();
        };
        if array.elems.is_empty() {
            errors.push(&array, message);
            return Vec::new();
        }
        for element in array.elems.iter().filter(|element| !is_literal(element)) {
            errors.push(element, &message);
        }
        array.elems.into_iter().filter(is_literal).collect()
    }
}

fn accept(option: Given, options: &mut Vec<Given>, known: &Known, errors: &mut Errors) {
    let name = option.name.to_string();
    if options.iter().any(|other| other.name == option.name) {
        errors.push(&option.name, format!("`{name}` is given twice"));
    } else if known.options.contains(&name.as_str()) {
        options.push(option);
    } else {
        let cure = match closest(&name, known.options) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("it takes `{}`", known.options.join("`, `")),
        };
        errors.push(&option.name, format!("{} has no `{name}`; {cure}", known.thing));
    }
}

fn refuse<T>(name: &Ident, value: Option<Expr>, message: &str, errors: &mut Errors) -> Option<T> {
    let tokens: TokenStream = value.map_or_else(|| name.to_token_stream(), Expr::into_token_stream);
    errors.push(tokens, message);
    None
}

fn number(value: &Expr) -> Option<f64> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse().ok(),
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => number.base10_parse().ok(),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => {
            number_of_literal(expr).map(std::ops::Neg::neg)
        }
        _ => None,
    }
}

fn number_of_literal(value: &Expr) -> Option<f64> {
    if matches!(value, Expr::Lit(_)) { number(value) } else { None }
}

fn is_literal(value: &Expr) -> bool {
    match value {
        Expr::Lit(_) => true,
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => matches!(**expr, Expr::Lit(_)),
        _ => false,
    }
}
