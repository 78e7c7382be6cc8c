//! The cases that a template is tried with: its defaults, the launch links, what `check.toml` says, each allowed value, and
//! the longest values. Evaluates nothing.

use std::collections::{BTreeMap, BTreeSet};

use formwork::evaluate::{Known, Surroundings};
use formwork::nearest::nearest;
use formwork::read::Tree;
use indexmap::IndexMap;

use super::file::{Cases, Given, Which, Word, Written};
use super::parameters::{self, Parameter};
use super::rules::{NOT_THERE, NOT_TOLD, REFUSED, UNDECIDED};
use crate::finding::{Finding, shown};
use crate::subject::{CheckedTemplate, Subject};

/// How many cases a template is tried with.
pub(super) const MOST: usize = 256;

/// How sure it is that somebody launches so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Somebody says that it must work.
    Named,
    /// The parameters allow it.
    Trial,
    /// The parameters allow it, and only what follows from the length of values counts.
    Longest,
}

/// One set of parameters.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// As in a message: `in the case "longest names"`.
    pub(super) label: String,
    pub(super) kind: Kind,
    pub(super) given: IndexMap<String, Known>,
    /// The same with short values in place of long ones.
    pub(super) short: Option<IndexMap<String, Known>>,
    /// The parameters in which it differs from one before, if it does so in these only.
    pub(super) changed: Option<BTreeSet<String>>,
    pub(super) account: String,
    pub(super) stack: Option<String>,
}

/// The cases of each template, and whether there are more.
pub(super) struct All {
    pub(super) cases: Vec<Vec<Case>>,
    pub(super) are_cut: Vec<bool>,
}

/// Makes the cases of every template. `is_strict` says whether the file is about this subject for sure.
pub(super) fn all(
    subject: &Subject,
    file: &Cases,
    is_strict: bool,
    findings: &mut Vec<Finding>,
) -> All {
    let mut maker = Maker { subject, file, is_strict, findings, faults: BTreeMap::new() };
    maker.unknown_names();
    let mut all = All { cases: Vec::new(), are_cut: Vec::new() };
    for template in &subject.templates {
        let mut cases = maker.cases(template);
        all.are_cut.push(cases.len() > MOST);
        cases.truncate(MOST);
        all.cases.push(cases);
    }
    let faults = std::mem::take(&mut maker.faults);
    findings.extend(faults.into_values());
    all
}

struct Maker<'m> {
    subject: &'m Subject,
    file: &'m Cases,
    is_strict: bool,
    findings: &'m mut Vec<Finding>,
    /// What is wrong with values, said once for each place in the file.
    faults: BTreeMap<(u32, u32, &'static str), Finding>,
}

impl<'m> Maker<'m> {
    /// Templates and parameters that there are not.
    fn unknown_names(&mut self) {
        if !self.is_strict {
            return;
        }
        let names: Vec<&str> = self.subject.templates.iter().map(|one| one.name.as_str()).collect();
        let everywhere: BTreeSet<&str> = self.parameter_names(|_| true);
        for given in &self.file.parameters {
            self.known(&given.name, &everywhere, "any template");
        }
        for case in &self.file.cases {
            for word in &case.templates {
                if !names.iter().any(|name| is_named(&word.text, name)) {
                    let message = format!("there is no template `{}`", shown(&word.text));
                    self.not_there(word, message, &names);
                }
            }
            let is_meant = |template: &CheckedTemplate| is_of(case, template);
            let there: BTreeSet<&str> = self.parameter_names(is_meant);
            if !self.subject.templates.iter().any(is_meant) {
                continue;
            }
            let listed = [&case.longest, &case.each].into_iter().flat_map(Which::words);
            let given = case.parameters.iter().map(|given| &given.name);
            for word in given.chain(listed) {
                self.known(word, &there, "the case's template");
            }
        }
    }

