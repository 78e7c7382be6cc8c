//! The macros of Formwork. `formwork` exports them again; nobody depends on this crate directly.
//!
//! They turn what an author writes once (a struct, an enum, a text) into calls of `formwork`'s own functions,
//! and say what is wrong on the author's tokens. They know no AWS type, and nothing of how a template is
//! written.

mod attributes;
mod choices;
mod custom;
mod docs;
mod errors;
mod fields;
mod inputs;
mod names;
mod options;
mod outputs;
mod source;
mod sub;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Text with Rust values in it: `Fn::Sub`, spelled as `format!` is.
///
/// `{}` takes the next value, `{0}` the one at an index, `{name}` a named value or the Rust variable of that
/// name; `{{` and `}}` are literal braces. There are no format specifications.
///
/// ```
/// use formwork::prelude::*;
/// # fn define(name: Input<String>) -> Value<String> {
/// let text = sub!("{name}-${{Literal}}-{}", pseudo::REGION);
/// # val(text)
/// # }
/// ```
#[proc_macro]
pub fn sub(input: TokenStream) -> TokenStream {
    sub::expand(input.into()).into()
}

/// A struct of `Input<T>`s as the parameters of a stack.
///
/// The doc comment of a field is the parameter's description. The struct becomes `Copy` too, and if every
/// field has a default it gets `Default`. `#[input(…)]` takes:
///
/// | option | CloudFormation |
/// |---|---|
/// | `name = "VpcCidr"` | the parameter's name; else the field's, `vpc_cidr` as `VpcCidr` |
/// | `group = "Network"`, `label = "VPC range"` | how the console shows it |
/// | `default = …` | `Default`: a text, a number, `true`, a variant, an array |
/// | `pattern = "[a-z]+"` | `AllowedPattern` |
/// | `explain = "letters"` | `ConstraintDescription` |
/// | `form = COST_CENTER` | those two and the lengths, from a constant of type `Form` that several stacks take |
/// | `allowed = ["a", "b"]` | `AllowedValues`; an enum with `#[derive(Choices)]` says them by itself |
/// | `min_length = 1`, `max_length = 9` | `MinLength`, `MaxLength` |
/// | `min = 0.5`, `max = 9` | `MinValue`, `MaxValue` |
/// | `no_echo` | `NoEcho` |
/// | `parameter_type = "String"` | `Type`, where that of `T` is too narrow |
///
/// ```
/// use formwork::prelude::*;
///
/// #[derive(Inputs)]
/// pub struct Inputs {
///     /// Address range of the VPC.
///     #[input(group = "Network", label = "VPC range", default = "10.0.0.0/16")]
///     pub vpc_cidr: Input<Cidr>,
/// }
/// ```
#[proc_macro_derive(Inputs, attributes(input))]
pub fn inputs(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as DeriveInput);
    inputs::expand(&item).into()
}

/// A struct of `Value<T>`s as the outputs of a stack; it becomes `Copy` too.
///
/// The doc comment of a field is the output's description. `#[output(name = "…")]` renames it;
/// `#[output(export = "…")]` exports it to the other stacks of the account and region.
///
/// ```
/// use formwork::prelude::*;
///
/// #[derive(Outputs)]
/// pub struct Outputs {
///     /// Address range of the VPC.
///     #[output(export = "network-range")]
///     pub vpc_cidr: Value<Cidr>,
/// }
/// ```
#[proc_macro_derive(Outputs, attributes(output))]
pub fn outputs(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as DeriveInput);
    outputs::expand(&item).into()
}

/// A struct of `Value<T>`s as the attributes of a custom resource: each field is a `Fn::GetAtt`.
///
/// `#[attribute(name = "…")]` renames one; else `az_1` is `Az1`. The struct becomes `Copy` too. There is an
/// example at `formwork::Custom`.
#[proc_macro_derive(Attributes, attributes(attribute))]
pub fn attributes(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as DeriveInput);
    attributes::expand(&item).into()
}

/// A struct of `Value<T>`s and `Option<Value<T>>`s as the properties of a custom resource.
///
/// `#[custom(name = "Custom::…", attributes = …)]` on the struct says its type and what the function answers
/// with (nothing if `attributes` is left out); `#[property(name = "…")]` on a field renames a property. There is
/// an example at `formwork::Custom`.
#[proc_macro_derive(CustomResource, attributes(custom, property))]
pub fn custom_resource(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as DeriveInput);
    custom::expand(&item).into()
}

/// An enum whose variants are the only values of an input.
///
/// `#[choice("real-time")]` on a variant says its value where it is not the variant's name.
///
/// ```
/// use formwork::prelude::*;
///
/// #[derive(Clone, Copy, Choices)]
/// pub enum Size {
///     Small,
///     #[choice("extra-large")]
///     ExtraLarge,
/// }
///
/// #[derive(Inputs)]
/// pub struct Inputs {
///     /// How large.
///     #[input(default = Size::Small)]
///     pub size: Input<Size>,
/// }
/// ```
#[proc_macro_derive(Choices, attributes(choice))]
pub fn choices(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as DeriveInput);
    choices::expand(&item).into()
}
