//! What a value is called should it become a variable of a `Fn::Sub`: the last word of its expression.

use syn::{Expr, Lit, Member};

use crate::names::pascal_case;

/// Methods that say how a value is taken, not what it is.
const TRANSPARENT: [&str; 12] = [
    "value",
    "reference",
    "untyped",
    "text",
    "select",
    "join",
    "split",
    "clone",
    "into",
    "to_string",
    "to_owned",
    "get",
];

/// The name in CloudFormation's spelling, if the expression has one.
pub fn name_of(expression: &Expr) -> Option<String> {
    let name = words_of(expression)?;
    let name: String = pascal_case(&name).chars().filter(char::is_ascii_alphanumeric).collect();
    name.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(name)
}

fn words_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        Expr::MethodCall(call) if TRANSPARENT.iter().any(|name| call.method == name) => {
            words_of(&call.receiver)
        }
        Expr::MethodCall(call) => Some(call.method.to_string()),
        Expr::Call(call) => words_of(&call.func),
        Expr::Field(field) => match &field.member {
            Member::Named(name) => Some(name.to_string()),
            Member::Unnamed(index) => Some(format!("{}_{}", words_of(&field.base)?, index.index)),
        },
        Expr::Index(index) => match &*index.index {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(number) => {
                    Some(format!("{}_{}", words_of(&index.expr)?, number.base10_digits()))
                }
                _ => words_of(&index.expr),
            },
            _ => words_of(&index.expr),
        },
        Expr::Reference(reference) => words_of(&reference.expr),
        Expr::Paren(inner) => words_of(&inner.expr),
        Expr::Group(inner) => words_of(&inner.expr),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn names() {
        let cases = [
            ("bucket", Some("Bucket")),
            ("pseudo::REGION", Some("Region")),
            ("role.role_id()", Some("RoleId")),
            ("infra.domain_id", Some("DomainId")),
            ("subnets[0]", Some("Subnets0")),
            ("subnets[i]", Some("Subnets")),
            ("zones.select(0)", Some("Zones")),
            ("availability_zones().select(0)", Some("AvailabilityZones")),
            ("input.name.untyped(\"why\")", Some("Name")),
            ("pair.0", Some("Pair0")),
            ("base64(text)", Some("Base64")),
            ("\"literal\"", None),
            ("5", None),
            ("if a { b } else { c }", None),
        ];
        for (rust, expected) in cases {
            let expression = syn::parse_str(rust).unwrap_or_else(|error| panic!("{rust}: {error}"));
            assert_eq!(name_of(&expression).as_deref(), expected, "{rust}");
        }
    }
}