    fn parameter_names(&self, is_meant: impl Fn(&CheckedTemplate) -> bool) -> BTreeSet<&'m str> {
        let templates = self.subject.templates.iter().filter(|template| is_meant(template));
        templates.flat_map(|one| parameters::of(one.root())).map(|one| one.name).collect()
    }

    fn known(&mut self, word: &Word, names: &BTreeSet<&str>, of: &str) {
        if !names.contains(word.text.as_str()) {
            let message = format!("`{}` is no parameter of {of}", shown(&word.text));
            self.not_there(word, message, &names.iter().copied().collect::<Vec<_>>());
        }
    }

    fn not_there(&mut self, word: &Word, message: String, names: &[&str]) {
        let finding = Finding::new(NOT_THERE, word.place.clone(), message);
        let mut finding = finding.allowed(names.join(", "));
        finding.fix = nearest(&word.text, names).map(|near| format!("write `{near}`"));
        self.findings.push(finding);
    }

    fn cases(&mut self, template: &'m CheckedTemplate) -> Vec<Case> {
        let root = template.root();
        let file = self.file;
        let base = self.given(root, &file.parameters, self.is_strict);
        let is_given = |one: Parameter<'_>| one.has_default() || base.contains_key(one.name);
        let has_all = !base.is_empty() && parameters::of(root).all(is_given);
        let kind = if has_all { Kind::Named } else { Kind::Trial };
        let mut cases = vec![case("with the defaults".to_owned(), kind, base.clone())];
        self.links(template, &base, &mut cases);
        for written in file.cases.iter().filter(|written| is_of(written, template)) {
            self.written(root, written, &base, &mut cases);
        }
        if let Some(longest) = longest(root, &base) {
            cases.push(longest);
        }
        for parameter in parameters::of(root) {
            for value in parameter.others() {
                if cases.len() > MOST {
                    return cases;
                }
                let label = format!("with `{}` = `{}`", shown(parameter.name), shown(&value));
                let mut given = base.clone();
                given.insert(parameter.name.to_owned(), Known::text(&value));
                let changed = Some([parameter.name.to_owned()].into());
                cases.push(Case { changed, ..case(label, Kind::Trial, given) });
            }
        }
        cases
    }

    /// What a Launch Stack link fills in.
    fn links(
        &self,
        template: &CheckedTemplate,
        base: &IndexMap<String, Known>,
        cases: &mut Vec<Case>,
    ) {
        let Some(launch) = &self.subject.launch else { return };
        if template.entry.as_ref().is_none_or(|entry| entry.file != launch.template) {
            return;
        }
        for branch in &launch.branches {
            let mut given = base.clone();
            let known =
                branch.parameters.iter().map(|(name, value)| (name.clone(), Known::text(value)));
            given.extend(known);
            let label = format!("in the launch link of \"{}\"", shown(&branch.name));
            let stack = Some(launch.stack_name.clone());
            cases.push(Case { stack, ..case(label, Kind::Named, given) });
        }
    }

    /// A case of the file, and one more for each further value that it asks for.
    fn written(
        &mut self,
        root: &'m Tree,
        written: &Written,
        base: &IndexMap<String, Known>,
        cases: &mut Vec<Case>,
    ) {
        let label = format!("in the case \"{}\"", shown(&written.name.text));
        let mut given = base.clone();
        for name in self.asked(root, &written.longest, written, |one| one.longest().is_some()) {
            let value = parameters::named(root, name).and_then(|one| one.longest());
            given.extend(value.map(|value| (name.to_owned(), Known::text(&value))));
        }
        given.extend(self.given(root, &written.parameters, true));
        let account =
            written.account.clone().unwrap_or_else(|| Surroundings::EXAMPLE_ACCOUNT.to_owned());
        let stack = written.stack.clone();
        let first = Case { account, stack, ..case(label.clone(), Kind::Named, given) };
        let each = self.asked(root, &written.each, written, |one| !one.allowed().is_empty());
        cases.push(first.clone());
        for name in each {
            let allowed = parameters::named(root, name).map(|one| one.allowed());
            for value in allowed.unwrap_or_default() {
                let known = Known::text(&value);
                if first.given.get(name) == Some(&known) {
                    continue;
                }
                let mut more = first.clone();
                more.label = format!("{label} with `{}` = `{}`", shown(name), shown(&value));
                more.given.insert(name.to_owned(), known);
                more.changed = Some([name.to_owned()].into());
                cases.push(more);
            }
        }
    }

    /// The parameters that a case asks something of which only some can answer.
    fn asked(
        &mut self,
        root: &'m Tree,
        which: &Which,
        written: &Written,
        can: impl Fn(Parameter<'m>) -> bool,
    ) -> Vec<&'m str> {
        let is_given = |name: &str| written.parameters.iter().any(|one| one.name.text == name);
        match which {
            Which::None => Vec::new(),
            Which::All => {
                let open = parameters::of(root).filter(|one| !is_given(one.name) && can(*one));
                open.map(|one| one.name).collect()
            }
            Which::These(words) => {
                let mut names = Vec::new();
                for word in words {
                    let Some(found) = parameters::named(root, &word.text) else { continue };
                    if can(found) {
                        names.push(found.name);
                        continue;
                    }
                    let message = format!("`{}` bounds no value of itself", shown(found.name));
                    self.fault(word, Finding::new(NOT_TOLD, word.place.clone(), message));
                }
                names
            }
        }
    }

    fn fault(&mut self, word: &Word, finding: Finding) {
        let key = (word.place.line, word.place.column, finding.rule.id);
        self.faults.entry(key).or_insert(finding);
    }

    /// What is given of a template's parameters, without what they refuse.
    fn given(&mut self, root: &Tree, given: &[Given], is_said: bool) -> IndexMap<String, Known> {
        let mut known = IndexMap::new();
        for one in given {
            let Some(parameter) = parameters::named(root, &one.name.text) else { continue };
            let value = &one.value;
            let Some(allowed) = parameter.refusal(&value.text) else {
                if is_said && parameter.is_undecided(&value.text) {
                    let message =
                        format!("the pattern of `{}` takes too long to run", shown(parameter.name));
                    self.fault(value, Finding::new(UNDECIDED, value.place.clone(), message));
                }
                known.insert(parameter.name.to_owned(), Known::text(&value.text));
                continue;
            };
            if is_said {
                let message = format!("`{}` takes no such value", shown(parameter.name));
                let finding = Finding::new(REFUSED, value.place.clone(), message);
                self.fault(value, finding.given(shown(&value.text)).allowed(allowed));
            }
        }
        known
    }
}

