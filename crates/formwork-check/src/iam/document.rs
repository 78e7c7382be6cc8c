//! A policy document as it stands in a template: its statements, with each value as a pattern and its place.
//!
//! Every branch of an `Fn::If` counts, so that what is said holds whatever a launch chooses. What only the launch knows
//! is marked in the patterns. Nothing in here judges but the grammar: see `grammar`.

use std::collections::{BTreeMap, BTreeSet};

use formwork::evaluate::{Evaluation, Known, Part, Resource, Scope, Term, Text};
use formwork::read::{Content, Position, Tree};

use super::pattern::{SEGMENT, UNKNOWN};
use super::places::Kind;

/// One value with its place.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The value; parts that only the launch knows are marked.
    pub text: String,
    /// Where it stands.
    pub at: Position,
}

/// One comparison of a condition.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub operator: Item,
    pub key: Item,
    pub values: Vec<Item>,
    /// Which alternative of the condition it is of: those of different ones are never there together.
    pub branch: usize,
}

/// One statement.
#[derive(Clone, Debug, Default)]
pub(super) struct Statement {
    pub at: Option<Position>,
    pub sid: Option<Item>,
    pub effect: Vec<Item>,
    pub actions: Vec<Item>,
    pub not_actions: Vec<Item>,
    pub resources: Vec<Item>,
    pub not_resources: Vec<Item>,
    /// The kind, `AWS` or the like, and the value; the kind of a bare `*` is empty.
    pub principals: Vec<(String, Item)>,
    pub not_principals: Vec<(String, Item)>,
    pub conditions: Vec<Clause>,
    /// Whether there is a condition in every alternative, even one that is not understood.
    pub is_conditional: bool,
    /// The elements that are there, whatever is in them.
    pub elements: Vec<(String, Position)>,
    /// What is not of the shape it must be: the element, what is wrong, where.
    pub malformed: Vec<(String, Position)>,
}

/// One document.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub kind: Kind,
    /// The type of the resource it stands in.
    pub resource_type: String,
    pub logical_id: String,
    pub at: Position,
    pub version: Option<Item>,
    pub statements: Vec<Statement>,
    pub malformed: Vec<(String, Position)>,
    /// Whether nothing stands in it at all.
    pub is_empty: bool,
}

impl Statement {
    pub(super) fn is_allow(&self) -> bool {
        self.effect.iter().any(|effect| effect.text == "Allow")
    }

    pub(super) fn is_deny(&self) -> bool {
        !self.effect.is_empty() && self.effect.iter().all(|effect| effect.text == "Deny")
    }

    pub(super) fn has(&self, element: &str) -> bool {
        self.elements.iter().any(|(name, _)| name == element)
    }

    pub(super) fn position(&self) -> Position {
        self.at.unwrap_or(Position::START)
    }
}

/// Reads documents.
pub(super) struct Reader<'e, 't> {
    pub evaluation: &'e Evaluation<'t>,
    /// What is known of what only the launch knows, by its source: the shape of a resource's ARN.
    pub shapes: &'e BTreeMap<String, String>,
    /// The ids of policies that only bound what others allow.
    pub boundaries: &'e BTreeSet<String>,
}

