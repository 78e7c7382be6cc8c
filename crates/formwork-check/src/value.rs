//! Values of a template as a schema sees them: functions are replaced by what they come to, as far as that is known.
//!
//! Both branches of an undecided `Fn::If` are kept. A parameter's default counts only where the template says
//! nothing else about when the value is used, because a value behind a condition may never meet its default.
//! Nothing in here knows a schema.

use std::cell::Cell;
use std::rc::Rc;

use formwork::evaluate::{Evaluation, Known, Part, Resource, Surroundings, Term, Text};
use formwork::read::{Entry, Position, Scalar, Tree};
use indexmap::{IndexMap, IndexSet};

use crate::finding::{Finding, Place};
use crate::functions;
use crate::subject::{CheckedTemplate, TOO_MUCH};

/// A value with its place.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) at: Position,
    pub(crate) what: What,
    /// Whether it is a parameter's default, which may be a placeholder that every launch replaces.
    pub(crate) is_default: bool,
    /// What else the parameter allows.
    pub(crate) others: Vec<String>,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum What {
    Text(String),
    Number(String),
    Bool(bool),
    List(Vec<Value>),
    Map(Fields),
    /// One of these: the branches of `Fn::If`, each with its index in the list that it takes.
    Choice(Vec<(usize, Value)>),
    /// A text with gaps.
    Partial(Text),
    /// What `AWS::NoValue` gives.
    Absent,
    Unknown(Origin),
}

/// The entries of a map.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    pub(crate) fields: Vec<Field>,
    /// Whether there may be more, which a macro or a loop adds.
    pub(crate) is_open: bool,
}

/// One entry.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) key: String,
    pub(crate) at: Position,
    pub(crate) value: Value,
}

/// Where an unknown value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `Ref` of a resource.
    Resource(String),
    /// An attribute of a resource.
    Attribute(String, String),
    /// A parameter, by its type.
    Parameter(String, String),
    /// A function that gives a text.
    Text(&'static str),
    /// A function that gives a list.
    List(&'static str),
    Other,
}

/// What the use of a value hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sure {
    /// Conditions that do not hold by default, or are not decided by it.
    No,
    /// Conditions that hold by default.
    ByDefault,
    /// Nothing.
    Always,
}

/// The template under nothing but where it is launched: no parameter is known.
pub(crate) fn in_any_launch<'t>(root: &'t Tree, around: &Surroundings) -> Evaluation<'t> {
    let declared = root.get("Parameters").and_then(Tree::as_map).unwrap_or_default();
    let unknown = |entry: &Entry| (entry.key.clone(), Known::unknown(entry.key.clone()));
    let given = declared.iter().map(unknown).collect();
    Evaluation::new(root, around, &given)
}

/// How many values that a parameter allows are looked at wherever it is used.
const MOST_OTHERS: usize = 200;

/// How many such values are looked at in one template.
const ALL_OTHERS: usize = 200_000;

/// That some value was too much to work out.
pub(crate) fn spent(template: &CheckedTemplate) -> Finding {
    let message = "values, loops or texts in each other grow beyond any template; what they come to is not worked out";
    Finding::new(TOO_MUCH, Place::file(&template.file), message)
}

/// What a template is evaluated with.
pub(crate) struct Views<'t> {
    /// No parameter is known.
    pub(crate) always: Rc<Evaluation<'t>>,
    /// Each parameter has its default.
    by_default: Rc<Evaluation<'t>>,
    /// The same, but that an empty default stands for a value that a launch has to give.
    filled: Rc<Evaluation<'t>>,
    parameters: IndexMap<String, String>,
    root: &'t Tree,
    /// Of one launch, whose values alone count: the parameters of which it takes the default for a placeholder.
    launch: Option<IndexSet<String>>,
    /// How many values that parameters allow are still to be looked at.
    others_left: Cell<usize>,
}

impl<'t> Views<'t> {
    pub(crate) fn new(root: &'t Tree, region: &str) -> Self {
        let around = Surroundings::of_region(region);
        let parameters = parameters(root);
        let unknown = |name: &String| (name.clone(), Known::unknown(name.clone()));
        let given = parameters.keys().map(unknown).collect();
        let is_empty = |name: &&String| default(root, name).is_some_and(str::is_empty);
        let empty = parameters.keys().filter(is_empty).map(unknown).collect();
        Views {
            always: Rc::new(Evaluation::new(root, &around, &given)),
            by_default: Rc::new(Evaluation::new(root, &around, &IndexMap::new())),
            filled: Rc::new(Evaluation::new(root, &around, &empty)),
            parameters,
            root,
            launch: None,
            others_left: Cell::new(ALL_OTHERS),
        }
    }