impl Which {
    fn words(&self) -> &[Word] {
        match self {
            Which::These(words) => words,
            Which::None | Which::All => &[],
        }
    }
}

fn case(label: String, kind: Kind, given: IndexMap<String, Known>) -> Case {
    let account = Surroundings::EXAMPLE_ACCOUNT.to_owned();
    Case { label, kind, given, short: None, changed: None, account, stack: None }
}

/// Every parameter that tells its longest value without a list has it.
fn longest(root: &Tree, base: &IndexMap<String, Known>) -> Option<Case> {
    let (mut given, mut short) = (base.clone(), base.clone());
    for parameter in parameters::of(root).filter(|one| one.allowed().is_empty()) {
        if let (Some(long), Some(brief)) = (parameter.longest(), parameter.shortest()) {
            given.insert(parameter.name.to_owned(), Known::text(&long));
            short.insert(parameter.name.to_owned(), Known::text(&brief));
        }
    }
    let label = "with the longest values that the parameters take".to_owned();
    let is_changed = |(name, value): &(&String, &Known)| base.get(*name) != Some(*value);
    let changed: BTreeSet<String> =
        given.iter().filter(is_changed).map(|(name, _)| name.clone()).collect();
    (!changed.is_empty()).then(|| Case {
        short: Some(short),
        changed: Some(changed),
        ..case(label, Kind::Longest, given)
    })
}

fn is_of(case: &Written, template: &CheckedTemplate) -> bool {
    case.templates.iter().any(|word| is_named(&word.text, &template.name))
}

/// Whether a name fits a pattern, in which `*` stands for any characters.
fn is_named(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match left.split_once(part) {
            Some((_, behind)) => left = behind,
            None => return false,
        }
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::is_named;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, name, fits) in [
            ("smproject", "smproject", true),
            ("smproject", "smproject2", false),
            ("project-*", "project-ecr", true),
            ("*-stackset", "monitor-stackset", true),
            ("*", "any", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1c2b", false),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(is_named(pattern, name), fits, "{pattern} {name}");
        }
    }
}
