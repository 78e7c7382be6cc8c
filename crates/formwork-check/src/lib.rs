//! What can be known of a template before it is deployed.
//!
//! Works on an assembly directory or on any template file, never on the program that made it. Each family of rules
//! is a module with a table of its rules and a `check` that adds findings; none reads a file, the network or a clock.

pub mod finding;
#[cfg(feature = "guard")]
pub mod guard;
pub mod iam;
pub mod subject;
