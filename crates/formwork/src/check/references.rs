//! References: that each name exists, belongs to this stack, and may be read where it stands.
//!
//! Types keep a typed program out of most of this; what is left are handles of another stack, raw text, and
//! values that went through `untyped`.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::texts::{self, control};
use super::written::{Written, written};
use super::{Facts, Index};
use crate::document::LANGUAGE_EXTENSIONS;
use crate::input::BY_DEFAULT;
use crate::node::{FORMATTED, Function, Node, Piece, Target, TargetKind};
use crate::problem::Problem;
use crate::pseudo;
use crate::source::Source;
use crate::template::{Entry, Template};

pub(super) fn check(template: &Template, index: &Index<'_>, problems: &mut Vec<Problem>) -> Facts {
    let mut walk = Walk {
        template,
        index,
        problems,
        facts: Facts::default(),
        at: Place { id: "", source: template.added },
        early: false,
        path: Vec::new(),
        used: HashSet::new(),
        variables: Vec::new(),
    };
    walk.loops();
    walk.sections();
    walk.facts.macros |= template.transforms.iter().any(|name| *name != LANGUAGE_EXTENSIONS);
    walk.unused();
    walk.facts
}

/// The thing whose nodes are looked at.
#[derive(Clone, Copy)]
struct Place {
    id: &'static str,
    source: Source,
}

/// One step of the way to a node.
#[derive(Clone, Copy)]
enum Step {
    Key(&'static str),
    Index(usize),
}

struct Walk<'a> {
    template: &'a Template,
    index: &'a Index<'a>,
    problems: &'a mut Vec<Problem>,
    facts: Facts,
    at: Place,
    /// Conditions, rules and mapping keys: only what is known before any resource is made.
    early: bool,
    path: Vec<Step>,
    /// The parameters that something reads.
    used: HashSet<&'static str>,
    /// The variables of loops, which text in them may name.
    variables: Vec<&'static str>,
}