impl<'t> Reader<'_, 't> {
    /// The trees that a value may be: the branches of `Fn::If`, and the items of lists.
    pub(super) fn leaves(term: &Term<'t>) -> Vec<Term<'t>> {
        let (mut found, mut open) = (Vec::new(), vec![term.clone()]);
        while let Some(term) = open.pop() {
            match (term.tree.intrinsic(), term.tree.content()) {
                (Some(("Fn::If", argument)), _) => {
                    let branches = argument.as_list().unwrap_or_default();
                    open.extend(branches.iter().skip(1).rev().map(|tree| term.with(tree)));
                }
                (Some(("Ref", name)), _) if name.as_str() == Some("AWS::NoValue") => {}
                (None, Content::List(items)) => {
                    open.extend(items.iter().rev().map(|tree| term.with(tree)));
                }
                _ => found.push(term),
            }
        }
        found
    }

    pub(super) fn document(
        &self,
        term: &Term<'t>,
        kind: Kind,
        resource_type: &str,
        logical_id: &str,
    ) -> Option<Document> {
        let at = term.tree.span().start;
        let mut document = Document {
            kind,
            resource_type: resource_type.to_owned(),
            logical_id: logical_id.to_owned(),
            at,
            version: None,
            statements: Vec::new(),
            malformed: Vec::new(),
            is_empty: term.tree.as_map().is_some_and(<[_]>::is_empty),
        };
        match (term.tree.content(), term.tree.intrinsic()) {
            (Content::Map(_), None) => self.fill(&mut document, term),
            (Content::List(_), _) => return None,
            _ => match self.evaluation.value(term) {
                Known::Text(text) => self.fill_from_text(&mut document, &self.marked(&text), at)?,
                _ => return None,
            },
        }
        Some(document)
    }

    /// A document that is given as a JSON text.
    fn fill_from_text(&self, document: &mut Document, text: &str, at: Position) -> Option<()> {
        if !text.trim_start().starts_with('{') {
            return None;
        }
        let parsed = formwork::read::parse(text.as_bytes()).ok()?;
        let nothing = formwork::evaluate::Surroundings::of_region("us-east-1");
        let evaluation = Evaluation::new(&parsed.root, &nothing, &indexmap::IndexMap::new());
        let (shapes, boundaries) = (self.shapes, self.boundaries);
        let reader = Reader { evaluation: &evaluation, shapes, boundaries };
        reader.fill(document, &Term::from(&parsed.root));
        move_to(document, at);
        Some(())
    }

    fn fill(&self, document: &mut Document, term: &Term<'t>) {
        for entry in term.tree.as_map().unwrap_or_default() {
            let value = term.with(&entry.value);
            match entry.key.as_str() {
                "Version" => document.version = self.items(&value).into_iter().next(),
                "Id" => {}
                "Statement" => {
                    for leaf in Self::leaves(&value) {
                        self.statement(document, &leaf);
                    }
                }
                key if key.starts_with("Fn::") => {}
                key => {
                    document
                        .malformed
                        .push((format!("`{key}` is no element of a policy"), entry.key_span.start));
                }
            }
        }
        if term.tree.get("Statement").is_none() && !has_function(term.tree) {
            document.malformed.push(("a policy without `Statement`".to_owned(), document.at));
        }
    }

    fn statement(&self, document: &mut Document, term: &Term<'t>) {
        let at = term.tree.span().start;
        if term.tree.intrinsic().is_some() {
            return;
        }
        let Some(entries) = term.tree.as_map() else {
            document.malformed.push(("a statement is a map of its elements".to_owned(), at));
            return;
        };
        if has_function(term.tree) {
            return;
        }
        let mut statement = Statement { at: Some(at), ..Statement::default() };
        for entry in entries {
            let value = term.with(&entry.value);
            statement.elements.push((entry.key.clone(), entry.key_span.start));
            let texts = |statement: &mut Statement| self.texts(&entry.key, &value, statement);
            match entry.key.as_str() {
                "Sid" => statement.sid = texts(&mut statement).into_iter().next(),
                "Effect" => statement.effect = texts(&mut statement),
                "Action" => statement.actions = texts(&mut statement),
                "NotAction" => statement.not_actions = texts(&mut statement),
                "Resource" => statement.resources = texts(&mut statement),
                "NotResource" => statement.not_resources = texts(&mut statement),
                "Principal" => statement.principals = self.principals(&value, &mut statement),
                "NotPrincipal" => {
                    statement.not_principals = self.principals(&value, &mut statement);
                }
                "Condition" => self.conditions(&value, &mut statement),
                _ => {}
            }
        }
        document.statements.push(statement);
    }

    /// The texts of an element; a map in it is malformed.
    fn texts(&self, element: &str, term: &Term<'t>, statement: &mut Statement) -> Vec<Item> {
        for leaf in Self::leaves(term) {
            if leaf.tree.as_map().is_some() && leaf.tree.intrinsic().is_none() {
                let at = leaf.tree.span().start;
                statement.malformed.push((format!("`{element}` takes texts, not a map"), at));
            }
        }
        self.items(term)
    }

    /// All values that may stand here.
    fn items(&self, term: &Term<'t>) -> Vec<Item> {
        let mut items = Vec::new();
        for leaf in Self::leaves(term) {
            let at = leaf.tree.span().start;
            // A word that needs no quotes may pass for a boolean, and is the text all the same.
            match leaf.tree.as_str() {
                Some(_) if leaf.tree.is_null() => {}
                // Outside loops a text is what it says.
                Some(text) if leaf.scope == Scope::default() => {
                    items.push(Item { text: without_references(text), at });
                }
                _ => self.push(&self.evaluation.value(&leaf), at, &mut items),
            }
        }
        items
    }

    fn push(&self, value: &Known, at: Position, items: &mut Vec<Item>) {
        match value {
            Known::List(list) => list.iter().for_each(|value| self.push(value, at, items)),
            Known::Map(_) | Known::Absent => {}
            Known::Unknown(_) | Known::Text(_) | Known::Number(_) | Known::Bool(_) => {
                let text = value.to_text().unwrap_or_else(|| Text::known(""));
                items.push(Item { text: self.marked(&text), at });
            }
        }
    }

    /// The text, with what only the launch knows marked.
    fn marked(&self, text: &Text) -> String {
        let parts = text.parts().iter().map(|part| match part {
            Part::Known(known) => without_references(known),
            Part::Unknown(unknown) => {
                let shape = self.shapes.get(unknown.source());
                shape.cloned().unwrap_or_else(|| UNKNOWN.to_string())
            }
        });
        parts.collect()
    }

    fn principals(&self, term: &Term<'t>, statement: &mut Statement) -> Vec<(String, Item)> {
        let mut found = Vec::new();
        for leaf in Self::leaves(term) {
            match (leaf.tree.as_map(), leaf.tree.intrinsic()) {
                (Some(entries), None) => {
                    for entry in entries {
                        let value = leaf.with(&entry.value);
                        let items = self.texts("Principal", &value, statement);
                        found.extend(items.into_iter().map(|item| (entry.key.clone(), item)));
                    }
                }
                _ => found.extend(self.items(&leaf).into_iter().map(|item| (String::new(), item))),
            }
        }
        found
    }

    fn conditions(&self, term: &Term<'t>, statement: &mut Statement) {
        let leaves = Self::leaves(term);
        let empty = |leaf: &Term<'_>| leaf.tree.as_map().is_some_and(<[_]>::is_empty);
        // `leaves` leaves out `AWS::NoValue`: then the condition may be missing altogether.
        let may_be_missing = term.tree.walk_has_no_value();
        statement.is_conditional =
            !leaves.is_empty() && !may_be_missing && !leaves.iter().any(empty);
        for (branch, leaf) in leaves.iter().enumerate() {
            let Some(operators) = leaf.tree.as_map().filter(|_| leaf.tree.intrinsic().is_none())
            else {
                continue;
            };
            for operator in operators {
                let named = Item { text: operator.key.clone(), at: operator.key_span.start };
                for keys in Self::leaves(&leaf.with(&operator.value)) {
                    let Some(entries) = keys.tree.as_map() else {
                        let wrong = format!("`{}` takes a map of keys and values", operator.key);
                        statement.malformed.push((wrong, keys.tree.span().start));
                        continue;
                    };
                    if keys.tree.intrinsic().is_some() {
                        continue;
                    }
                    for entry in entries {
                        let key = Item { text: entry.key.clone(), at: entry.key_span.start };
                        let values = self.items(&keys.with(&entry.value));
                        let operator = named.clone();
                        statement.conditions.push(Clause { operator, key, values, branch });
                    }
                }
            }
        }
    }
}

