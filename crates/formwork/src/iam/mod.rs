//! IAM policy documents: who may do what to which resource, and when.
//!
//! A [`Policy`] is a list of statements. [`allow`] and [`deny`] begin one, `.on(…)` says what it applies to,
//! `.to(…)` whom it speaks of, `.when(…)` under which [`condition`]. Statements are values, so loops and
//! functions make them as they make anything else.
//!
//! Which actions and condition keys exist is generated into `formwork-aws`. Nothing in here knows a service,
//! decides whether a policy grants too much, or reads a file.
//!
//! ```
//! use formwork::prelude::*;
//! # mod s3 { pub mod actions { use formwork::iam::Action;
//! #   pub const GET_OBJECT: Action = Action::new("s3:GetObject"); } }
//! # fn define(bucket_arn: Value<Arn>) {
//! let read = Policy::new([allow(s3::actions::GET_OBJECT)
//!     .on(sub!("{}/*", bucket_arn))
//!     .when(condition::string_equals(condition::aws::ResourceAccount, pseudo::ACCOUNT_ID))]);
//! # }
//! ```

pub mod action;
pub mod condition;
pub mod items;
pub mod limits;
pub mod policy;
pub mod principal;
pub mod problems;
pub mod size;
pub mod statement;

pub use action::Action;
pub use condition::{Clause, ConditionKey};
pub use items::OneOrMore;
pub use limits::Limit;
pub use policy::Policy;
pub use principal::{Principal, Principals};
pub use size::Size;
pub use statement::{Allow, Deny, Grant, Statement, Statements, allow, deny, deny_all_except};
