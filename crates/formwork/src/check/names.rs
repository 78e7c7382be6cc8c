//! Logical ids: what they may hold, and that none is taken twice.

use std::collections::HashMap;

use super::{Index, flatten};
use crate::node::Node;
use crate::problem::Problem;
use crate::source::Source;
use crate::template::{Entry, OutputEntry, ResourceEntry, Template};

/// The most characters of a logical id, parameter name, mapping name or output name.
/// Source: CloudFormation quotas, AWS CloudFormation User Guide.
const LONGEST_NAME: usize = 255;

pub(super) fn check(template: &Template, index: &Index<'_>, problems: &mut Vec<Problem>) {
    let mut names = Names { template, problems };
    names.file("stack", template.name(), template.added);
    for asset in &template.assets {
        names.file("asset", asset.name, asset.added);
    }
    // Parameters and resources share the names that `Ref` reads, and no loop may have one of them.
    let parameters = template.inputs.iter().map(|(target, _)| (target.id(), target.added()));
    let resources = index.resources.iter().map(|entry| (entry.target.id(), entry.target.added()));
    let loops = loops(&template.resources).chain(loops(&template.outputs));
    names.unique("logical id", parameters.chain(resources).chain(loops));
    let conditions = template.conditions.iter().map(|(target, _)| (target.id(), target.added()));
    names.unique("condition", conditions);
    let mappings = template.mappings.iter().map(|(target, _)| (target.id(), target.added()));
    names.unique("mapping", mappings);
    let rules = template.rules.iter().filter_map(|(name, rule)| Some((*name, rule.added?)));
    names.unique("rule", rules);
    names.unique("output", index.outputs.iter().map(|output| (output.name, output.added)));
    let mut same = Vec::new();
    without_variable(&template.resources, |one| (one.target.id(), one.target.added()), &mut same);
    without_variable(&template.outputs, |one| (one.name, one.added), &mut same);
    for (name, variable, source) in same {
        let message =
            format!("`{name}` stands in a loop over `{variable}`, but its id does not change");
        let problem = names.problem(source, message);
        names.problems.push(problem.note("make the id with the loop's variable: `each.id(\"…\")`"));
    }
    for (target, rows) in &template.mappings {
        names.cells(target.id(), target.added(), rows);
    }
    for resource in &index.resources {
        names.resource(resource);
    }
    for output in &index.outputs {
        names.export(output);
    }
}

