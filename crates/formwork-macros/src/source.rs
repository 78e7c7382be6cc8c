//! Where in the user's Rust code something was declared.

use proc_macro2::{Span, TokenStream};
use quote::quote;

/// The `formwork::Source` of a place, with the path as the compiler was given it.
pub fn source(span: Span) -> TokenStream {
    let (file, line, column) = place(span);
    quote!(::formwork::Source { file: #file, line: #line, column: #column })
}

fn place(span: Span) -> (String, u32, u32) {
    // Unit tests run outside a compiler, where no span has a place.
    if !proc_macro::is_available() {
        return (String::new(), 0, 0);
    }
    let span = span.unwrap();
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    (span.file(), number(span.line()), number(span.column()))
}
