//! Nested stacks against the templates that they are of: inputs that are missing, unknown or of another type, and outputs
//! that there are not.

use formwork::evaluate::{Evaluation, Known, Surroundings};
use formwork::read::{Segment, Tree, pointer};
use indexmap::IndexMap;

use super::Look;
use super::collect::Kind;
use super::rules::RULES;
use crate::finding::{Finding, Rule, shown};
use crate::subject::{CheckedTemplate, Subject, USUAL_REGION, of_stack};

const MISSING: &Rule = Rule::of(RULES, "FW2010");
const UNKNOWN: &Rule = Rule::of(RULES, "FW2011");
const ILL_TYPED: &Rule = Rule::of(RULES, "FW2012");
const NO_OUTPUT: &Rule = Rule::of(RULES, "FW2013");

pub(super) fn check(look: &Look<'_>, subject: &Subject, at: usize, findings: &mut Vec<Finding>) {
    let region = subject.regions.first().map_or(USUAL_REGION, String::as_str);
    let mut evaluation = None;
    for (id, resource) in &look.names.resources {
        let Some(child) = subject.nests.get(&(at, (*id).to_owned())) else { continue };
        let child = &subject.templates[*child];
        let evaluation = evaluation.get_or_insert_with(|| {
            let unknown = look.names.parameters.list.iter();
            let unknown = unknown.map(|name| ((*name).to_owned(), Known::unknown(*name)));
            let given: IndexMap<String, Known> = unknown.collect();
            Evaluation::new(look.template.root(), &Surroundings::of_region(region), &given)
        });
        let stack = Nested { look, id, child, evaluation };
        stack.inputs(resource, findings);
        stack.outputs(findings);
    }
}

/// A nested stack and its template.
struct Nested<'a, 't> {
    look: &'a Look<'t>,
    id: &'a str,
    child: &'a CheckedTemplate,
    evaluation: &'a Evaluation<'t>,
}

impl Nested<'_, '_> {
    fn inputs(&self, resource: &Tree, findings: &mut Vec<Finding>) {
        let declared =
            self.child.root().get("Parameters").and_then(Tree::as_map).unwrap_or_default();
        let given = of_stack(resource).and_then(|properties| properties.get("Parameters"));
        // What a function or a transform gives as a whole nobody sees.
        if given.is_some_and(|given| given.as_map().is_none() || given.intrinsic().is_some()) {
            return;
        }
        let given = given.and_then(Tree::as_map).unwrap_or_default();
        if given.iter().any(|entry| entry.key.starts_with("Fn::")) {
            return;
        }
        let base = [Segment::Key("Resources"), Segment::Key(self.id)];
        let inside = [Segment::Key("Properties"), Segment::Key("Parameters")];
        let parameters = pointer(&[&base[..], &inside[..]].concat());
        for entry in given {
            let path = format!("{parameters}{}", pointer(&[Segment::Key(&entry.key)]));
            let place = || self.look.template.place(entry.key_span.start, &path);
            let Some(parameter) = declared.iter().find(|known| known.key == entry.key) else {
                let names: Vec<&str> = declared.iter().map(|known| known.key.as_str()).collect();
                let message =
                    format!("`{}` has no parameter `{}`", self.named(), shown(&entry.key));
                let finding = Finding::new(UNKNOWN, place(), message);
                findings.push(match self.look.names.guess(&entry.key, &names) {
                    Some(near) => finding.fix(format!("did you mean `{}`?", shown(near))),
                    None => finding,
                });
                continue;
            };
            if let Some((given, allowed)) = self.mismatch(&entry.value, &parameter.value) {
                let message = format!("`{}` takes no such `{}`", self.named(), shown(&entry.key));
                let place = self.look.template.place_at(&entry.value, &path);
                findings
                    .push(Finding::new(ILL_TYPED, place, message).given(given).allowed(allowed));
            }
        }
        for parameter in declared.iter().filter(|it| it.value.get("Default").is_none()) {
            let is_given = given
                .iter()
                .find(|entry| entry.key == parameter.key)
                .is_some_and(|entry| self.evaluation.value(&entry.value) != Known::Absent);
            if !is_given
                && self
                    .child
                    .root()
                    .get("Transform")
                    .is_none_or(|it| it.as_str() == Some("AWS::LanguageExtensions"))
            {
                let message = format!(
                    "`{}` needs `{}`, which is not given",
                    self.named(),
                    shown(&parameter.key)
                );
                let place = self.look.template.place_of(&pointer(&base));
                findings.push(Finding::new(MISSING, place, message));
            }
        }
    }

