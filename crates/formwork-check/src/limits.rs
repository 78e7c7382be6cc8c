//! x
use crate::finding::{Finding, Rule};
use crate::subject::Subject;
/// r
pub const RULES: &[Rule] = &[];
/// c
pub fn check(_: &Subject, _: &mut Vec<Finding>) {}
