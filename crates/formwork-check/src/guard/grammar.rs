//! What rule files say, before one is run: which rules they have, and whether the engine would come to an end with them. It
//! ends the whole program on rules that call each other in a circle and on what is nested too deep; so neither gets to it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use super::IS_NO_RULE_FILE;
use super::engine::{Silent, read};
use super::read::RuleFile;
use crate::finding::{Finding, Place, shown};

/// How long the engine may read one file: a thousand times what the longest of AWS's takes.
const PATIENCE: Duration = Duration::from_secs(5);

/// How deep brackets may be in each other. In AWS's own rules it is 8.
const DEEPEST: usize = 50;

/// The names of the rules in a file that can be run; else what keeps it from that.
pub(super) fn names(file: &RuleFile, findings: &mut Vec<Finding>) -> Option<Vec<String>> {
    let mut refuse = |line: usize, column: usize, message: String| {
        findings.push(Finding::new(IS_NO_RULE_FILE, at(&file.name, line, column), message));
    };
    let (depth, line, column) = deepest(&file.text);
    if depth > DEEPEST {
        refuse(
            line,
            column,
            format!("brackets are nested {depth} deep; at most {DEEPEST} are read"),
        );
        return None;
    }
    let tree = match read(&file.text, PATIENCE) {
        Ok(tree) => tree,
        Err(Silent::Failed(said)) if said.contains("recursion limit") => {
            refuse(line, column, "blocks are nested too deep".to_owned());
            return None;
        }
        Err(Silent::Failed(said)) => {
            let (line, column, message) = syntax(&file.text, &said);
            refuse(line, column, message);
            return None;
        }
        Err(late @ Silent::Late(_)) => {
            refuse(0, 0, late.to_string());
            return None;
        }
    };
    let before = findings.len();
    circles(file, &tree, findings);
    let rules = tree["guard_rules"].as_array().into_iter().flatten();
    let names = rules.filter_map(|rule| rule["rule_name"].as_str().map(ToOwned::to_owned));
    (findings.len() == before).then(|| names.collect())
}

/// A place in a rule file.
pub(super) fn at(file: &str, line: usize, column: usize) -> Place {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Place { line: number(line), column: number(column), ..Place::file(file) }
}

/// The place that defines a rule or variable; the whole file if there is none.
pub(super) fn definition(file: &RuleFile, keyword: &str, name: &str) -> Place {
    let is_it = |line: &str| {
        let rest = line.trim_start().strip_prefix(keyword)?.trim_start().strip_prefix(name)?;
        let ends = |c: char| !c.is_alphanumeric() && c != '_';
        (rest.is_empty() || rest.starts_with(ends)).then_some(())
    };
    let found = file.text.lines().enumerate().find(|(_, line)| is_it(line).is_some());
    found.map_or_else(
        || Place::file(&file.name),
        |(number, line)| at(&file.name, number + 1, line.len() - line.trim_start().len() + 1),
    )
}

/// Where the engine stopped reading, out of its message, and what it found there.
fn syntax(text: &str, said: &str) -> (usize, usize, String) {
    let number = |before: &str| {
        let behind = said.split_once(before)?.1;
        let digits = behind.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse::<usize>().ok()
    };
    let (Some(line), Some(column)) = (number(" at line "), number(" at column ")) else {
        return (0, 0, format!("this is no rule file: {}", shown(said)));
    };
    let found = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let found: String = found.chars().skip(column.saturating_sub(1)).collect();
    let expected = said.split_once(", when handling ").map_or("", |(_, rest)| rest);
    let expected = expected.split(", fragment").next().unwrap_or_default().trim();
    let mut message = match found.trim() {
        "" => "the rule cannot be read on from here".to_owned(),
        found => format!("`{}` cannot be read here", shown(found)),
    };
    if !expected.is_empty() {
        message = format!("{message}: {}", shown(expected));
    }
    (line, column, message)
}