/// Every id in a loop must hold the loop's variable, or all rounds would make the same thing.
fn without_variable<T>(
    entries: &[Entry<T>],
    id: fn(&T) -> (&'static str, Source),
    found: &mut Vec<(&'static str, &'static str, Source)>,
) {
    for entry in entries {
        let Entry::Loop { variable, body, .. } = entry else { continue };
        let marks = [format!("${{{}}}", variable.id()), format!("&{{{}}}", variable.id())];
        let mut inside = Vec::new();
        flatten(body, &mut inside);
        for (name, source) in inside.into_iter().map(id) {
            if !marks.iter().any(|mark| name.contains(mark)) {
                found.push((name, variable.id(), source));
            }
        }
        without_variable(body, id, found);
    }
}

/// The names of all loops of a section, those in loops too.
fn loops<T>(entries: &[Entry<T>]) -> impl Iterator<Item = (&'static str, Source)> {
    fn collect<T>(entries: &[Entry<T>], names: &mut Vec<(&'static str, Source)>) {
        for entry in entries {
            if let Entry::Loop { name, variable, body, .. } = entry {
                names.push((name, variable.added()));
                collect(body, names);
            }
        }
    }
    let mut names = Vec::new();
    collect(entries, &mut names);
    names.into_iter()
}

struct Names<'a> {
    template: &'a Template,
    problems: &'a mut Vec<Problem>,
}

impl Names<'_> {
    fn problem(&mut self, source: Source, message: String) -> Problem {
        Problem::new(Some(source), self.template.name(), message)
    }

    fn unique(&mut self, kind: &str, names: impl Iterator<Item = (&'static str, Source)>) {
        let mut seen: HashMap<&str, Source> = HashMap::with_capacity(names.size_hint().0);
        for (name, source) in names {
            self.valid(kind, name, source);
            if let Some(first) = seen.get(name) {
                let problem = self
                    .problem(source, format!("the {kind} `{name}` is taken"))
                    .also("by", *first)
                    .note("give one of the two another name");
                self.problems.push(problem);
            } else {
                seen.insert(name, source);
            }
        }
    }

    fn valid(&mut self, kind: &str, name: &str, source: Source) {
        // The variable of a loop stands in the id as `${Name}` or `&{Name}`.
        let plain = without_variables(name);
        let fault = if plain.is_empty() && name.is_empty() {
            "it is empty".to_owned()
        } else if let Some(odd) = plain.chars().find(|c| !c.is_ascii_alphanumeric()) {
            format!("it holds `{odd}`")
        } else if name.len() > LONGEST_NAME {
            format!("it has {} characters", name.len())
        } else {
            return;
        };
        let problem = self
            .problem(source, format!("the {kind} `{}` cannot be used: {fault}", shorten(name)))
            .allowed(format!("1 to {LONGEST_NAME} letters and digits"));
        self.problems.push(problem);
    }

    /// The name becomes part of a file's name and of an object's key.
    fn file(&mut self, kind: &str, name: &str, source: Source) {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() || !name.chars().all(plain) || name.len() > 128 {
            let problem = self
                .problem(source, format!("{kind} `{}` cannot be called so", shorten(name)))
                .note("its name is part of a file's name and of a key in the release bucket")
                .allowed("1 to 128 letters, digits, `-` and `_`");
            self.problems.push(problem);
        }
    }

    fn resource(&mut self, resource: &ResourceEntry) {
        let (id, source) = (resource.target.id(), resource.target.added());
        let type_name = resource.type_name;
        if !is_type(type_name) {
            let problem = self
                .problem(source, format!("`{id}`: `{}` is no resource type", shorten(type_name)))
                .allowed("`Service::Group::Type`, also with `::MODULE`, and `Custom::Name`");
            self.problems.push(problem);
        }
        if resource.properties.iter().any(|(name, _)| name.is_empty()) {
            let problem = self
                .problem(source, format!("`{id}`: a property has an empty name"))
                .note("give the name that the documentation of the type has");
            self.problems.push(problem);
        }
    }

    /// Source: "Outputs section", AWS CloudFormation User Guide.
    fn export(&mut self, output: &OutputEntry) {
        let Some(Node::Text(name)) = output.export else { return };
        let plain = without_variables(name);
        let fault = if name.is_empty() {
            "is empty".to_owned()
        } else if let Some(odd) =
            plain.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, ':' | '-'))
        {
            format!("`{}` holds `{}`", shorten(name), odd.escape_debug())
        } else {
            return;
        };
        let message = format!("output `{}`: its export's name {fault}", output.name);
        let problem = self.problem(output.added, message).allowed("letters, digits, `:` and `-`");
        self.problems.push(problem);
    }

    fn cells(&mut self, mapping: &str, source: Source, rows: &crate::mapping::Rows) {
        let allowed = |name: &str| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '/'))
        };
        for (row, columns) in rows {
            let columns = columns.iter().map(|(column, _)| *column);
            for key in std::iter::once(*row).chain(columns).filter(|key| !allowed(key)) {
                let problem = self
                    .problem(source, format!("mapping `{mapping}` cannot have the key `{key}`"))
                    .allowed("letters, digits, `-`, `.`, `_` and `/`");
                self.problems.push(problem);
            }
        }
        for (position, (row, _)) in rows.iter().enumerate() {
            if rows[..position].iter().any(|(earlier, _)| earlier == row) {
                let problem = self
                    .problem(source, format!("mapping `{mapping}` has the row `{row}` twice"))
                    .note("merge the two rows");
                self.problems.push(problem);
            }
        }
    }
}

/// Whether it is written as a resource type: `A::B::C`, `A::B::C::MODULE` or `Custom::Name`.
fn is_type(name: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
    let custom = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '@' | '-');
    let parts: Vec<&str> = name.split("::").collect();
    match parts[..] {
        ["Custom", own] => !own.is_empty() && own.chars().all(custom),
        [a, b, c] | [a, b, c, "MODULE"] => [a, b, c].into_iter().all(plain),
        _ => false,
    }
}

/// The id without `${…}` and `&{…}`.
fn without_variables(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(start) = rest.find("${").or_else(|| rest.find("&{")) {
        plain.push_str(&rest[..start]);
        match rest[start..].find('}') {
            Some(end) => rest = &rest[start + end + 1..],
            None => break,
        }
    }
    plain.push_str(rest);
    plain
}

fn shorten(name: &str) -> String {
    match name.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}
