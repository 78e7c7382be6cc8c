//! The generator of `formwork-aws`.

pub mod attributes;
pub mod count;
pub mod docs;
pub mod driver;
pub mod emit;
pub mod error;
pub mod iam;
pub mod meanings;
pub mod model;
pub mod naming;
pub mod patch;
pub mod paths;
pub mod plan;
pub mod raw;
pub mod read;
pub mod schema;
pub mod services;
pub mod source;
pub mod words;
