//! What the values of a part of a template can depend on: parameters and pseudo parameters, also by way of conditions.
//!
//! Two launches that agree in all of these make the same of it, so that it is looked at once. Where something is too
//! dynamic to say, it depends on everything.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};

use formwork::read::{Content, Tree};

use crate::functions::placeholders;

/// How deep conditions may lead into each other before it is given up.
const DEEPEST: usize = 64;

/// How many names all that is found may have together, of one template.
const MOST_NAMES: usize = 1_000_000;

/// What something depends on.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    /// Parameters, and `AWS::AccountId` and `AWS::StackName`.
    pub(super) names: BTreeSet<String>,
    /// The same without what only conditions look at.
    pub(super) direct: BTreeSet<String>,
    /// Whether it looks at the region at all.
    pub(super) region: bool,
    /// Whether something is chosen by the region, and not only written with it, otherwise than by a condition.
    pub(super) by_region: bool,
    /// Whether the region stands in it, otherwise than in a condition.
    pub(super) has_region: bool,
    /// The conditions that it hangs on.
    pub(super) conditions: BTreeSet<String>,
}

/// Works out what the parts of one template depend on.
pub(super) struct Reader<'t> {
    root: &'t Tree,
    conditions: HashMap<String, Needs>,
    /// Conditions that are being read, so that a circle ends.
    open: Vec<String>,
    /// How many names there is still room for.
    left: Cell<usize>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(root: &'t Tree) -> Self {
        Reader { root, conditions: HashMap::new(), open: Vec::new(), left: Cell::new(MOST_NAMES) }
    }

    /// Whether there was too much to find, so that what was found is not all.
    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    /// Takes the room for what was found; false if there is none.
    fn spend(&self, count: usize) -> bool {
        self.left.set(self.left.get().saturating_sub(count));
        !self.is_spent()
    }

    /// What a resource depends on.
    pub(super) fn resource(&mut self, resource: &'t Tree) -> Needs {
        let mut needs = Needs::default();
        if self.is_spent() {
            return needs;
        }
        for entry in resource.as_map().unwrap_or_default() {
            match (entry.key.as_str(), entry.value.as_str()) {
                ("Condition", Some(name)) => self.condition(name, &mut needs),
                _ => self.tree(&entry.value, false, &mut needs),
            }
        }
        needs
    }

    /// What all conditions depend on.
    pub(super) fn conditions(&mut self) -> Needs {
        let mut needs = Needs::default();
        let entries = self.root.get("Conditions").and_then(Tree::as_map).unwrap_or_default();
        for entry in entries {
            self.tree(&entry.value, true, &mut needs);
            needs.conditions.insert(entry.key.clone());
        }
        needs
    }

    /// What the template's own rules depend on.
    pub(super) fn rules(&mut self, rules: &'t Tree) -> Needs {
        let mut needs = Needs::default();
        self.tree(rules, true, &mut needs);
        needs
    }

    /// What a section depends on, of which each entry may have a condition.
    pub(super) fn section(&mut self, section: &'t Tree) -> Needs {
        let mut needs = Needs::default();
        for entry in section.as_map().unwrap_or_default() {
            needs.add(&self.resource(&entry.value));
        }
        needs
    }

    /// Everything that a template could depend on.
    pub(super) fn all(&self) -> Needs {
        let keys = |section: &str| {
            let entries = self.root.get(section).and_then(Tree::as_map).unwrap_or_default();
            entries.iter().map(|entry| entry.key.clone())
        };
        let pseudo = ["AWS::AccountId", "AWS::StackName"].map(str::to_owned);
        if !self.spend(keys("Parameters").len() * 2 + keys("Conditions").len()) {
            return Needs::default();
        }
        let names: BTreeSet<String> = keys("Parameters").chain(pseudo).collect();
        Needs {
            direct: names.clone(),
            names,
            region: true,
            by_region: true,
            has_region: true,
            conditions: keys("Conditions").collect(),
        }
    }

    /// `chooses` is whether what stands here chooses something, rather than being a part of a text.
    fn tree(&mut self, tree: &'t Tree, chooses: bool, needs: &mut Needs) {
        if let Some((name, argument)) = tree.intrinsic() {
            self.function(name, argument, chooses, needs);
            return;
        }
        match tree.content() {
            Content::Scalar(..) => {}
            Content::List(items) => items.iter().for_each(|item| self.tree(item, chooses, needs)),
            Content::Map(entries) => {
                for entry in entries {
                    let is_dynamic = entry.key.starts_with("Fn::");
                    if is_dynamic {
                        needs.add(&self.all());
                    }
                    self.tree(&entry.value, chooses || is_dynamic, needs);
                }
            }
        }
    }

    fn function(&mut self, name: &str, argument: &'t Tree, chooses: bool, needs: &mut Needs) {
        match name {
            "Ref" => match argument.as_str() {
                Some(name) => self.name(name, chooses, needs),
                None => needs.add(&self.all()),
            },
            "Fn::GetAtt" => {}
            "Condition" => match argument.as_str() {
                Some(name) => self.condition(name, needs),
                None => needs.add(&self.all()),
            },
            "Fn::Sub" => {
                let list = argument.as_list().unwrap_or_default();
                let text = argument.as_str().or_else(|| list.first()?.as_str());
                for name in text.into_iter().flat_map(placeholders) {
                    self.name(name, chooses, needs);
                }
                list.iter().skip(1).for_each(|item| self.tree(item, chooses, needs));
            }
            "Fn::If" => match argument.as_list() {
                Some([condition, branches @ ..]) if condition.as_str().is_some() => {
                    self.condition(condition.as_str().unwrap_or_default(), needs);
                    for branch in branches {
                        self.tree(branch, chooses, needs);
                    }
                }
                _ => needs.add(&self.all()),
            },
            "Fn::Join" | "Fn::Base64" | "Fn::ToJsonString" | "Fn::GetAZs" | "Fn::ImportValue" => {
                self.tree(argument, chooses, needs);
            }
            name if name.starts_with("Fn::ForEach::") || name == "Fn::Transform" => {
                needs.add(&self.all());
            }
            _ => self.tree(argument, true, needs),
        }
    }

    fn name(&self, name: &str, chooses: bool, needs: &mut Needs) {
        match name {
            "AWS::Region" | "AWS::Partition" | "AWS::URLSuffix" => {
                needs.region = true;
                needs.has_region = true;
                needs.by_region |= chooses;
            }
            _ if ["AWS::AccountId", "AWS::StackName"].contains(&name)
                || self.root.get("Parameters").is_some_and(|all| all.get(name).is_some()) =>
            {
                needs.names.insert(name.to_owned());
                needs.direct.insert(name.to_owned());
            }
            _ => {}
        }
    }

    fn condition(&mut self, name: &str, needs: &mut Needs) {
        needs.conditions.insert(name.to_owned());
        if let Some(known) = self.conditions.get(name) {
            if !self.spend(known.names.len() + known.conditions.len() + 1) {
                return;
            }
            needs.add_condition(known);
            return;
        }
        let written = self.root.get("Conditions").and_then(|all| all.get(name));
        let is_open = self.open.iter().any(|open| open == name);
        let Some(written) = written.filter(|_| !is_open) else { return };
        if self.is_spent() {
            return;
        }
        if self.open.len() >= DEEPEST {
            needs.add(&self.all());
            return;
        }
        self.open.push(name.to_owned());
        let mut found = Needs::default();
        self.tree(written, true, &mut found);
        self.open.pop();
        self.spend(2 * (found.names.len() + found.conditions.len()));
        needs.add_condition(&found);
        self.conditions.insert(name.to_owned(), found);
    }
}

