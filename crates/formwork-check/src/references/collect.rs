//! Walks through a template once and lists every use of a name in it: where, by whom, under which branches of `Fn::If`.
//! Decides nothing.

use std::collections::HashSet;
use std::rc::Rc;

use formwork::read::{Content, Position, Segment, Tree, pointer};

/// The pseudo parameters.
/// Source: "Pseudo parameters reference", AWS CloudFormation User Guide.
pub(crate) const PSEUDO: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// What uses a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Holder<'t> {
    Resource(&'t str),
    Output(&'t str),
    Condition(&'t str),
    Rule,
    Globals,
}

/// How a name is used.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind<'t> {
    /// `Ref`, or `${Name}`.
    Ref(&'t str),
    /// `Fn::GetAtt`, or `${Name.Attribute}`; the attribute, if it is written out.
    Attribute(&'t str, Option<&'t str>),
    /// `DependsOn`.
    DependsOn(&'t str),
    /// A condition's name.
    Condition(&'t str),
    /// `Fn::FindInMap`: what is written out of the mapping and its keys, and whether there is a default.
    Map(Option<&'t str>, [Option<&'t Tree>; 2], bool),
    /// A `${…}` that is none.
    BadSub(&'t str),
}

/// One use of a name.
#[derive(Clone, Debug)]
pub(crate) struct Use<'t> {
    pub(crate) kind: Kind<'t>,
    pub(crate) holder: Holder<'t>,
    pub(crate) position: Position,
    way: Way<'t>,
    /// The `Fn::If` around it: the condition, and on which side.
    pub(crate) branches: Rc<[(&'t str, bool)]>,
    /// The identifiers of the loops around it.
    pub(crate) loops: Rc<[&'t str]>,
}

/// The last step of the way to a place, and those before it, which many places share.
type Way<'t> = Option<Rc<Step<'t>>>;

#[derive(Clone, Debug)]
struct Step<'t> {
    segment: Segment<'t>,
    before: Way<'t>,
}

impl Use<'_> {
    /// The way to it as a JSON pointer.
    pub(crate) fn path(&self) -> String {
        let mut steps = Vec::new();
        let mut next = &self.way;
        while let Some(step) = next {
            steps.push(step.segment);
            next = &step.before;
        }
        steps.reverse();
        pointer(&steps)
    }
}

/// Everything in a template that uses names.
#[derive(Debug, Default)]
pub(crate) struct Uses<'t> {
    pub(crate) list: Vec<Use<'t>>,
    /// Whether a transform puts something in that nobody sees, or a name is made by a function.
    pub(crate) is_open: bool,
    /// Whether a function reads all parameters of a type.
    pub(crate) reads_parameters: bool,
}

/// Makes a holder of a name.
type Hold<'t> = fn(&'t str) -> Holder<'t>;

/// Lists the uses of a whole template.
pub(crate) fn collect<'t>(root: &'t Tree) -> Uses<'t> {
    let mut collector = Collector {
        uses: Uses::default(),
        holder: Holder::Rule,
        way: None,
        branches: Rc::default(),
        loops: Rc::default(),
    };
    let holders: [(&str, Hold<'t>); 5] = [
        ("Conditions", Holder::Condition),
        ("Rules", |_| Holder::Rule),
        ("Resources", Holder::Resource),
        ("Outputs", Holder::Output),
        // AWS SAM's properties of all functions.
        ("Globals", |_| Holder::Globals),
    ];
    for (section, holder) in holders {
        if let Some(tree) = root.get(section) {
            collector.under(Segment::Key(section), |it| it.section(tree, holder));
        }
    }
    collector.uses.is_open |= root.get("Fn::Transform").is_some();
    collector.uses
}

struct Collector<'t> {
    uses: Uses<'t>,
    holder: Holder<'t>,
    way: Way<'t>,
    branches: Rc<[(&'t str, bool)]>,
    loops: Rc<[&'t str]>,
}

impl<'t> Collector<'t> {
    fn under(&mut self, segment: Segment<'t>, go: impl FnOnce(&mut Self)) {
        let before = self.way.take();
        self.way = Some(Rc::new(Step { segment, before: before.clone() }));
        go(self);
        self.way = before;
    }

    fn section(&mut self, section: &'t Tree, holder: Hold<'t>) {
        for entry in section.as_map().unwrap_or_default() {
            self.holder = holder(&entry.key);
            self.under(Segment::Key(&entry.key), |it| {
                if entry.key.starts_with("Fn::ForEach::") {
                    it.turns(&entry.value, |it, body| it.section(body, holder));
                } else if entry.key == "Fn::Transform" {
                    it.uses.is_open = true;
                } else {
                    it.entry(&entry.value);
                }
            });
        }
    }

    /// A loop: `go` looks at its body.
    fn turns(&mut self, tree: &'t Tree, go: impl FnOnce(&mut Self, &'t Tree)) {
        let Some([identifier, collection, body]) = tree.as_list() else { return };
        self.under(Segment::Index(1), |it| it.value(collection));
        let Some(identifier) = identifier.as_str() else { return };
        let around = Rc::clone(&self.loops);
        self.loops = around.iter().copied().chain([identifier]).collect();
        self.under(Segment::Index(2), |it| go(it, body));
        self.loops = around;
    }

    /// What stands under one name of a section.
    fn entry(&mut self, tree: &'t Tree) {
        match self.holder {
            Holder::Resource(_) => self.resource(tree),
            Holder::Output(_) => {
                for entry in tree.as_map().unwrap_or_default() {
                    self.under(Segment::Key(&entry.key), |it| match entry.key.as_str() {
                        "Condition" => it.named_condition(&entry.value),
                        _ => it.value(&entry.value),
                    });
                }
            }
            Holder::Condition(_) | Holder::Rule | Holder::Globals => self.value(tree),
        }
    }

    fn resource(&mut self, tree: &'t Tree) {
        for entry in tree.as_map().unwrap_or_default() {
            self.under(Segment::Key(&entry.key), |it| match entry.key.as_str() {
                "Condition" => it.named_condition(&entry.value),
                "DependsOn" => it.depends_on(&entry.value),
                "Type" | "DeletionPolicy" | "UpdateReplacePolicy"
                    if entry.value.as_str().is_some() => {}
                _ => it.value(&entry.value),
            });
        }
    }

    fn depends_on(&mut self, tree: &'t Tree) {
        match tree.content() {
            Content::Scalar(id, _) => self.add(Kind::DependsOn(id), tree),
            Content::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.under(Segment::Index(index), |it| match item.as_str() {
                        Some(id) => it.add(Kind::DependsOn(id), item),
                        None => it.value(item),
                    });
                }
            }
            Content::Map(_) => self.value(tree),
        }
    }

    fn named_condition(&mut self, tree: &'t Tree) {
        match tree.as_str() {
            Some(name) => self.add(Kind::Condition(name), tree),
            None => self.value(tree),
        }
    }

    fn value(&mut self, tree: &'t Tree) {
        if let Some((name, argument)) = tree.intrinsic() {
            let in_condition = matches!(self.holder, Holder::Condition(_) | Holder::Rule);
            if name != "Condition" || (in_condition && argument.as_str().is_some()) {
                return self.under(key(tree), |it| it.function(name, argument, tree));
            }
        }
        self.inner(tree);
    }

    /// What stands in a list or map.
    fn inner(&mut self, tree: &'t Tree) {
        for (index, item) in tree.as_list().unwrap_or_default().iter().enumerate() {
            self.under(Segment::Index(index), |it| it.value(item));
        }
        for entry in tree.as_map().unwrap_or_default() {
            self.under(Segment::Key(&entry.key), |it| match entry.key.as_str() {
                key if key.starts_with("Fn::ForEach::") => {
                    it.turns(&entry.value, Self::value);
                }
                "Fn::Transform" => it.function("Fn::Transform", &entry.value, &entry.value),
                _ => it.value(&entry.value),
            });
        }
    }

    fn function(&mut self, name: &str, argument: &'t Tree, tree: &'t Tree) {
        match (name, argument.content()) {
            ("Ref", Content::Scalar(name, _)) => self.add(Kind::Ref(name), tree),
            ("Condition", Content::Scalar(name, _)) => self.add(Kind::Condition(name), tree),
            ("Fn::GetAtt", Content::Scalar(text, _)) => {
                let (id, attribute) = text.split_once('.').unwrap_or((text, ""));
                self.add(Kind::Attribute(id, Some(attribute)), tree);
            }
            ("Fn::GetAtt", Content::List(items)) => {
                if let Some(id) = items.first().and_then(Tree::as_str) {
                    let attribute = items.get(1).and_then(Tree::as_str);
                    self.add(Kind::Attribute(id, attribute), tree);
                }
                self.inner(argument);
            }
            ("Fn::Sub", Content::Scalar(text, _)) => self.sub(text, &HashSet::new(), tree),
            ("Fn::Sub", Content::List(items)) => {
                let own = items.get(1).and_then(Tree::as_map).unwrap_or_default();
                let own: HashSet<&str> = own.iter().map(|entry| entry.key.as_str()).collect();
                if let Some(text) = items.first().and_then(Tree::as_str) {
                    self.sub(text, &own, tree);
                }
                self.inner(argument);
            }
            ("Fn::If", Content::List(items)) if items.len() == 3 => self.if_(items),
            ("Fn::FindInMap", Content::List(items)) if items.len() >= 3 => {
                let has_default = items.get(3).is_some_and(|it| it.get("DefaultValue").is_some());
                let kind =
                    Kind::Map(items[0].as_str(), [Some(&items[1]), Some(&items[2])], has_default);
                self.add(kind, tree);
                self.inner(argument);
            }
            ("Fn::ValueOf", Content::List(items)) => {
                if let Some(name) = items.first().and_then(Tree::as_str) {
                    self.add(Kind::Ref(name), tree);
                }
                self.inner(argument);
            }
            ("Fn::RefAll" | "Fn::ValueOfAll", _) => {
                self.uses.reads_parameters = true;
                self.value(argument);
            }
            ("Ref" | "Fn::Transform", _) => {
                self.uses.is_open = true;
                self.value(argument);
            }
            _ => self.value(argument),
        }
    }

    fn if_(&mut self, items: &'t [Tree]) {
        let condition = &items[0];
        self.under(Segment::Index(0), |it| it.named_condition(condition));
        for (index, holds) in [(1, true), (2, false)] {
            let around = Rc::clone(&self.branches);
            if let Some(name) = condition.as_str() {
                self.branches = around.iter().copied().chain([(name, holds)]).collect();
            }
            self.under(Segment::Index(index), |it| it.value(&items[index]));
            self.branches = around;
        }
    }

    /// The names in a text of `Fn::Sub`; `own` are those that the function brings with it.
    fn sub(&mut self, text: &'t str, own: &HashSet<&str>, tree: &'t Tree) {
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let Some(length) = rest[start..].find('}') else {
                // A `${` that nothing closes is a text to CloudFormation.
                return;
            };
            let name = &rest[start + 2..start + length];
            rest = &rest[start + length + 1..];
            if name.starts_with('!') || own.contains(name.trim()) {
                continue;
            }
            let name = name.trim();
            let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '_');
            let kind = match name.split_once('.') {
                _ if name.contains(['$', '{', '&']) => {
                    // A loop's item within a name.
                    self.uses.is_open = true;
                    continue;
                }
                _ if name.is_empty() || !name.chars().all(is_name) => Kind::BadSub(name),
                Some((id, attribute)) => Kind::Attribute(id, Some(attribute)),
                None => Kind::Ref(name),
            };
            self.add(kind, tree);
        }
    }

    fn add(&mut self, kind: Kind<'t>, tree: &Tree) {
        self.uses.list.push(Use {
            kind,
            holder: self.holder,
            position: tree.span().start,
            way: self.way.clone(),
            branches: Rc::clone(&self.branches),
            loops: Rc::clone(&self.loops),
        });
    }
}

/// The one key of an intrinsic.
fn key(tree: &Tree) -> Segment<'_> {
    Segment::Key(tree.as_map().and_then(<[_]>::first).map_or("", |entry| entry.key.as_str()))
}
