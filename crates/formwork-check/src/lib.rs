//! Says of an assembly, or of any template, what can be known to fail or to be unwise before it is deployed.
//!
//! It reads files and evaluates them; it never runs the program that made them, calls AWS or changes anything. What it
//! reads may be hostile: every size is limited, and nothing in it makes the check panic.
//!
//! Each family of rules is a module with a table `RULES` and a function `check` from a [`subject::Subject`] to
//! [`finding::Finding`]s. [`families`] lists them; from the same tables come `docs/rules.md`, the report's schema and what
//! `--version` says.
//!
//! Without the feature `engine` there is only the command line, for programs that start this one.

#[cfg(feature = "engine")]
pub mod attributes;
pub mod cli;
#[cfg(feature = "engine")]
pub mod data;
#[cfg(feature = "engine")]
mod dates;
#[cfg(feature = "engine")]
pub mod deployability;
#[cfg(feature = "engine")]
pub mod evaluation;
#[cfg(feature = "engine")]
pub mod exceptions;
#[cfg(feature = "engine")]
pub mod families;
#[cfg(feature = "engine")]
pub mod finding;
#[cfg(feature = "engine")]
mod functions;
#[cfg(feature = "engine")]
pub mod guard;
#[cfg(feature = "engine")]
pub mod iam;
#[cfg(feature = "engine")]
pub mod limits;
#[cfg(feature = "engine")]
pub mod output;
#[cfg(feature = "engine")]
pub mod pages;
#[cfg(feature = "engine")]
mod pattern;
#[cfg(feature = "engine")]
pub mod references;
#[cfg(feature = "engine")]
pub mod regions;
#[cfg(feature = "engine")]
mod registry;
#[cfg(feature = "engine")]
pub mod report;
#[cfg(feature = "engine")]
pub mod schema;
#[cfg(feature = "engine")]
pub mod shape;
#[cfg(feature = "engine")]
pub mod subject;
#[cfg(feature = "engine")]
mod value;
