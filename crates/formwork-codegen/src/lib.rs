//! The generator of `formwork-aws`: reads the registry's schemas and the IAM actions, writes a crate; `access` prints what
//! `formwork-check` knows of IAM.
//!
//! One direction: `source` fetches, `patch` corrects, `schema` parses, `read` and `paths` understand one
//! resource type, `naming` and `attributes` one service, `model` is the crate to be written, `emit` prints
//! it, `count` proves that nothing was lost on the way. Beside it `pack` makes the data of `formwork-check` of the
//! same schemas, with the corrections of `mend`. Only `source`, `driver` and `packed` touch the world.

mod access;
mod attributes;
mod build;
mod count;
mod docs;
pub mod driver;
mod emit;
pub mod error;
mod handlers;
mod iam;
mod meanings;
mod mend;
mod model;
mod naming;
mod pack;
pub mod packed;
mod patch;
mod paths;
mod plan;
mod raw;
mod read;
mod schema;
mod services;
pub mod source;
mod words;