    /// What one launch makes of the template.
    pub(crate) fn of_launch(root: &'t Tree, launch: Rc<Evaluation<'t>>) -> Self {
        Views {
            always: Rc::clone(&launch),
            by_default: Rc::clone(&launch),
            filled: launch,
            parameters: parameters(root),
            root,
            launch: Some(IndexSet::new()),
            others_left: Cell::new(ALL_OTHERS),
        }
    }

    /// What a launch makes of it that gives nothing else: a default may be a placeholder, and an empty one stands for a
    /// value that a launch has to give.
    pub(crate) fn of_trial(
        root: &'t Tree,
        launch: Rc<Evaluation<'t>>,
        around: &Surroundings,
        given: &IndexMap<String, Known>,
    ) -> Self {
        let mut views = Views::of_launch(root, launch);
        let left = views.parameters.keys().filter(|name| !given.contains_key(*name));
        let left: IndexSet<String> = left.cloned().collect();
        let is_empty = |name: &&String| default(root, name).is_some_and(str::is_empty);
        let mut filled = given.clone();
        let unknown = |name: &String| (name.clone(), Known::unknown(name.clone()));
        filled.extend(left.iter().filter(is_empty).map(unknown));
        if filled.len() > given.len() {
            views.filled = Rc::new(Evaluation::new(root, around, &filled));
        }
        views.launch = Some(left);
        views
    }

    /// Whether all that is known is of one launch.
    pub(crate) fn is_launch(&self) -> bool {
        self.launch.is_some()
    }

    /// What the use of a resource's values hangs on.
    pub(crate) fn sure(&self, resource: &Resource<'_>) -> Sure {
        match (&resource.term.when, resource.exists) {
            (_, Some(_)) => Sure::Always,
            (Some(name), None) if self.by_default.condition(name) == Some(true) => Sure::ByDefault,
            _ => Sure::No,
        }
    }

    /// The value of a term. `sure` says what its use hangs on.
    pub(crate) fn value(&self, term: &Term<'_>, sure: Sure) -> Value {
        let at = term.tree.span().start;
        let what = match (term.tree.intrinsic(), term.tree.as_list(), term.tree.as_map()) {
            (Some((name, argument)), ..)
                if name != "Condition" && !name.starts_with("Fn::ForEach") =>
            {
                self.function(name, argument, term, sure)
            }
            (_, Some(items), _) => {
                What::List(items.iter().map(|item| self.value(&term.with(item), sure)).collect())
            }
            (.., Some(entries)) => self.map(entries, term, sure),
            _ => self.scalar(term),
        };
        let parameter = match term.tree.intrinsic() {
            Some(("Ref", argument)) => {
                argument.as_str().filter(|name| self.parameters.contains_key(*name))
            }
            _ => None,
        };
        let others = parameter
            .filter(|_| sure == Sure::Always && self.launch.is_none())
            .map_or_else(Vec::new, |name| self.others(name, &what));
        let is_default = parameter.is_some_and(|name| {
            self.launch.as_ref().is_none_or(|placeholders| placeholders.contains(name))
        });
        Value { at, what, is_default, others }
    }

    /// What is to be said if some value was too much to work out.
    pub(crate) fn spent(&self, template: &CheckedTemplate) -> Option<Finding> {
        let views = [&self.always, &self.by_default, &self.filled];
        let is_spent = views.into_iter().any(|view| view.is_spent()) || self.others_left.get() == 0;
        is_spent.then(|| spent(template))
    }

    /// The values besides its default that a parameter allows.
    fn others(&self, name: &str, default: &What) -> Vec<String> {
        let What::Text(default) = default else { return Vec::new() };
        let declared = self.root.get("Parameters").and_then(|all| all.get(name));
        let allowed = declared.and_then(|one| one.get("AllowedValues")).and_then(Tree::as_list);
        let texts = allowed.unwrap_or_default().iter().filter_map(Tree::as_str);
        let texts = texts.filter(|text| !text.is_empty() && text != default).take(MOST_OTHERS);
        let others: Vec<String> = texts.map(str::to_owned).collect();
        let left = self.others_left.get().saturating_sub(others.len());
        self.others_left.set(left);
        if left == 0 { Vec::new() } else { others }
    }

