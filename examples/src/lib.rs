//! The programs are in `src/bin`. This library holds nothing but the README's example, which is compiled as a test.

/// The README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