impl Needs {
    fn add(&mut self, other: &Needs) {
        self.add_condition(other);
        self.direct.extend(other.direct.iter().cloned());
        self.has_region |= other.has_region;
        self.by_region |= other.by_region;
    }

    /// What a condition looks at matters only by whether it holds.
    fn add_condition(&mut self, other: &Needs) {
        self.names.extend(other.names.iter().cloned());
        self.conditions.extend(other.conditions.iter().cloned());
        self.region |= other.region;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Reader;

    #[test]
    fn what_a_resource_depends_on() {
        let text = "Parameters: { A: { Type: String }, B: { Type: String }, C: { Type: String } }
Conditions:
  Far: !Equals [!Ref AWS::Region, eu-west-1]
  Both: !And [!Condition Far, !Equals [!Ref C, x]]
  Round: !Not [!Condition Round]
Resources:
  Text: { Properties: { X: !Sub '${A}-${AWS::Region}-${!B}-${T.Arn}' } }
  Chosen: { Condition: Both, Properties: { X: !GetAtt Text.Arn } }
  Mapped: { Properties: { X: !FindInMap [M, !Ref AWS::Region, a] } }
  Open: { Condition: Round, Properties: { X: !If [Both, !Ref B, 1] } }
";
        let document = formwork::read::parse(text.as_bytes()).expect("it can be read");
        let mut reader = Reader::new(&document.root);
        for (id, names, direct, region, by_region) in [
            ("Text", "A", "A", true, false),
            ("Chosen", "C", "", true, false),
            ("Mapped", "", "", true, true),
            ("Open", "B C", "B", true, false),
        ] {
            let resource = document.root.at(&format!("/Resources/{id}")).expect("it is there");
            let needs = reader.resource(resource);
            let shown = |names: &BTreeSet<String>| {
                names.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
            };
            assert_eq!((shown(&needs.names), shown(&needs.direct)), (names.into(), direct.into()));
            assert_eq!((needs.region, needs.by_region), (region, by_region), "{id}");
        }
    }
}