    fn scalar(&self, term: &Term<'_>) -> What {
        let Some(text) = term.tree.as_str() else { return What::Unknown(Origin::Other) };
        if text.contains("${") || text.contains("&{") {
            return known(self.always.value(term), term.tree.span().start, Origin::Text("text"));
        }
        match term.tree.as_scalar() {
            Some(Scalar::Text(text)) => text_or_dynamic(text),
            Some(Scalar::Bool(value)) => What::Bool(value),
            Some(Scalar::Integer(_) | Scalar::Number(_)) => What::Number(text.to_owned()),
            Some(Scalar::Null) | None => What::Unknown(Origin::Other),
        }
    }

    fn map(&self, entries: &[Entry], term: &Term<'_>, sure: Sure) -> What {
        let mut found = Fields::default();
        for entry in entries {
            if entry.key.starts_with("Fn::ForEach::") {
                let whole = self.always.value(term);
                if let Known::Map(_) = whole {
                    return known(whole, term.tree.span().start, Origin::Other);
                }
                found.is_open = true;
                continue;
            }
            if entry.key == "Fn::Transform" {
                found.is_open = true;
                continue;
            }
            let value = self.value(&term.with(&entry.value), sure);
            let (key, at) = (entry.key.clone(), entry.key_span.start);
            found.fields.push(Field { key, at, value });
        }
        What::Map(found)
    }

    fn function(&self, name: &str, argument: &Tree, term: &Term<'_>, sure: Sure) -> What {
        let at = term.tree.span().start;
        let evaluate = |origin: Origin| {
            let view = if sure == Sure::No { &self.always } else { &self.filled };
            known(view.value(term), at, origin)
        };
        match name {
            "Fn::If" => self.choice(argument, term, sure),
            "Ref" => self.reference(argument, term, sure),
            "Fn::GetAtt" => attribute(argument),
            "Fn::Sub" => evaluate(Origin::Text("Fn::Sub")),
            "Fn::Join" => evaluate(Origin::Text("Fn::Join")),
            "Fn::Base64" => evaluate(Origin::Text("Fn::Base64")),
            "Fn::ToJsonString" => evaluate(Origin::Text("Fn::ToJsonString")),
            "Fn::Split" => evaluate(Origin::List("Fn::Split")),
            "Fn::GetAZs" => evaluate(Origin::List("Fn::GetAZs")),
            "Fn::Cidr" => evaluate(Origin::List("Fn::Cidr")),
            "Fn::Select" | "Fn::FindInMap" | "Fn::Length" => evaluate(Origin::Other),
            _ => What::Unknown(Origin::Other),
        }
    }

    fn choice(&self, argument: &Tree, term: &Term<'_>, sure: Sure) -> What {
        let Some([condition, yes, no]) = argument.as_list() else {
            return What::Unknown(Origin::Other);
        };
        let Some(condition) = condition.as_str() else { return What::Unknown(Origin::Other) };
        let decided = self.always.condition(condition);
        let default = self.by_default.condition(condition);
        let branch = |tree, holds| {
            let sure = match decided {
                Some(_) => sure,
                None if default == Some(holds) => sure.min(Sure::ByDefault),
                None => Sure::No,
            };
            self.value(&term.with(tree), sure)
        };
        let mut branches = Vec::new();
        if decided != Some(false) {
            branches.push((1, branch(yes, true)));
        }
        if decided != Some(true) {
            branches.push((2, branch(no, false)));
        }
        What::Choice(branches)
    }

    fn reference(&self, argument: &Tree, term: &Term<'_>, sure: Sure) -> What {
        let at = term.tree.span().start;
        let Some(name) = argument.as_str() else { return What::Unknown(Origin::Other) };
        if name == "AWS::NoValue" {
            return What::Absent;
        }
        if let Some(kind) = self.parameters.get(name) {
            let origin = Origin::Parameter(name.to_owned(), kind.clone());
            let is_open = match &self.launch {
                // A placeholder says nothing of what a launch gives.
                Some(placeholders) => placeholders.contains(name),
                None => sure == Sure::No,
            };
            if kind.starts_with("AWS::SSM::") || is_open {
                return What::Unknown(origin);
            }
            return known(self.filled.value(term), at, origin);
        }
        if self.root.get("Resources").is_some_and(|resources| resources.get(name).is_some()) {
            return What::Unknown(Origin::Resource(name.to_owned()));
        }
        known(self.always.value(term), at, Origin::Other)
    }
}

fn default<'t>(root: &'t Tree, parameter: &str) -> Option<&'t str> {
    root.get("Parameters")?.get(parameter)?.get("Default")?.as_str()
}

