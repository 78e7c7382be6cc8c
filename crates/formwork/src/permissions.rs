//! Which IAM actions launching, updating and deleting a template takes.
//!
//! CloudFormation calls a type's handlers with the rights of whoever launches, and the registry's schemas say what each handler
//! calls. The table of that is data: `formwork_aws::handlers::TABLE`, or another in its format. Nothing in here knows a resource
//! type.
//!
//! The answer is the most that a type may take: a handler names also what only some properties need. What a template adds itself
//! (custom resources, dynamic references, roles that it passes) no schema knows.
//!
//! ```
//! use formwork::permissions::{Handlers, Step};
//!
//! let table = "AWS::New::Thing\n create new:CreateThing\n read new:GetThing\n delete new:DeleteThing\n";
//! let handlers = Handlers::read(table);
//! let needs = handlers.needs([("Mine", "AWS::New::Thing")], Step::Launch);
//! let actions: Vec<&str> = needs.calls.iter().map(|call| call.action).collect();
//! assert_eq!(actions, ["new:CreateThing", "new:GetThing"]);
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::assembly::TemplateEntry;

/// What CloudFormation calls for a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Handler {
    /// Makes it.
    Create,
    /// Reads it: whether it is there yet, and its attributes.
    Read,
    /// Changes it in place.
    Update,
    /// Removes it.
    Delete,
    /// Lists all of its type. No stack's operation calls it.
    List,
    /// No handler of its own: what the type's tags take, whichever handler changes them.
    Tag,
}

impl Handler {
    /// The word for it in a table.
    const WORDS: [(&'static str, Handler); 6] = [
        ("create", Handler::Create),
        ("read", Handler::Read),
        ("update", Handler::Update),
        ("delete", Handler::Delete),
        ("list", Handler::List),
        ("tag", Handler::Tag),
    ];

    fn named(word: &str) -> Option<Handler> {
        Handler::WORDS.into_iter().find(|(known, _)| *known == word).map(|(_, handler)| handler)
    }
}

/// What is done with a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Every resource is made.
    Launch,
    /// Resources that are there change, or their tags.
    Update,
    /// Every resource goes.
    Delete,
}

impl Step {
    /// All of them, in the order of a stack's life.
    pub const ALL: [Step; 3] = [Step::Launch, Step::Update, Step::Delete];

    /// The handlers that it calls.
    #[must_use]
    pub fn handlers(self) -> &'static [Handler] {
        match self {
            Step::Launch => &[Handler::Create, Handler::Read],
            Step::Update => &[Handler::Read, Handler::Update, Handler::Tag],
            Step::Delete => &[Handler::Read, Handler::Delete],
        }
    }
}

/// What the handlers of a type call: of each handler, the actions.
pub type TypeHandlers<'t> = BTreeMap<Handler, BTreeSet<&'t str>>;

/// What the handlers of every type call.
#[derive(Clone, Debug, Default)]
pub struct Handlers<'t> {
    types: BTreeMap<&'t str, TypeHandlers<'t>>,
}

/// One action that a type's handler calls.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call<'t> {
    /// The resource type.
    pub resource_type: &'t str,
    /// The IAM action, such as `ecr:CreateRepository`.
    pub action: &'t str,
    /// The handlers that call it.
    pub handlers: Vec<Handler>,
}

/// What a template takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs<'t> {
    /// The calls, ordered by type and action.
    pub calls: Vec<Call<'t>>,
    /// The logical ids of resources whose type has no handler in the table: custom resources, and types whose schema is silent.
    pub undescribed: Vec<&'t str>,
}