/// The text with each dynamic reference, `{{resolve:…}}`, marked: only the launch reads it.
fn without_references(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("{{resolve:") {
        let Some(length) = rest[at..].find("}}") else { break };
        out.push_str(&rest[..at]);
        out.push(UNKNOWN);
        rest = &rest[at + length + "}}".len()..];
    }
    out.push_str(rest);
    out
}

trait NoValue {
    fn walk_has_no_value(&self) -> bool;
}

impl NoValue for Tree {
    /// Whether it is an `Fn::If` of which a branch is nothing.
    fn walk_has_no_value(&self) -> bool {
        let Some(("Fn::If", argument)) = self.intrinsic() else { return false };
        let branches = argument.as_list().unwrap_or_default();
        branches.iter().skip(1).any(|branch| {
            let nothing = branch.intrinsic().filter(|(name, _)| *name == "Ref");
            nothing.is_some_and(|(_, name)| name.as_str() == Some("AWS::NoValue"))
                || branch.walk_has_no_value()
        })
    }
}

fn has_function(tree: &Tree) -> bool {
    let entries = tree.as_map().unwrap_or_default();
    entries.iter().any(|entry| entry.key.starts_with("Fn::"))
}

/// Everything in a document that was a text has the text's place.
fn move_to(document: &mut Document, at: Position) {
    let mark = |item: &mut Item| item.at = at;
    document.version.iter_mut().for_each(mark);
    document.malformed.iter_mut().for_each(|it| it.1 = at);
    for statement in &mut document.statements {
        statement.at = Some(at);
        let lists = [
            &mut statement.effect,
            &mut statement.actions,
            &mut statement.not_actions,
            &mut statement.resources,
            &mut statement.not_resources,
        ];
        lists.into_iter().flatten().chain(&mut statement.sid).for_each(mark);
        let principals = statement.principals.iter_mut().chain(&mut statement.not_principals);
        principals.for_each(|(_, item)| item.at = at);
        for clause in &mut statement.conditions {
            (clause.operator.at, clause.key.at) = (at, at);
            clause.values.iter_mut().for_each(mark);
        }
        statement.elements.iter_mut().for_each(|it| it.1 = at);
        statement.malformed.iter_mut().for_each(|it| it.1 = at);
    }
}

