//! What a resource takes from elsewhere in the template: from `Globals` of AWS SAM, and from the role that it names.

use formwork::evaluate::Term;
use formwork::read::{Segment, Tree, pointer};

use super::validate::{Validator, Violation};
use super::{Checked, NOT_ALLOWED, ROLE_PATH};
use crate::finding::Finding;
use crate::registry;
use crate::value::{Origin, Sure, Value, What};

/// Properties that take a role's name for its ARN.
const BY_NAME: [(&str, &str); 1] = [("AWS::CodeBuild::Project", "ServiceRole")];

impl Checked<'_> {
    /// Values in `Globals` that some resource takes and its type does not allow.
    pub(super) fn globals(&self, findings: &mut Vec<Finding>) {
        let sections = self.template.root().get("Globals").and_then(Tree::as_map);
        for section in sections.unwrap_or_default() {
            let kind = format!("AWS::Serverless::{}", section.key);
            let Some(schema) = registry::schema(&kind) else { continue };
            let value = self.views.value(&Term::from(&section.value), Sure::Always);
            let broken = Validator::new(schema, &self.kinds).partial(true).run(&value);
            for violation in broken.into_iter().filter(|it| it.rule.id == NOT_ALLOWED.id) {
                let is_taken = violation.path.first().is_some_and(|key| self.is_taken(&kind, key));
                if is_taken {
                    let start = [Segment::Key("Globals"), Segment::Key(&section.key)];
                    let rest = violation.path.iter().map(|key| Segment::Key(key));
                    let path = pointer(&start.into_iter().chain(rest).collect::<Vec<_>>());
                    findings.push(self.at(violation, &path));
                }
            }
        }
    }

    /// Whether a resource of this type takes a property from `Globals`.
    fn is_taken(&self, kind: &str, key: &str) -> bool {
        self.resources.iter().filter(|resource| resource.kind.whole() == Some(kind)).any(
            |resource| {
                let has_own = resource.property(key).is_some();
                let ignored = resource.attribute("IgnoreGlobals");
                let is_ignored = ignored.is_some_and(|term| {
                    let names = term.tree.as_list().unwrap_or(std::slice::from_ref(term.tree));
                    names
                        .iter()
                        .any(|name| name.as_str().is_none_or(|name| name == "*" || name == key))
                });
                !has_own && !is_ignored
            },
        )
    }

    /// A role that is named by its name, but has a path.
    pub(super) fn role_path(&self, kind: &str, properties: &Value) -> Option<Violation> {
        let What::Map(fields) = &properties.what else { return None };
        let (_, property) = BY_NAME.iter().find(|(known, _)| *known == kind)?;
        let value = fields.get(property)?;
        let What::Unknown(Origin::Resource(id)) = &value.what else { return None };
        let role = self.resources.iter().find(|resource| resource.id.whole() == Some(id))?;
        let path = role.property("Path").filter(|_| role.kind.whole() == Some("AWS::IAM::Role"))?;
        let path = path.tree.as_str().filter(|path| *path != "/")?;
        Some(Violation {
            rule: &ROLE_PATH,
            at: value.at,
            path: vec![(*property).to_owned()],
            message: format!("the name of the role `{id}`, which has the path `{path}`"),
            given: Some(format!("`Ref` of `{id}`")),
            allowed: Some("the role's ARN".to_owned()),
            fix: Some(format!("read `{id}.Arn`")),
        })
    }
}
