//! What IAM would refuse in one statement.

use super::{get, items, shown, vanishes, variants};
use crate::node::{Node, Piece};

/// The keys that a statement may have.
const KEYS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// The kinds of principals.
const PRINCIPALS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

/// The operators, without `IfExists` and without what comes before the colon.
const OPERATORS: [&str; 26] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnNotEquals",
    "ArnLike",
    "ArnNotLike",
];

/// The partitions that exist.
const PARTITIONS: [&str; 8] =
    ["aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"];

/// A statement that is looked at.
pub(super) struct Statement<'a> {
    name: String,
    entries: &'static [(&'static str, Node)],
    found: &'a mut Vec<String>,
}

impl<'a> Statement<'a> {
    pub(super) fn new(
        index: usize,
        entries: &'static [(&'static str, Node)],
        found: &'a mut Vec<String>,
    ) -> Self {
        let name = match get(Node::Map(entries), "Sid") {
            Some(Node::Text(id)) => format!("statement `{id}`"),
            _ => format!("statement {}", index + 1),
        };
        Statement { name, entries, found }
    }

    pub(super) fn check(&mut self) {
        for (key, _) in self.entries {
            if !KEYS.contains(key) {
                self.say(&format!("has no `{key}`; allowed: {}", KEYS.join(", ")));
            }
        }
        self.effect();
        self.actions();
        self.who_and_what();
        for key in ["Principal", "NotPrincipal"] {
            self.each(key, Self::principal);
        }
        self.each("Condition", Self::condition);
        self.texts();
    }

    fn say(&mut self, problem: &str) {
        self.found.push(format!("{}: {problem}", self.name));
    }

    fn get(&self, key: &str) -> Option<Node> {
        get(Node::Map(self.entries), key)
    }

    fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Calls `check` with everything that the value of a key may turn out to be.
    fn each(&mut self, key: &str, check: fn(&mut Self, Node)) {
        for variant in self.get(key).map(variants).unwrap_or_default() {
            check(self, variant);
        }
    }

    /// Calls `check` with every element of the list under a key; says what is wrong with the list.
    fn each_item(&mut self, key: &str, check: fn(&mut Self, &str, Node)) {
        let Some(value) = self.get(key) else { return };
        if let Some(when) = vanishes([value]) {
            self.say(&format!("{when} there is no `{key}`"));
        }
        for variant in variants(value) {
            for item in self.list(key, variant) {
                check(self, key, item);
            }
        }
    }

    /// Everything that the elements of a list may turn out to be; says what is wrong with the list.
    fn list(&mut self, key: &str, node: Node) -> Vec<Node> {
        let items = items(node);
        if items.is_empty() {
            self.say(&format!("`{key}` is empty"));
        } else if let Some(when) = vanishes(items.iter().copied()) {
            self.say(&format!("{when} `{key}` is empty"));
        }
        let all: Vec<Node> = items.into_iter().flat_map(variants).collect();
        if all.iter().any(|item| matches!(item, Node::List(_))) {
            self.say(&format!(
                "`{key}` holds a list in a list; a value that is a list stands alone"
            ));
        }
        all
    }

    fn effect(&mut self) {
        match self.get("Effect") {
            Some(Node::Text("Allow" | "Deny")) => {}
            Some(node) if matches!(node, Node::Text(_)) => {
                self.say(&format!("`Effect` is {}; allowed: `Allow`, `Deny`", shown(node)));
            }
            Some(_) => {}
            None => self.say("has no `Effect`"),
        }
    }

    fn actions(&mut self) {
        match (self.has("Action"), self.has("NotAction")) {
            (false, false) => self.say("names no action"),
            (true, true) => self.say("has both `Action` and `NotAction`"),
            _ => {}
        }
        for key in ["Action", "NotAction"] {
            self.each_item(key, |statement, key, action| {
                let Node::Text(action) = action else { return };
                if action != "*" && !is_action(action) {
                    statement.say(&format!("`{key}` holds `{action}`; write `service:Action`"));
                }
            });
        }
    }

    fn who_and_what(&mut self) {
        let what = self.has("Resource") || self.has("NotResource");
        let who = self.has("Principal") || self.has("NotPrincipal");
        if self.has("Resource") && self.has("NotResource") {
            self.say("has both `Resource` and `NotResource`");
        }
        if self.has("Principal") && self.has("NotPrincipal") {
            self.say("has both `Principal` and `NotPrincipal`");
        }
        if self.has("NotPrincipal") && self.get("Effect") == Some(Node::Text("Allow")) {
            self.say("`NotPrincipal` allows everybody else in the world; use it with `Deny`");
        }
        if !what && !who {
            self.say("has neither a resource nor a principal; say `.on(…)`, or `.to(…)` in a trust policy");
        }
        if what && who && self.only_sts() {
            self.say("a trust policy takes no `Resource`; say `.to(…)` alone");
        }
        for key in ["Resource", "NotResource"] {
            self.each_item(key, |statement, key, resource| {
                if let Some(problem) = resource_problem(resource) {
                    statement.say(&format!("`{key}` {problem}"));
                }
            });
        }
    }

    /// Whether it is about assuming a role and nothing else.
    fn only_sts(&self) -> bool {
        let actions = self.get("Action").map(items).unwrap_or_default();
        let mut actions = actions.into_iter().flat_map(variants).peekable();
        actions.peek().is_some()
            // A trust policy must name its actions; `sts:*` stands in the policy of an endpoint.
            && actions.all(|action| {
                matches!(action, Node::Text(name) if name.starts_with("sts:") && name != "sts:*")
            })
    }

    fn principal(&mut self, node: Node) {
        match node {
            Node::Text("*") => {}
            Node::Text(text) => {
                self.say(&format!(
                    "`Principal` is `{text}`; allowed: `*`, or a map of {}",
                    PRINCIPALS.join(", ")
                ));
            }
            Node::Map([]) => self.say("`Principal` is empty"),
            Node::Map(entries) => {
                if let Some(when) = vanishes(entries.iter().map(|(_, value)| *value)) {
                    self.say(&format!("{when} `Principal` is empty"));
                }
                for (kind, values) in entries {
                    if !PRINCIPALS.contains(kind) {
                        self.say(&format!(
                            "`Principal` has no `{kind}`; allowed: {}",
                            PRINCIPALS.join(", ")
                        ));
                    }
                    for values in variants(*values) {
                        for value in self.list(kind, values) {
                            self.principal_value(kind, value);
                        }
                    }
                }
            }
            Node::List(_) => self.say("`Principal` is a list; write a map such as `AWS: […]`"),
            _ => {}
        }
    }

    fn principal_value(&mut self, kind: &str, node: Node) {
        match (kind, node) {
            ("AWS", Node::Text("*")) => {}
            ("AWS", Node::Text(text)) if text.contains('*') => self.pattern_in_principal(text),
            ("AWS", Node::Text(text)) if !is_aws_principal(text) => {
                self.say(&format!("`{text}` is no principal; allowed: `*`, 12 digits, an ARN"));
            }
            ("AWS", Node::Sub(pieces)) => {
                for piece in pieces {
                    if let Piece::Text(text) | Piece::Raw(text) = piece
                        && text.contains('*')
                    {
                        self.pattern_in_principal(text);
                    }
                }
            }
            ("Service", Node::Text(text)) if !text.contains('.') => {
                self.say(&format!("`{text}` is no service; write `{text}.amazonaws.com`"));
            }
            _ => {}
        }
    }

    fn pattern_in_principal(&mut self, text: &str) {
        self.say(&format!(
            "the principal `{text}` is a pattern; name the account and compare `aws:PrincipalArn` by `arn_like`"
        ));
    }

    fn condition(&mut self, node: Node) {
        let Node::Map(operators) = node else { return };
        if operators.is_empty() {
            self.say("`Condition` is empty");
        }
        for (operator, keys) in operators {
            if !is_operator(operator) {
                self.say(&format!("`Condition` has no operator `{operator}`"));
            }
            for keys in variants(*keys) {
                if let Node::Map(keys) = keys {
                    self.comparisons(operator, keys);
                }
            }
        }
    }

    fn comparisons(&mut self, operator: &str, keys: &'static [(&'static str, Node)]) {
        if keys.is_empty() {
            self.say(&format!("`{operator}` compares no key"));
        }
        if let Some(when) = vanishes(keys.iter().map(|(_, value)| *value)) {
            self.say(&format!("{when} `{operator}` compares no key; say `.only_if(…)`"));
        }
        for (index, (key, values)) in keys.iter().enumerate() {
            if !key.contains(':') {
                self.say(&format!("`{operator}` compares `{key}`; write `service:key`"));
            }
            if keys[..index].iter().any(|(earlier, _)| earlier.eq_ignore_ascii_case(key)) {
                self.say(&format!(
                    "`{operator}` compares `{key}` twice; a policy can say it once, and several values mean one of them"
                ));
            }
            for values in variants(*values) {
                self.list(key, values);
            }
        }
    }

    /// IAM's own policies hold no character beyond Latin-1, and an id of letters and digits; the policies of
    /// resources may.
    fn texts(&mut self) {
        let of_resource =
            (self.has("Principal") || self.has("NotPrincipal")) && self.has("Resource");
        if of_resource {
            return;
        }
        if let Some(Node::Text(id)) = self.get("Sid")
            && !id.chars().all(|character| character.is_ascii_alphanumeric())
        {
            self.say(&format!("the `Sid` `{id}` has other characters than letters and digits"));
        }
        if let Some(character) = foreign(Node::Map(self.entries)) {
            self.say(&format!("holds `{character}`, which IAM does not take"));
        }
    }
}

