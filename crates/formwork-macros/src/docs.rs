//! Doc comments: what a person reads in the source is what the console shows.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The doc comment as one line: lines and paragraphs joined with one space. Empty if there is none.
pub fn description(attributes: &[Attribute]) -> String {
    let mut description = String::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        if let Meta::NameValue(doc) = &attribute.meta
            && let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &doc.value
        {
            let text = text.value();
            // Only a block comment has more than one line, and may start each of them with a star.
            let star = if text.contains('\n') { "*" } else { "" };
            for line in text.lines().map(str::trim) {
                let line = line.strip_prefix(star).unwrap_or(line).trim();
                if !line.is_empty() && !description.is_empty() {
                    description.push(' ');
                }
                description.push_str(line);
            }
        }
    }
    description
}