impl Walk<'_> {
    fn sections(&mut self) {
        for (target, test) in &self.template.conditions {
            self.section(target.id(), target.added(), true, "Conditions", *test);
        }
        for (name, rule) in &self.template.rules {
            let source = rule.added.unwrap_or(self.template.added);
            for test in rule.applies.iter().chain(rule.assertions.iter().map(|(test, _)| test)) {
                self.section(name, source, true, "Rules", *test);
            }
        }
        for (key, node) in &self.template.metadata {
            self.section(key, self.template.added, false, "Metadata", *node);
        }
        for resource in &self.index.resources {
            self.at = Place { id: resource.target.id(), source: resource.target.added() };
            for (name, node) in &resource.properties {
                self.step(Step::Key(name), *node);
            }
            if let Some(options) = &resource.options {
                let condition = options.condition.map(|condition| condition.target);
                for (name, targets) in
                    [("DependsOn", &options.depends_on[..]), ("Condition", condition.as_slice())]
                {
                    self.path.push(Step::Key(name));
                    for target in targets {
                        self.target(*target);
                    }
                    self.path.pop();
                }
                for node in options.creation_policy.iter().chain(&options.update_policy) {
                    self.node(*node);
                }
                options.metadata.iter().for_each(|(name, node)| self.step(Step::Key(name), *node));
            }
        }
        for output in &self.index.outputs {
            self.at = Place { id: output.name, source: output.added };
            self.step(Step::Key("Value"), output.value);
            output.export.iter().for_each(|name| self.step(Step::Key("Export"), *name));
            output.condition.iter().for_each(|condition| self.target(condition.target));
        }
    }

    fn section(
        &mut self,
        id: &'static str,
        source: Source,
        early: bool,
        section: &'static str,
        node: Node,
    ) {
        self.at = Place { id: section, source };
        self.early = early;
        self.step(Step::Key(id), node);
        self.early = false;
    }

    fn loops(&mut self) {
        fn values<T>(entries: &[Entry<T>], found: &mut Vec<(Target, Node)>) {
            for entry in entries {
                if let Entry::Loop { variable, values: list, body, .. } = entry {
                    found.push((*variable, *list));
                    values(body, found);
                }
            }
        }
        let mut found = Vec::new();
        values(&self.template.resources, &mut found);
        values(&self.template.outputs, &mut found);
        self.facts.language_extensions |= !found.is_empty();
        self.variables = found.iter().map(|(variable, _)| variable.id()).collect();
        for (variable, list) in found {
            self.section(variable.id(), variable.added(), true, "Fn::ForEach", list);
        }
    }

    fn step(&mut self, step: Step, node: Node) {
        self.path.push(step);
        self.node(node);
        self.path.pop();
    }

    fn node(&mut self, node: Node) {
        match node {
            Node::Bool(_) | Node::Integer(_) | Node::NoValue | Node::Key(_) => {}
            Node::Text(text) => self.text(text),
            Node::Number(number) => self.number(number),
            Node::List(items) => {
                for (position, item) in items.iter().enumerate() {
                    self.step(Step::Index(position), *item);
                }
            }
            Node::Map(entries) => {
                self.keys(entries);
                self.by_hand(entries);
                for (key, value) in entries {
                    self.step(Step::Key(key), *value);
                }
            }
            Node::Ref(target) | Node::Name(target) => self.target(target),
            Node::GetAtt(attribute) => self.target(attribute.target),
            Node::Sub(pieces) => pieces.iter().for_each(|piece| match piece {
                Piece::Text(text) => self.text(text),
                Piece::Value(_, value) => self.node(*value),
                Piece::Raw(text) => {
                    self.text(text);
                    self.raw(text, &[]);
                }
            }),
            Node::Call(call) => {
                self.function(call.function, call.argument);
                // A mapping's keys are looked up before any resource is made, wherever the look-up stands.
                let outer = self.early;
                self.early |= matches!(call.function, Function::FindInMap | Function::ImportValue);
                self.node(call.argument);
                self.early = outer;
            }
        }
    }

    /// What the author wrote as a function is read as one.
    fn by_hand(&mut self, entries: &'static [(&'static str, Node)]) {
        match written(entries) {
            Some(Written::Ref(name) | Written::GetAtt(name, _)) => self.exists(name),
            Some(Written::If(name)) => self.condition(name),
            Some(Written::Sub(text, variables)) => self.raw(text, variables),
            None => {}
        }
    }

    fn condition(&mut self, name: &str) {
        let known: Vec<_> = self.template.conditions.iter().map(|(one, _)| one.id()).collect();
        let message = format!("no condition is called `{name}`");
        match known[..] {
            [] => self.problem(&message, "add it with `t.condition(…)`"),
            _ if known.contains(&name) => {}
            _ => self.unknown(&message, name, &known),
        }
    }

    /// A value that was formatted with `{:?}` would be written as Rust shows it.
    fn text(&mut self, text: &str) {
        if let Some(odd) = control(text) {
            self.problem(&format!("the text holds the control character {odd}"), texts::CURE);
        }
        if text.contains(FORMATTED) {
            self.problem(
                "a value was formatted into text with `{:?}`",
                "interpolate it: `sub!(\"…{}…\", value)`",
            );
        }
    }

    /// A map that has a key twice is read differently by different readers.
    fn keys(&mut self, entries: &[(&'static str, Node)]) {
        let twice = |at: &usize| entries[..*at].iter().any(|(key, _)| *key == entries[*at].0);
        // Large maps are rare, and looked through quickly enough even so.
        for at in (0..entries.len()).filter(twice) {
            let message = format!("the key `{}` stands twice in one map", entries[at].0);
            self.problem(&message, "leave one of the two out");
        }
    }

    fn function(&mut self, function: Function, argument: Node) {
        match function {
            Function::Length | Function::ToJsonString => self.facts.language_extensions = true,
            Function::FindInMap => {
                let Node::List(items) = argument else { return };
                self.facts.language_extensions |= items.len() > 3;
                self.cell(items);
            }
            Function::Transform => self.facts.macros = true,
            Function::RefAll => self.all_of_type(argument),
            Function::ValueOfAll => {
                let Node::List([parameter_type, ..]) = argument else { return };
                self.all_of_type(*parameter_type);
            }
            Function::GetAzs | Function::Cidr | Function::GetStackOutput if self.early => {
                self.problem(
                    &format!("`{}` cannot stand in a condition or rule", function.long()),
                    "use an input, a pseudo parameter or a mapping",
                );
            }
            _ => {}
        }
    }

    /// Literal keys of a mapping must be there, unless there is a default.
    fn cell(&mut self, items: &[Node]) {
        let [Node::Name(mapping), row, column] = items else { return };
        let mapping = self.template.mappings.iter().find(|(target, _)| target == mapping);
        let Some((target, rows)) = mapping else { return };
        let name = target.id();
        if let Node::Text(row) = row
            && !rows.iter().any(|(known, _)| known == row)
        {
            let known: Vec<_> = rows.iter().map(|(known, _)| *known).collect();
            self.unknown(&format!("mapping `{name}` has no row `{row}`"), row, &known);
        } else if let Node::Text(column) = column {
            let chosen = |key: &str| !matches!(row, Node::Text(row) if *row != key);
            let missing = rows.iter().find(|(key, columns)| {
                chosen(key) && !columns.iter().any(|(known, _)| known == column)
            });
            if let Some((key, columns)) = missing {
                let known: Vec<_> = columns.iter().map(|(known, _)| *known).collect();
                let message = format!("row `{key}` of mapping `{name}` has no column `{column}`");
                self.unknown(&message, column, &known);
            }
        }
    }

    /// Every parameter of this type is read.
    fn all_of_type(&mut self, parameter_type: Node) {
        let Node::Text(wanted) = parameter_type else { return };
        let inputs = self.template.inputs.iter();
        let of_type = inputs.filter(|(_, spec)| {
            let one = spec.parameter_type.trim_start_matches("List<").trim_end_matches('>');
            wanted == spec.parameter_type || wanted == one
        });
        self.used.extend(of_type.map(|(target, _)| target.id()));
    }

    /// A parameter that nothing reads is asked of every launch for nothing. A macro may read any of them.
    fn unused(&mut self) {
        if self.facts.macros {
            return;
        }
        for (target, spec) in &self.template.inputs {
            if !self.used.contains(target.id()) {
                let message = format!("parameter `{}` is used nowhere", spec.name);
                self.problems.push(
                    Problem::new(Some(spec.declared), self.template.name(), message).note(
                        "use it in a resource, condition, rule or output, or remove its field",
                    ),
                );
            }
        }
    }

    fn target(&mut self, target: Target) {
        if target.kind() == TargetKind::Parameter && target.belongs_to(self.template.owner) {
            self.used.insert(target.id());
        }
        match target.kind() {
            TargetKind::Pseudo => {}
            TargetKind::Named => self.named(target),
            TargetKind::Resource if self.early => {
                let id = target.id();
                self.problem(
                    &format!("resource `{id}` is read before any resource is made"),
                    "conditions, rules, mapping keys and imports read inputs, pseudo parameters and mappings only",
                );
            }
            _ if target.belongs_to(self.template.owner) => {}
            _ => self.foreign(target),
        }
    }

    fn foreign(&mut self, target: Target) {
        let owner = target.owner().map_or("", |owner| owner.name);
        let id = target.id();
        let own =
            if owner == self.template.name() { " as it was defined another time" } else { "" };
        let problem = Problem::new(
            Some(self.at.source),
            self.template.name(),
            format!("{} uses `{id}`, which belongs to stack `{owner}`{own}", self.place()),
        )
        .also("added at", target.added())
        .note("hand it over as an input");
        self.problems.push(problem);
    }

    fn named(&mut self, target: Target) {
        let name = target.id();
        if name == BY_DEFAULT {
            self.problem(
                "`by_default()` is no value",
                "it stands only where a nested stack's input is handed over",
            );
        } else if let Some((stack, output)) = name.split_once('.') {
            self.problem(
                &format!("output `{output}` of stack `{stack}` is imported, but has no export"),
                "add `#[output(export = \"…\")]` to its field",
            );
        } else {
            self.exists(name);
        }
    }

    /// A name in text: a parameter, a resource or a pseudo parameter.
    fn exists(&mut self, name: &str) {
        if let Some(parameter) = self.index.parameters.get(name) {
            self.used.insert(parameter.id());
        }
        let known = self.index.parameters.contains_key(name)
            || self.variables.contains(&name)
            || self.index.by_id.contains_key(name)
            || pseudo::NAMES.contains(&name);
        if known {
            if self.early && self.index.by_id.contains_key(name) {
                self.problem(
                    &format!("resource `{name}` is read before any resource is made"),
                    "use an input, a pseudo parameter or a mapping",
                );
            }
            return;
        }
        let ids = self.index.by_id.keys().chain(self.index.parameters.keys());
        let mut ids: Vec<_> = ids.copied().collect();
        ids.sort_unstable();
        ids.extend(pseudo::NAMES);
        self.unknown(&format!("nothing is called `{name}`"), name, &ids);
    }

    /// The names in text that `variables` does not give.
    fn raw(&mut self, text: &'static str, variables: &[(&str, Node)]) {
        for name in raw_names(text) {
            let name = match name {
                Ok(name) => name,
                Err(rest) => {
                    return self.problem(
                        &format!("`{rest}` is not closed"),
                        "write `${Name}`, or `${!Name}` for the text itself",
                    );
                }
            };
            if variables.iter().any(|(known, _)| *known == name) {
                continue;
            }
            let (id, attribute) = name.split_once('.').unwrap_or((name, ""));
            self.exists(id);
            if self.early && !attribute.is_empty() {
                self.problem(
                    &format!("`{name}` reads an attribute before any resource is made"),
                    "use an input, a pseudo parameter or a mapping",
                );
            }
        }
    }

    fn number(&mut self, number: f64) {
        if !number.is_finite() {
            self.problem(
                &format!("`{number}` is no number that a template can hold"),
                "use a finite number",
            );
        }
    }

    fn unknown(&mut self, message: &str, name: &str, known: &[&str]) {
        let cure = match crate::nearest::nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.len() <= 20 => format!("there are: {}", known.join(", ")),
            None => format!("there are {} others", known.len()),
        };
        self.problem(message, &cure);
    }

    fn problem(&mut self, message: &str, cure: &str) {
        let problem = Problem::new(
            Some(self.at.source),
            self.template.name(),
            format!("{}: {message}", self.place()),
        );
        self.problems.push(problem.note(cure));
    }

    /// Logical id and property path, such as `` `Bucket.Tags[0].Key` ``.
    fn place(&self) -> String {
        let mut shown = format!("`{}", self.at.id);
        for step in &self.path {
            match step {
                Step::Key(key) => {
                    let _ = write!(shown, ".{key}");
                }
                Step::Index(index) => {
                    let _ = write!(shown, "[{index}]");
                }
            }
        }
        shown.push('`');
        shown
    }
}

/// What `${Name}` and `${Name.Attribute}` name in text of the author's own, without `${!Literal}`; an `Err` is
/// the rest of the text from a `${` that nothing closes.
pub(super) fn raw_names(
    text: &'static str,
) -> impl Iterator<Item = Result<&'static str, &'static str>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find("${")?;
            let Some(length) = rest[start..].find('}') else {
                return Some(Err(&std::mem::take(&mut rest)[start..]));
            };
            let name = rest[start + 2..start + length].trim();
            rest = &rest[start + length + 1..];
            if !name.starts_with('!') {
                return Some(Ok(name));
            }
        }
    })
}