/// What is known of the ARNs and names of a template's resources before a launch, by the source of what is unknown.
pub(super) fn shapes(resources: &[Resource<'_>]) -> BTreeMap<String, String> {
    let mut shapes = BTreeMap::new();
    for resource in resources {
        let (Some(id), Some(kind)) = (resource.id.whole(), resource.kind.whole()) else { continue };
        for (_, attribute, shape) in SHAPES.iter().filter(|(known, ..)| *known == kind) {
            let source =
                if attribute.is_empty() { id.to_owned() } else { format!("{id}.{attribute}") };
            let shape = shape.replace('~', &SEGMENT.to_string());
            shapes.insert(source, shape.replace('*', &UNKNOWN.to_string()));
        }
    }
    shapes
}

/// The shapes of what `Ref` and `Fn::GetAtt` give: type, attribute (empty for `Ref`), pattern; `~` has no `/`, `*` is
/// what only the launch knows too.
const SHAPES: &[(&str, &str, &str)] = &[
    ("AWS::CodeBuild::Project", "Arn", "arn:*:codebuild:*:*:project/~"),
    ("AWS::CodeCommit::Repository", "Arn", "arn:*:codecommit:*:*:~"),
    ("AWS::DynamoDB::Table", "", "~"),
    ("AWS::DynamoDB::Table", "Arn", "arn:*:dynamodb:*:*:table/~"),
    ("AWS::DynamoDB::Table", "StreamArn", "arn:*:dynamodb:*:*:table/~/stream/~"),
    ("AWS::ECR::Repository", "Arn", "arn:*:ecr:*:*:repository/*"),
    ("AWS::IAM::ManagedPolicy", "", "arn:*:iam::*:policy/*"),
    ("AWS::IAM::Role", "Arn", "arn:*:iam::*:role/*"),
    ("AWS::IAM::User", "Arn", "arn:*:iam::*:user/*"),
    ("AWS::KMS::Key", "Arn", "arn:*:kms:*:*:key/~"),
    ("AWS::Kinesis::Stream", "Arn", "arn:*:kinesis:*:*:stream/~"),
    ("AWS::KinesisFirehose::DeliveryStream", "Arn", "arn:*:firehose:*:*:deliverystream/~"),
    ("AWS::Lambda::Function", "Arn", "arn:*:lambda:*:*:function:~"),
    ("AWS::Logs::LogGroup", "Arn", "arn:*:logs:*:*:log-group:*:*"),
    ("AWS::S3::Bucket", "", "~"),
    ("AWS::S3::Bucket", "Arn", "arn:*:s3:::~"),
    ("AWS::SNS::Topic", "", "arn:*:sns:*:*:~"),
    ("AWS::SNS::Topic", "TopicArn", "arn:*:sns:*:*:~"),
    ("AWS::SQS::Queue", "Arn", "arn:*:sqs:*:*:~"),
    ("AWS::SecretsManager::Secret", "", "arn:*:secretsmanager:*:*:secret:*"),
    ("AWS::StepFunctions::StateMachine", "", "arn:*:states:*:*:stateMachine:~"),
    ("AWS::StepFunctions::StateMachine", "Arn", "arn:*:states:*:*:stateMachine:~"),
];