/// The type of each parameter.
fn parameters(root: &Tree) -> IndexMap<String, String> {
    let declared = root.get("Parameters").and_then(Tree::as_map).unwrap_or_default();
    let kind = |entry: &Entry| {
        let kind = entry.value.get("Type").and_then(Tree::as_str).unwrap_or("String");
        (entry.key.clone(), kind.to_owned())
    };
    declared.iter().map(kind).collect()
}

fn attribute(argument: &Tree) -> What {
    What::Unknown(
        functions::attribute(argument)
            .map_or(Origin::Other, |(id, name)| Origin::Attribute(id.to_owned(), name.to_owned())),
    )
}

/// A text, unless another service fills it in at the launch.
fn text_or_dynamic(text: &str) -> What {
    if is_dynamic(text) {
        What::Unknown(Origin::Text("a dynamic reference"))
    } else {
        What::Text(text.to_owned())
    }
}

fn is_dynamic(text: &str) -> bool {
    text.split("{{").skip(1).any(|rest| rest.trim_start().starts_with("resolve:"))
}

fn known(value: Known, at: Position, origin: Origin) -> What {
    let value_of = |value| Value {
        at,
        what: known(value, at, Origin::Other),
        is_default: false,
        others: Vec::new(),
    };
    match value {
        Known::Text(text) => match text.whole() {
            Some(whole) => text_or_dynamic(whole),
            None if text
                .parts()
                .iter()
                .any(|part| matches!(part, Part::Known(text) if is_dynamic(text))) =>
            {
                What::Unknown(origin)
            }
            None => What::Partial(text),
        },
        Known::Number(number) => What::Number(number),
        Known::Bool(value) => What::Bool(value),
        Known::List(items) => What::List(items.into_iter().map(value_of).collect()),
        Known::Map(map) => {
            let field = |(key, value)| Field { key, at, value: value_of(value) };
            What::Map(Fields { fields: map.into_iter().map(field).collect(), is_open: false })
        }
        Known::Absent => What::Absent,
        Known::Unknown(unknown) if unknown.is_optional() => {
            let branch = |what| Value { at, what, is_default: false, others: Vec::new() };
            What::Choice(vec![(1, branch(What::Unknown(origin))), (2, branch(What::Absent))])
        }
        Known::Unknown(_) => What::Unknown(origin),
    }
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Yes,
    No,
    Maybe,
}

impl Value {
    /// Something of which nothing is known.
    pub(crate) fn unknown(at: Position) -> Self {
        Value { at, what: What::Unknown(Origin::Other), is_default: false, others: Vec::new() }
    }

    /// Whether anything is there in the end.
    pub(crate) fn presence(&self) -> Presence {
        match &self.what {
            What::Absent => Presence::No,
            What::Choice(branches) => {
                let mut found = branches.iter().map(|(_, branch)| branch.presence());
                let first = found.next().unwrap_or(Presence::Maybe);
                if found.all(|next| next == first) { first } else { Presence::Maybe }
            }
            _ => Presence::Yes,
        }
    }

    /// The text of a text, number or boolean.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.what {
            What::Text(text) | What::Number(text) => Some(text),
            What::Bool(true) => Some("true"),
            What::Bool(false) => Some("false"),
            _ => None,
        }
    }

    /// Whether both are certainly the same.
    pub(crate) fn is_same(&self, other: &Value) -> bool {
        match (&self.what, &other.what) {
            (What::List(a), What::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_same(b))
            }
            (What::Map(a), What::Map(b)) => {
                let has = |field: &Field| {
                    let found = b.fields.iter().find(|other| other.key == field.key);
                    found.is_some_and(|other| other.value.is_same(&field.value))
                };
                !a.is_open
                    && !b.is_open
                    && a.fields.len() == b.fields.len()
                    && a.fields.iter().all(has)
            }
            (What::Unknown(a), What::Unknown(b)) => {
                matches!(a, Origin::Resource(_) | Origin::Attribute(..)) && a == b
            }
            _ => self.as_text().is_some_and(|text| other.as_text() == Some(text)),
        }
    }
}

impl Fields {
    /// The value under a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.fields.iter().find(|field| field.key == key).map(|field| &field.value)
    }

    /// Whether there is a value under a key.
    pub(crate) fn presence(&self, key: &str) -> Presence {
        match self.get(key) {
            Some(value) => value.presence(),
            None if self.is_open => Presence::Maybe,
            None => Presence::No,
        }
    }
}
