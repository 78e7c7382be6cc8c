//! The tables of reasons: which rules look for the same, and why one side finds what the other does not.

use std::collections::BTreeMap;

/// A line for each rule of cloudformation-validate that finds something in the public templates.
pub const THEIRS: &str = include_str!("theirs.txt");

/// A line for each rule of ours that finds what it lacks.
pub const OURS: &str = include_str!("ours.txt");

/// One of the tables: `rule | rules that look for the same | why`, `#` before a remark. A mark before the rules says how
/// far around what is found is the same.
pub struct Reasons(BTreeMap<&'static str, Reason>);

struct Reason {
    same: Vec<&'static str>,
    scope: Scope,
    why: &'static str,
}

/// How far around what both find is the same.
#[derive(Clone, Copy)]
pub enum Scope {
    /// In one property, or on the way to it.
    Property,
    /// `+`: in one resource, parameter or output.
    Entity,
    /// `*`: in one template.
    Template,
}

impl Reasons {
    pub fn parse(table: &'static str) -> Self {
        let mut reasons = BTreeMap::new();
        for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let parts: Vec<&str> = line.split('|').map(str::trim).collect();
            let [rule, same, why] = parts.as_slice() else { panic!("three parts: {line}") };
            let scope = match same.chars().next() {
                Some('*') => Scope::Template,
                Some('+') => Scope::Entity,
                _ => Scope::Property,
            };
            let same = same.trim_start_matches(['*', '+']).split_whitespace().collect();
            let reason = Reason { same, scope, why };
            assert!(reasons.insert(*rule, reason).is_none(), "two lines for {rule}");
        }
        Reasons(reasons)
    }

    pub fn rules(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    pub fn same(&self) -> impl Iterator<Item = (&'static str, &[&'static str])> {
        self.0.iter().map(|(rule, reason)| (*rule, reason.same.as_slice()))
    }

    pub fn of(&self, rule: &str) -> &[&'static str] {
        self.0.get(rule).map_or(&[], |reason| &reason.same)
    }

    pub fn is_same(&self, rule: &str, ours: &str) -> bool {
        self.of(rule).contains(&ours)
    }

    pub fn scope(&self, rule: &str) -> Scope {
        self.0.get(rule).map_or(Scope::Property, |reason| reason.scope)
    }

    pub fn why(&self, rule: &str) -> &'static str {
        self.0.get(rule).map_or("", |reason| reason.why)
    }

    /// Lines that nothing in the templates needs.
    pub fn idle(&self, is_needed: impl Fn(&str) -> bool) -> Vec<String> {
        let idle = self.0.keys().filter(|rule| !is_needed(rule));
        idle.map(|rule| format!("{rule}: nothing needs this line")).collect()
    }
}