/// How deep brackets are in each other, and where they are deepest. Those in texts, patterns, messages and comments are none.
fn deepest(text: &str) -> (usize, usize, usize) {
    let (mut depth, mut line, mut column, mut found) = (0_usize, 1, 0, (0, 0, 0));
    // What ends the text, pattern, message or comment that is read.
    let mut within: Option<&str> = None;
    let mut escaped = false;
    for (index, c) in text.char_indices() {
        column += 1;
        let rest = &text[index..];
        if let Some(end) = within {
            if escaped || (c == '\\' && end != "\n" && end != ">>") {
                escaped = !escaped;
            } else if rest.starts_with(end) {
                within = None;
            }
        } else {
            match c {
                '#' => within = Some("\n"),
                '"' => within = Some("\""),
                '\'' => within = Some("'"),
                '/' => within = Some("/"),
                '<' if rest.starts_with("<<") => within = Some(">>"),
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if depth > found.0 {
            found = (depth, line, column);
        }
        if c == '\n' {
            (line, column) = (line + 1, 0);
        }
    }
    found
}

/// Rules that call each other in a circle or call what is not there, and variables that are made of themselves.
fn circles(file: &RuleFile, tree: &Value, findings: &mut Vec<Finding>) {
    let plain = tree["guard_rules"].as_array().into_iter().flatten();
    let with_parameters = tree["parameterized_rules"].as_array().into_iter().flatten();
    let mut calls: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for rule in plain.chain(with_parameters.map(|rule| &rule["rule"])) {
        let called = calls.entry(rule["rule_name"].as_str().unwrap_or_default()).or_default();
        visit(rule, &mut |value| called.extend(value["dependent_rule"].as_str()));
    }
    let mut unknown = Vec::new();
    visit(tree, &mut |value| {
        if let Some(name) = value["dependent_rule"].as_str()
            && !calls.contains_key(name)
        {
            unknown.push((name, &value["location"]));
        }
    });
    for (name, location) in unknown {
        let number = |of: &Value| of.as_u64().and_then(|it| usize::try_from(it).ok()).unwrap_or(0);
        let place = at(&file.name, number(&location["line"]), number(&location["column"]));
        let message = format!("there is no rule `{}` in this file", shown(name));
        findings.push(Finding::new(IS_NO_RULE_FILE, place, message));
    }
    let mut refuse = |keyword: &str, circle: &[&str]| {
        let place = definition(file, keyword, circle[0]);
        let names: Vec<String> = circle.iter().map(|name| shown(name)).collect();
        let message = format!("a circle, which never ends: `{}`", names.join("` → `"));
        findings.push(Finding::new(IS_NO_RULE_FILE, place, message));
    };
    if let Some(circle) = circle(&calls) {
        refuse("rule", &circle);
    }
    visit(tree, &mut |value| {
        let assignments = value["assignments"].as_array().into_iter().flatten();
        let mut made_of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for one in assignments {
            let used = made_of.entry(one["var"].as_str().unwrap_or_default()).or_default();
            visit(&one["value"], &mut |value| {
                used.extend(value.as_str().and_then(|text| text.strip_prefix('%')));
            });
        }
        if let Some(circle) = circle(&made_of) {
            refuse("let", &circle);
        }
    });
}

/// Looks at a value and at all within it. The engine's answer was read within a limit of depth.
fn visit<'v>(value: &'v Value, look: &mut impl FnMut(&'v Value)) {
    look(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| visit(item, look)),
        Value::Object(entries) => entries.values().for_each(|value| visit(value, look)),
        _ => {}
    }
}

/// The first circle in a graph, its first name also at its end.
fn circle<'n>(edges: &BTreeMap<&'n str, BTreeSet<&'n str>>) -> Option<Vec<&'n str>> {
    let mut done = BTreeSet::new();
    for start in edges.keys() {
        let mut way: Vec<(&str, Vec<&str>)> = vec![(start, Vec::new())];
        if done.contains(start) {
            continue;
        }
        way[0].1 = next(edges, start);
        while let Some((name, open)) = way.last_mut() {
            let Some(to) = open.pop() else {
                done.insert(*name);
                way.pop();
                continue;
            };
            if let Some(from) = way.iter().position(|(name, _)| *name == to) {
                return Some(way[from..].iter().map(|(name, _)| *name).chain([to]).collect());
            }
            if !done.contains(to) {
                way.push((to, next(edges, to)));
            }
        }
    }
    None
}

/// Where edges lead to, the first last.
fn next<'n>(edges: &BTreeMap<&'n str, BTreeSet<&'n str>>, from: &str) -> Vec<&'n str> {
    let known = edges.get(from).into_iter().flatten().copied();
    known.filter(|to| edges.contains_key(to)).rev().collect()
}
