//! The arguments of `sub!` as they were written.

use proc_macro2::Span;
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, Lit, LitStr, Token};

use super::naming::name_of;
use crate::names::pascal_case;

/// `sub!("text", value, name = value)`.
pub struct Call {
    /// The text.
    pub text: LitStr,
    /// What comes after it.
    pub arguments: Vec<Argument>,
}

/// One argument after the text.
pub struct Argument {
    /// Its name, if it has one.
    pub name: Option<Ident>,
    /// Its value.
    pub value: Expr,
}

impl Argument {
    /// Whether `{name}` in the text means this one.
    pub fn is_called(&self, name: &str) -> bool {
        self.name.as_ref().is_some_and(|own| own == name)
    }

    /// What it is called should it become a variable of the `Fn::Sub`.
    pub fn name_in_template(&self, index: usize) -> String {
        let name = self.name.as_ref().map(|name| pascal_case(&name.to_string()));
        name.or_else(|| name_of(&self.value)).unwrap_or_else(|| format!("Value{}", index + 1))
    }

    /// The value in the author's own words, or `x` if these are many.
    pub fn written(&self) -> String {
        let text = self.value.to_token_stream().to_string();
        let text = text
            .replace(" . ", ".")
            .replace(" :: ", "::")
            .replace(" (", "(")
            .replace("( ", "(")
            .replace(" )", ")");
        if text.len() <= 40 && !text.contains('\n') { text } else { "x".to_owned() }
    }
}

impl Parse for Call {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let advice = "`sub!` starts with its text: write `sub!(\"text-{}\", value)`";
        if input.is_empty() {
            return Err(syn::Error::new(Span::call_site(), advice));
        }
        let text = match input.parse::<Expr>()? {
            Expr::Lit(literal) => match literal.lit {
                Lit::Str(text) => text,
                other => return Err(syn::Error::new_spanned(other, advice)),
            },
            other => return Err(syn::Error::new_spanned(other, advice)),
        };
        let mut arguments: Vec<Argument> = Vec::new();
        if input.parse::<Option<Token![,]>>()?.is_some() {
            let parsed = Punctuated::<Argument, Token![,]>::parse_terminated(input)?;
            arguments.extend(parsed);
        } else if !input.is_empty() {
            return Err(input.error("a comma comes before each value"));
        }
        for (index, argument) in arguments.iter().enumerate() {
            let Some(name) = &argument.name else {
                if arguments[..index].iter().any(|earlier| earlier.name.is_some()) {
                    let message = "a value without a name comes before those with one";
                    return Err(syn::Error::new_spanned(&argument.value, message));
                }
                continue;
            };
            if arguments[..index].iter().any(|earlier| earlier.name.as_ref() == Some(name)) {
                return Err(syn::Error::new_spanned(name, format!("`{name}` is given twice")));
            }
        }
        Ok(Call { text, arguments })
    }
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let named = input.peek(Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]);
        let name = if named {
            let name = input.parse()?;
            input.parse::<Token![=]>()?;
            Some(name)
        } else {
            None
        };
        Ok(Argument { name, value: input.parse()? })
    }
}