/// `service:Action`, where the action may be a pattern.
fn is_action(action: &str) -> bool {
    let word = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    action.split_once(':').is_some_and(|(service, name)| word(service, "-*") && word(name, "-_*?"))
}

/// An account, an ARN, or the unique id of a user or role.
fn is_aws_principal(text: &str) -> bool {
    let unique_id =
        || text.len() >= 16 && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let account = || text.len() == 12 && text.chars().all(|c| c.is_ascii_digit());
    text.starts_with("arn:") || text.starts_with("{{resolve:") || account() || unique_id()
}

fn is_operator(operator: &str) -> bool {
    let operator = operator
        .strip_prefix("ForAnyValue:")
        .or_else(|| operator.strip_prefix("ForAllValues:"))
        .unwrap_or(operator);
    operator == "Null" || OPERATORS.contains(&operator.strip_suffix("IfExists").unwrap_or(operator))
}

/// What is wrong with a resource: it is `*`, an ARN, or a path of API Gateway.
fn resource_problem(node: Node) -> Option<String> {
    let (text, whole) = match node {
        Node::Text(text) => (text, true),
        Node::Sub([Piece::Text(text) | Piece::Raw(text), ..]) => (*text, false),
        _ => return None,
    };
    if ["*", "execute-api:/", "{{resolve:", "${"].iter().any(|start| text.starts_with(start)) {
        return None;
    }
    let Some(rest) = text.strip_prefix("arn:") else {
        return Some(format!("holds `{text}`, which is no ARN"));
    };
    if whole && rest.split(':').count() < 5 && !text.ends_with('*') {
        return Some(format!(
            "holds `{text}`, which is no whole ARN: `arn:partition:service:region:account:resource`"
        ));
    }
    let (partition, _) = rest.split_once(':')?;
    let known = PARTITIONS.contains(&partition) || partition.contains(['*', '?', '$', '{']);
    (!known).then(|| format!("holds `{text}`: there is no partition `{partition}`"))
}

/// The first character that IAM does not take.
fn foreign(node: Node) -> Option<char> {
    let in_text =
        |text: &str| text.chars().find(|c| !matches!(*c, '\t' | '\n' | '\r' | ' '..='\u{ff}'));
    match node {
        Node::Text(text) => in_text(text),
        Node::List(items) => items.iter().find_map(|item| foreign(*item)),
        Node::Map(entries) => {
            entries.iter().find_map(|(key, value)| in_text(key).or_else(|| foreign(*value)))
        }
        Node::Sub(pieces) => pieces.iter().find_map(|piece| match piece {
            Piece::Text(text) | Piece::Raw(text) => in_text(text),
            Piece::Value(_, node) => foreign(*node),
        }),
        Node::Call(call) => foreign(call.argument),
        _ => None,
    }
}