impl<'t> Handlers<'t> {
    /// Reads a table: a type a line, below it indented a line a handler with its actions. Lines that begin with `#` are remarks.
    /// Left out are actions with a `?` in front, which IAM does not know, and words for handlers that are new.
    #[must_use]
    pub fn read(table: &'t str) -> Self {
        let mut types: BTreeMap<&str, TypeHandlers<'t>> = BTreeMap::new();
        let mut current = "";
        for line in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let mut words = line.split_whitespace();
            let (Some(first), true) = (words.next(), line.starts_with(' ')) else {
                current = line;
                types.entry(current).or_default();
                continue;
            };
            if let Some(handler) = Handler::named(first) {
                let actions = words.filter(|action| !action.starts_with('?'));
                types.entry(current).or_default().entry(handler).or_default().extend(actions);
            }
        }
        Handlers { types }
    }

    /// The handlers of a type; none if the table lacks it.
    #[must_use]
    pub fn of(&self, resource_type: &str) -> Option<&TypeHandlers<'t>> {
        self.types.get(resource_type)
    }

    /// What a step takes, given the logical ids and types of a stack's resources.
    #[must_use]
    pub fn needs<'r: 't>(
        &self,
        resources: impl IntoIterator<Item = (&'r str, &'r str)>,
        step: Step,
    ) -> Needs<'t> {
        let mut needs = Needs { calls: Vec::new(), undescribed: Vec::new() };
        let mut found: BTreeMap<(&'t str, &'t str), Vec<Handler>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (id, resource_type) in resources {
            match self.of(resource_type).filter(|handlers| !handlers.is_empty()) {
                None => needs.undescribed.push(id),
                Some(handlers) if seen.insert(resource_type) => {
                    for handler in step.handlers() {
                        for action in handlers.get(handler).into_iter().flatten() {
                            found.entry((resource_type, action)).or_default().push(*handler);
                        }
                    }
                }
                Some(_) => {}
            }
        }
        let calls = found.into_iter();
        needs.calls.extend(calls.map(|((resource_type, action), handlers)| Call {
            resource_type,
            action,
            handlers,
        }));
        needs
    }

    /// What a step takes with a template of an assembly. What it nests are stacks of their own.
    #[must_use]
    pub fn needs_of<'r: 't>(&self, template: &'r TemplateEntry, step: Step) -> Needs<'t> {
        let resources = template.resources.iter();
        self.needs(resources.map(|(id, it)| (id.as_str(), it.resource_type.as_str())), step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "# a remark
AWS::A::B
 create a:Create ?a:Forgotten a:Tag
 read a:Get
 update a:Get a:Change
 delete a:Remove
 list a:List
 tag a:Tag
AWS::A::Silent
";

    #[test]
    fn each_step_takes_what_its_handlers_call() {
        let handlers = Handlers::read(TABLE);
        let resources = || [("One", "AWS::A::B"), ("Two", "AWS::A::B"), ("Own", "Custom::Own")];
        let actions = |step| -> Vec<&str> {
            handlers.needs(resources(), step).calls.iter().map(|call| call.action).collect()
        };
        assert_eq!(actions(Step::Launch), ["a:Create", "a:Get", "a:Tag"]);
        assert_eq!(actions(Step::Update), ["a:Change", "a:Get", "a:Tag"]);
        assert_eq!(actions(Step::Delete), ["a:Get", "a:Remove"]);
        let update = handlers.needs(resources(), Step::Update);
        assert_eq!(update.calls[1].handlers, [Handler::Read, Handler::Update]);
        assert_eq!(update.undescribed, ["Own"]);
    }

    #[test]
    fn a_template_of_an_assembly_says_what_it_takes() {
        use crate::assembly::{Assembly, Settings};
        use crate::{Raw, Stack};
        let stack = Stack::<(), ()>::new("thing", "A thing", |t, ()| {
            t.add("One", Raw::new("AWS::A::B"));
            t.add("Own", Raw::new("Custom::Own"));
        });
        let synthesized = Assembly::new().with(stack.template()).synth(Settings::default());
        let synthesized = synthesized.expect("it has no problems");
        let entry = &synthesized.template("thing").expect("it is there").entry;
        let needs = Handlers::read(TABLE).needs_of(entry, Step::Delete).calls;
        let actions: Vec<&str> = needs.iter().map(|call| call.action).collect();
        assert_eq!(actions, ["a:Get", "a:Remove"]);
        let needs = Handlers::read(TABLE).needs_of(entry, Step::Launch);
        assert_eq!(needs.undescribed, ["Own"]);
    }

    #[test]
    fn a_type_whose_schema_is_silent_is_there_and_undescribed() {
        let handlers = Handlers::read(TABLE);
        assert!(handlers.of("AWS::A::Silent").is_some_and(BTreeMap::is_empty));
        assert!(handlers.of("AWS::A::Missing").is_none());
        let needs = handlers.needs([("Quiet", "AWS::A::Silent")], Step::Launch);
        assert_eq!((needs.calls.len(), needs.undescribed), (0, vec!["Quiet"]));
    }
}
