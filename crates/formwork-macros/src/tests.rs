//! What each macro says about wrong code: one table a macro, one row a mistake.
//!
//! What right code comes to is tested where it compiles, in `formwork`; where an error points is tested
//! with the compiler, in `tests/ui`.

use proc_macro2::{TokenStream, TokenTree};
use syn::{DeriveInput, LitStr};

use crate::{attributes, choices, custom, inputs, outputs, sub};

/// The messages of all `compile_error!`s in an expansion, in order.
fn messages(tokens: TokenStream) -> Vec<String> {
    let mut messages = Vec::new();
    let mut after_error = false;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => after_error = ident == "compile_error",
            TokenTree::Group(group) if after_error => {
                let text: LitStr =
                    syn::parse2(group.stream()).expect("a compile error holds a text");
                messages.push(text.value());
                after_error = false;
            }
            TokenTree::Group(group) => messages.extend(self::messages(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    messages
}

/// Expands each source with `expand` and compares what is said; a right source says nothing.
fn check(expand: fn(&DeriveInput) -> TokenStream, cases: &[(&str, &[&str])]) {
    for (source, expected) in cases {
        let item = syn::parse_str(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        assert_eq!(messages(expand(&item)), *expected, "{source}");
    }
}

#[test]
fn inputs_say() {
    check(
        inputs::expand,
        &[
            ("struct I { /** A. */ a: Input<String> }", &[]),
            ("struct I { /** A. */ a: formwork::Input<List<ec2::SubnetId>> }", &[]),
            ("struct I {}", &[]),
            (
                "struct I { a: Input<String> }",
                &["`a` needs a doc comment: it becomes the parameter's description"],
            ),
            (
                "struct I { /** */ a: Input<String> }",
                &["`a` needs a doc comment: it becomes the parameter's description"],
            ),
            ("struct I { /** A. */ a: String }", &["an input is `Input<String>`, not `String`"]),
            (
                "struct I { /** A. */ a: &'static str }",
                &["an input is `Input<String>`, not `&'static str`"],
            ),
            (
                "struct I { /** A. */ a: Value<ec2::VpcId> }",
                &["an input is `Input<ec2::VpcId>`, not `Value<ec2::VpcId>`"],
            ),
            (
                "struct I { /** A. */ a: Option<Input<u32>> }",
                &["an input is `Input<i64>`, not `Option<Input<u32>>`"],
            ),
            (
                "struct I { /** A. */ a: Vec<String> }",
                &["an input is `Input<List<String>>`, not `Vec<String>`"],
            ),
            ("struct I { /** A. */ a: Input }", &["an input is `Input<Input>`, not `Input`"]),
        ],
    );
}

#[test]
fn options_of_inputs_say() {
    check(
        inputs::expand,
        &[
            (
                "struct I { /** A. */ #[input(defualt = 1)] a: Input<i64> }",
                &["an input has no `defualt`; did you mean `default`?"],
            ),
            (
                "struct I { /** A. */ #[input(colour = 1)] a: Input<i64> }",
                &[
                    "an input has no `colour`; it takes `name`, `group`, `label`, `default`, `form`, `pattern`, `explain`, `allowed`, `min_length`, `max_length`, `min`, `max`, `no_echo`, `parameter_type`",
                ],
            ),
            (
                "struct I { /** A. */ #[input(min = 1, min = 2)] a: Input<i64> }",
                &["`min` is given twice"],
            ),
            (
                "struct I { /** A. */ #[input(min = 1)] #[input(min = 2)] a: Input<i64> }",
                &["`min` is given twice"],
            ),
            ("struct I { /** A. */ #[input] a: Input<i64> }", &["write `#[input(name = …)]`"]),
            (
                "struct I { /** A. */ #[input(default)] a: Input<i64> }",
                &["`default` needs a value: write `default = …`"],
            ),
            (
                "struct I { /** A. */ #[input(label = 1)] a: Input<i64> }",
                &["`label` is a text: write `label = \"…\"`"],
            ),
            (
                "struct I { /** A. */ #[input(label)] a: Input<i64> }",
                &["`label` is a text: write `label = \"…\"`"],
            ),
            (
                "struct I { /** A. */ #[input(min_length = -1)] a: Input<i64> }",
                &["`min_length` is a number of characters: write `min_length = 1`"],
            ),
            (
                "struct I { /** A. */ #[input(max = \"9\")] a: Input<i64> }",
                &["`max` is a number: write `max = 1`"],
            ),
            ("struct I { /** A. */ #[input(min = -0.5, max = 9)] a: Input<f64> }", &[]),
            (
                "struct I { /** A. */ #[input(no_echo = true)] a: Input<i64> }",
                &["`no_echo` takes no value: write `no_echo`, or leave it out"],
            ),
            (
                "struct I { /** A. */ #[input(allowed = \"a\")] a: Input<String> }",
                &["`allowed` lists literals: write `allowed = [\"a\", \"b\"]`"],
            ),
            (
                "struct I { /** A. */ #[input(allowed = [])] a: Input<String> }",
                &["`allowed` lists literals: write `allowed = [\"a\", \"b\"]`"],
            ),
            (
                "struct I { /** A. */ #[input(allowed = [Mode::Full])] a: Input<Mode> }",
                &["`allowed` lists literals: write `allowed = [\"a\", \"b\"]`"],
            ),
            ("struct I { /** A. */ #[input(allowed = [-1, 0])] a: Input<i64> }", &[]),
            (
                "struct I { /** A. */ #[input(name = \"a-b\")] a: Input<i64> }",
                &["`a-b` cannot be a name: use letters and digits only"],
            ),
            (
                "struct I { /** A. */ az1: Input<i64>, /** B. */ az_1: Input<i64> }",
                &[
                    "`Az1` is the name of `az1` already: give one of them another with `name = \"…\"`",
                ],
            ),
            (
                "struct I(Input<String>);",
                &[
                    "`#[derive(Inputs)]` is for a struct with named fields: `pub struct I { pub name: Input<String> }`",
                ],
            ),
            (
                "enum I { A }",
                &[
                    "`#[derive(Inputs)]` is for a struct with named fields: `pub struct I { pub name: Input<String> }`",
                ],
            ),
            (
                "struct I<T> { /** A. */ a: Input<T> }",
                &["`#[derive(Inputs)]` takes no generics: name the types"],
            ),
            (
                "struct I { a: String, b: Input<String> }",
                &[
                    "an input is `Input<String>`, not `String`",
                    "`b` needs a doc comment: it becomes the parameter's description",
                ],
            ),
        ],
    );
}

#[test]
fn outputs_say() {
    check(
        outputs::expand,
        &[
            (
                "struct O { /** A. */ #[output(name = \"B\", export = \"c\")] a: Value<String> }",
                &[],
            ),
            (
                "struct O { a: Value<String> }",
                &["`a` needs a doc comment: it becomes the output's description"],
            ),
            ("struct O { /** A. */ a: String }", &["an output is `Value<String>`, not `String`"]),
            (
                "struct O { /** A. */ a: Handle<ec2::Vpc> }",
                &["an output is `Value<ec2::Vpc>`, not `Handle<ec2::Vpc>`"],
            ),
            (
                "struct O { /** A. */ a: Input<bool> }",
                &["an output is `Value<bool>`, not `Input<bool>`"],
            ),
            (
                "struct O { /** A. */ a: Option<Value<bool>> }",
                &["an output is `Value<bool>`, not `Option<Value<bool>>`"],
            ),
            (
                "struct O { /** A. */ #[output(exports = \"a\")] a: Value<String> }",
                &["an output has no `exports`; did you mean `export`?"],
            ),
            (
                "union O { a: Value<String> }",
                &[
                    "`#[derive(Outputs)]` is for a struct with named fields: `pub struct O { pub name: Value<String> }`",
                ],
            ),
        ],
    );
}

#[test]
fn attributes_say() {
    check(
        attributes::expand,
        &[
            ("struct A { #[attribute(name = \"Plan.Az1\")] az_1: Value<AvailabilityZone> }", &[]),
            ("struct A {}", &[]),
            ("struct A { a: i32 }", &["an attribute is `Value<i64>`, not `i32`"]),
            (
                "struct A { #[attribute(name = \"a b\")] a: Value<i64> }",
                &["`a b` cannot be a name: use letters, digits, `.`, `_` and `-` only"],
            ),
            (
                "struct A { #[attribute(nam = \"B\")] a: Value<i64> }",
                &["an attribute has no `nam`; did you mean `name`?"],
            ),
        ],
    );
}

#[test]
fn custom_resources_say() {
    check(
        custom::expand,
        &[
            (
                "#[custom(name = \"Custom::P\")] struct P { a: Value<i64>, b: Option<Value<i64>> }",
                &[],
            ),
            ("#[custom(name = \"Custom::P\", attributes = plan::Attributes)] struct P {}", &[]),
            (
                "struct P { a: Value<i64> }",
                &["a custom resource needs its type: write `#[custom(name = \"Custom::…\")]`"],
            ),
            (
                "#[custom(nmae = \"Custom::P\")] struct P {}",
                &["a custom resource has no `nmae`; did you mean `name`?"],
            ),
            (
                "#[custom(name = \"P\")] struct P {}",
                &["the type of a custom resource starts with `Custom::`: write `Custom::P`"],
            ),
            (
                "#[custom(name = \"Custom::A B\")] struct P {}",
                &["after `Custom::` come letters, digits, `_`, `@` and `-` only"],
            ),
            (
                "#[custom(name = \"Custom::A23456789012345678901234567890123456789012345678901234\")] struct P {}",
                &["the type of a custom resource has at most 60 characters; this has 62"],
            ),
            (
                "#[custom(name = \"Custom::P\", attributes = \"A\")] struct P {}",
                &["`attributes` is a type: write `attributes = MyAttributes`"],
            ),
            (
                "#[custom(name = \"Custom::P\")] struct P { a: Vec<String> }",
                &["a property is `Value<List<String>>`, not `Vec<String>`"],
            ),
            (
                "#[custom(name = \"Custom::P\")] struct P { service_token: Value<Arn> }",
                &["`ServiceToken` cannot be a name: it is the first argument of `Custom::new`"],
            ),
        ],
    );
}

#[test]
fn choices_say() {
    check(
        choices::expand,
        &[
            ("enum C { A, #[choice(\"real-time\")] B }", &[]),
            ("struct C { a: i64 }", &["choices are an enum: `pub enum C { First, Second }`"]),
            ("enum C {}", &["no variant, no choice: add one"]),
            ("enum C { A(i64) }", &["a choice is a name alone: write `A`"]),
            (
                "enum C { A, #[choice(\"A\")] B }",
                &[
                    "`A` is the value of `A` already: give one of them another with `#[choice(\"…\")]`",
                ],
            ),
            ("enum C { #[choice(A)] A }", &["write `#[choice(\"the-value\")]`"]),
            ("enum C { #[choice(\"a\")] #[choice(\"b\")] A }", &["`choice` is given twice"]),
            ("enum C<T> { A }", &["`#[derive(Choices)]` takes no generics"]),
        ],
    );
}

#[test]
fn sub_says() {
    let cases: &[(&str, &[&str])] = &[
        ("\"{}-{}\", a, b", &[]),
        ("\"{a}-{b}-{}\", c", &[]),
        ("\"{0}-{0}-{x}\", a, x = b.c()", &[]),
        ("\"${{A}}-{a}\",", &[]),
        ("\"{}-{}\", x", &["2 `{}` in the text, but 1 value is given"]),
        ("\"a-{}\"", &["1 `{}` in the text, but no value is given"]),
        ("\"{}{}{}\", x, y", &["3 `{}` in the text, but 2 values are given"]),
        ("\"{}-\", x = 1", &["1 `{}` in the text, but no value is given"]),
        ("\"a-{2}\", x, y", &["`{2}` in the text, which counts from 0, but 2 values are given"]),
        ("\"text\", x", &["1 value is given, but the text has no `{}` for it"]),
        ("\"text\", x, y", &["2 values are given, but the text has no `{}` for them"]),
        ("\"a-{}\", x, y", &["2 values are given, but the text has a place for 1 only"]),
        ("\"a-{}\", x, y = 1", &["`y` is given, but the text has no `{y}`"]),
        ("\"{}-{x}\", a, x = 1, x = 2", &["`x` is given twice"]),
        ("\"{x}-{}\", x = 1, a", &["a value without a name comes before those with one"]),
        ("\"text\"", &["no `{}` in the text: write the literal itself"]),
        ("\"\"", &["no `{}` in the text: write the literal itself"]),
        (
            "\"{}\", role.arn()",
            &[
                "`sub!` around one value changes nothing but its meaning: write `role.arn()` itself, or `role.arn().untyped(\"why\")`",
            ],
        ),
        (
            "\"{x}\"",
            &[
                "`sub!` around one value changes nothing but its meaning: write `x` itself, or `x.untyped(\"why\")`",
            ],
        ),
        ("", &["`sub!` starts with its text: write `sub!(\"text-{}\", value)`"]),
        ("text", &["`sub!` starts with its text: write `sub!(\"text-{}\", value)`"]),
        ("5, x", &["`sub!` starts with its text: write `sub!(\"text-{}\", value)`"]),
        ("\"a-{}\" x", &["a comma comes before each value"]),
        ("\"a-{type}\"", &["`{type}` is no variable: `type` is a word of Rust's own"]),
        ("\"a-{:?}\", x", &["`sub!` has no format specifications: write `{}`"]),
    ];
    for (source, expected) in cases {
        let tokens = source.parse().unwrap_or_else(|error| panic!("{source}: {error}"));
        assert_eq!(messages(sub::expand(tokens)), *expected, "{source}");
    }
}
