//! The functions by name; and those that look something up: references, conditions and mappings.

use super::machine::Machine;
use super::{Known, Scope, Term, Unknown};
use crate::read::Tree;

impl Machine<'_, '_> {
    /// What a function gives. `tree` is the function, `argument` what it is given.
    pub(super) fn function(
        &mut self,
        name: &str,
        argument: &Tree,
        tree: &Tree,
        scope: &Scope,
    ) -> Known {
        let value = match name {
            "Ref" => self.ref_(argument, scope),
            "Fn::Base64" => self.base64(argument, tree, scope),
            "Fn::Cidr" => self.cidr(argument, tree, scope),
            "Fn::FindInMap" => self.find_in_map(argument, tree, scope),
            "Fn::GetAtt" => self.get_att(argument, tree, scope),
            "Fn::If" => self.if_(argument, tree, scope),
            "Fn::Join" => self.join(argument, tree, scope),
            "Fn::Length" => self.length(argument, tree, scope),
            "Fn::Select" => self.select(argument, tree, scope),
            "Fn::Split" => self.split(argument, tree, scope),
            "Fn::Sub" => self.sub(argument, tree, scope),
            "Fn::ToJsonString" => self.json_string(argument, tree, scope),
            // What AWS answers at the launch; what is asked may have mistakes all the same.
            "Fn::GetAZs" | "Fn::GetStackOutput" | "Fn::ImportValue" => {
                self.value(argument, scope);
                self.unknown(name, tree, scope)
            }
            "Fn::Transform" | "Fn::RefAll" | "Fn::ValueOf" | "Fn::ValueOfAll" => {
                self.unknown(name, tree, scope)
            }
            _ => {
                self.note(tree, format!("`{name}` is no function that gives a value: correct its name, or use it in a condition"));
                self.unknown(name, tree, scope)
            }
        };
        if self.spend(value.size(), tree) { value } else { self.unknown(name, tree, scope) }
    }

    /// A name that a function is given, as it was written, for so are the keys; or made by a function.
    pub(super) fn name(&mut self, tree: &Tree, scope: &Scope) -> Option<String> {
        let text = match tree.as_str() {
            Some(name) if !tree.is_null() => scope.fill(name),
            _ => self.text(tree, scope),
        };
        text.whole().filter(|name| !name.is_empty()).map(str::to_owned)
    }

    fn ref_(&mut self, argument: &Tree, scope: &Scope) -> Known {
        match self.name(argument, scope) {
            Some(name) => self.reference(&name, argument, scope),
            None => self.unknown("Ref", argument, scope),
        }
    }

    /// What `Ref` and `${…}` give for a name.
    pub(super) fn reference(&mut self, name: &str, from: &Tree, scope: &Scope) -> Known {
        if let Some(item) = scope.get(name) {
            return Known::from(item.clone());
        }
        let facts = self.facts;
        let found = facts.parameters.get(name).or_else(|| facts.learned.get(name));
        if let Some(value) = found {
            return if self.spend(value.size(), from) {
                value.clone()
            } else {
                Known::unknown(name)
            };
        }
        if let Some(value) = facts.surroundings.pseudo(name) {
            return value;
        }
        self.check_id(name, from);
        Known::unknown(name)
    }

    /// What `Fn::GetAtt` and `${….…}` give.
    pub(super) fn attribute(&mut self, id: &str, attribute: &str, from: &Tree) -> Known {
        let source = format!("{id}.{attribute}");
        if let Some(value) = self.facts.learned.get(&source) {
            return value.clone();
        }
        self.check_id(id, from);
        Known::unknown(source)
    }

    fn check_id(&mut self, id: &str, from: &Tree) {
        if self.facts.ids.as_ref().is_some_and(|ids| !ids.contains(id)) {
            self.note(from, format!("`{id}` is no parameter, pseudo parameter or resource of this template: define it, or correct the name"));
        }
    }

    fn get_att(&mut self, argument: &Tree, tree: &Tree, scope: &Scope) -> Known {
        const USAGE: &str = "it takes a list of a logical id and an attribute";
        let parts = match argument.as_list() {
            Some([id, attribute]) => self.name(id, scope).zip(self.name(attribute, scope)),
            Some(_) => return self.malformed("Fn::GetAtt", USAGE, tree, scope),
            None => {
                let whole = self.name(argument, scope).unwrap_or_default();
                let Some((id, attribute)) = whole.split_once('.') else {
                    return self.malformed("Fn::GetAtt", USAGE, tree, scope);
                };
                Some((id.to_owned(), attribute.to_owned()))
            }
        };
        match parts {
            Some((id, attribute)) => self.attribute(&id, &attribute, argument),
            None => self.unknown("Fn::GetAtt", tree, scope),
        }
    }

    fn if_(&mut self, argument: &Tree, tree: &Tree, scope: &Scope) -> Known {
        const USAGE: &str = "it takes a list of a condition's name and two values";
        let Some([condition, yes, no]) = argument.as_list() else {
            return self.malformed("Fn::If", USAGE, tree, scope);
        };
        let Some(name) = self.name(condition, scope) else {
            return self.malformed("Fn::If", USAGE, tree, scope);
        };
        let answer = match self.named(&name, condition) {
            Ok(answer) => Some(answer),
            Err(_) if self.script.is_some() => Some(self.decide(&name, condition)),
            Err(_) => None,
        };
        if let Some(answer) = answer {
            return self.value(if answer { yes } else { no }, scope);
        }
        let (yes, no) = (self.value(yes, scope), self.value(no, scope));
        if yes == no {
            return yes;
        }
        let optional = yes.may_be_absent() || no.may_be_absent();
        let source = super::machine::place("Fn::If", tree, scope);
        Known::Unknown(Unknown::new(source).or_absent(optional))
    }

    fn find_in_map(&mut self, argument: &Tree, tree: &Tree, scope: &Scope) -> Known {
        const USAGE: &str = "it takes a list of a mapping, a key and a key in that one, and perhaps a map with `DefaultValue`";
        let (keys, default) = match argument.as_list() {
            Some(keys @ [_, _, _]) => (keys, None),
            Some([keys @ .., options]) if keys.len() == 3 => match options.get("DefaultValue") {
                Some(default) => (keys, Some(default)),
                None => return self.malformed("Fn::FindInMap", USAGE, tree, scope),
            },
            _ => return self.malformed("Fn::FindInMap", USAGE, tree, scope),
        };
        let mut names = Vec::new();
        for key in keys {
            match self.name(key, scope) {
                Some(name) => names.push(name),
                None => return self.unknown("Fn::FindInMap", tree, scope),
            }
        }
        let mut found = self.facts.root.get("Mappings");
        for name in &names {
            let entries = found.and_then(Tree::as_map).unwrap_or_default();
            if !self.spend(entries.len(), tree)
                || entries.iter().any(|entry| entry.key == "Fn::Transform")
            {
                return self.unknown("Fn::FindInMap", tree, scope);
            }
            found = found.and_then(|map| map.get(name));
        }
        match (found, default) {
            (Some(found), _) => self.value(found, &Scope::default()),
            (None, Some(default)) => self.value(default, scope),
            (None, None) => {
                let path = names.join("`, `");
                self.note(
                    tree,
                    format!(
                        "there is no `{path}` in `Mappings`: add the key, or give a `DefaultValue`"
                    ),
                );
                self.unknown("Fn::FindInMap", tree, scope)
            }
        }
    }

    /// The value of a term.
    pub(super) fn term(&mut self, term: &Term<'_>) -> Known {
        self.value(term.tree, &term.scope)
    }
}