    fn named(&self) -> String {
        shown(&self.child.name)
    }

    /// What was given and what is allowed, if the parameter cannot take one of the values that may come out.
    fn mismatch(&self, value: &Tree, parameter: &Tree) -> Option<(String, String)> {
        let kind = parameter.get("Type").and_then(Tree::as_str)?;
        if let Some(mismatch) = self.handed_on(value, kind) {
            return Some(mismatch);
        }
        let allowed = parameter.get("AllowedValues").and_then(Tree::as_list);
        for known in self.evaluation.alternatives(value).values {
            match &known {
                Known::List(_) => {
                    let allowed = format!("one text; the parameter is of type `{}`", shown(kind));
                    return Some(("a list".to_owned(), allowed));
                }
                Known::Map(_) => return Some(("a map".to_owned(), format!("`{}`", shown(kind)))),
                _ => {}
            }
            let Some(text) = known.whole() else { continue };
            if kind == "Number" && text.trim().parse::<f64>().is_err() {
                return Some((format!("`{}`", shown(text)), "a number".to_owned()));
            }
            let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
            if let Some(allowed) = allowed.filter(|_| !is_list) {
                let values: Vec<&str> = allowed.iter().filter_map(Tree::as_str).collect();
                if !values.contains(&text) && values.len() == allowed.len() {
                    let shown_values: Vec<String> =
                        values.iter().map(|value| shown(value)).collect();
                    return Some((
                        format!("`{}`", shown(text)),
                        format!("`{}`", shown_values.join("`, `")),
                    ));
                }
            }
        }
        None
    }

    /// A parameter of this template that is handed on as it is, to one of another type.
    fn handed_on(&self, value: &Tree, kind: &str) -> Option<(String, String)> {
        let ("Ref", name) = value.intrinsic()? else { return None };
        let own = self.look.template.root().get("Parameters")?.get(name.as_str()?)?;
        let own = own.get("Type")?.as_str()?;
        let is_list = own == "CommaDelimitedList" || own.starts_with("List<");
        let are_ids = own.starts_with("AWS::EC2::") && kind.starts_with("AWS::EC2::");
        let is_text_for_number = kind == "Number" && own.starts_with("AWS::");
        let is_wrong = is_list || (are_ids && own != kind) || is_text_for_number;
        is_wrong.then(|| {
            let cure = if is_list { ", joined with `Fn::Join`" } else { "" };
            (format!("a parameter of type `{}`", shown(own)), format!("`{}`{cure}", shown(kind)))
        })
    }

    fn outputs(&self, findings: &mut Vec<Finding>) {
        let root = self.child.root();
        let outputs = root.get("Outputs").and_then(Tree::as_map).unwrap_or_default();
        let is_open = root.get("Transform").is_some() || root.get("Fn::Transform").is_some();
        if is_open || outputs.iter().any(|entry| entry.key.starts_with("Fn::")) {
            return;
        }
        for one in &self.look.uses.list {
            let Kind::Attribute(id, Some(attribute)) = one.kind else { continue };
            let Some(output) = attribute.strip_prefix("Outputs.").filter(|_| id == self.id) else {
                continue;
            };
            if outputs.iter().any(|entry| entry.key == output) {
                continue;
            }
            let names: Vec<&str> = outputs.iter().map(|entry| entry.key.as_str()).collect();
            let place = self.look.template.place(one.position, &one.path());
            let message = format!("`{}` has no output `{}`", self.named(), shown(output));
            let finding = Finding::new(NO_OUTPUT, place, message);
            findings.push(match self.look.names.guess(output, &names) {
                Some(near) => finding.fix(format!("did you mean `{}`?", shown(near))),
                None => finding,
            });
        }
    }
}
