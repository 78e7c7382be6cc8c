//! What a template's policies decide: intrinsic functions resolved for given parameters, then requests against statements, as
//! IAM's reference describes it, for the operators that the tests need. An operator that is not known panics.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::patterns::covers;

/// A template with everything that it refers to.
pub struct Launched {
    template: Value,
    known: BTreeMap<String, String>,
}

impl Launched {
    /// A template as it is launched with these parameters; others have their defaults.
    pub fn new(template: Value, parameters: &[(&str, &str)]) -> Self {
        let mut known: BTreeMap<String, String> = [
            ("AWS::Partition", "aws"),
            ("AWS::AccountId", super::ACCOUNT),
            ("AWS::Region", "eu-west-1"),
            ("AWS::StackId", "arn:aws:cloudformation:eu-west-1:123456789012:stack/tested/0a"),
            ("AWS::URLSuffix", "amazonaws.com"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        for (name, parameter) in template["Parameters"].as_object().unwrap() {
            let default = &parameter["Default"];
            let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
            known.insert(name.clone(), default);
        }
        for (name, value) in parameters {
            assert!(known.contains_key(*name), "there is no parameter {name}");
            known.insert((*name).to_owned(), (*value).to_owned());
        }
        Launched { template, known }
    }

    /// The properties of a resource; none if its condition leaves it out.
    pub fn properties(&self, id: &str) -> Option<Value> {
        let resource = &self.template["Resources"][id];
        assert!(!resource.is_null(), "there is no {id}");
        let there = resource["Condition"].as_str().is_none_or(|name| self.holds(name));
        there.then(|| self.resolved(&resource["Properties"]).unwrap())
    }

    /// The statements of a policy, as they are deployed.
    pub fn statements(&self, id: &str, path: &str) -> Vec<Value> {
        let properties = self.properties(id).unwrap();
        properties.pointer(path).unwrap()["Statement"].as_array().unwrap().clone()
    }

    fn holds(&self, condition: &str) -> bool {
        self.is_true(&self.template["Conditions"][condition])
    }

    fn is_true(&self, test: &Value) -> bool {
        let (name, argument) = test.as_object().unwrap().iter().next().unwrap();
        let mut several = argument.as_array().into_iter().flatten();
        match name.as_str() {
            "Condition" => self.holds(text(argument)),
            "Fn::And" => several.all(|one| self.is_true(one)),
            "Fn::Equals" => self.resolved(&argument[0]) == self.resolved(&argument[1]),
            "Fn::Not" => !self.is_true(&argument[0]),
            "Fn::Or" => several.any(|one| self.is_true(one)),
            other => panic!("the test {other} is not known here"),
        }
    }

    /// A value with its functions resolved; none for `AWS::NoValue`.
    fn resolved(&self, value: &Value) -> Option<Value> {
        let function =
            value.as_object().filter(|map| map.len() == 1).and_then(|map| map.iter().next());
        match (value, function) {
            (_, Some((name, id))) if name == "Ref" => match id.as_str().unwrap() {
                "AWS::NoValue" => None,
                name => Some(self.named(name).into()),
            },
            (_, Some((name, path))) if name == "Fn::GetAtt" => {
                Some(self.named(&format!("{}.{}", text(&path[0]), text(&path[1]))).into())
            }
            (_, Some((name, pattern))) if name == "Fn::Sub" => {
                let given = if pattern.is_array() { &pattern[1] } else { &Value::Null };
                let pattern = if pattern.is_array() { &pattern[0] } else { pattern };
                Some(self.filled(text(pattern), given).into())
            }
            (_, Some((name, path))) if name == "Fn::FindInMap" => {
                let [map, first, second] = [0, 1, 2].map(|at| self.resolved(&path[at]).unwrap());
                Some(self.template["Mappings"][text(&map)][text(&first)][text(&second)].clone())
            }
            (_, Some((name, branches))) if name == "Fn::If" => {
                let chosen = if self.holds(text(&branches[0])) { 1 } else { 2 };
                self.resolved(&branches[chosen])
            }
            (Value::Object(map), _) => {
                let entries = map.iter();
                let entries =
                    entries.filter_map(|(key, it)| Some((key.clone(), self.resolved(it)?)));
                Some(Value::Object(entries.collect::<Map<_, _>>()))
            }
            (Value::Array(items), _) => {
                Some(items.iter().filter_map(|item| self.resolved(item)).collect())
            }
            _ => Some(value.clone()),
        }
    }

    fn filled(&self, pattern: &str, given: &Value) -> String {
        let Some((before, after)) = pattern.split_once("${") else { return pattern.to_owned() };
        let (name, after) = after.split_once('}').unwrap();
        let value = match name.strip_prefix('!') {
            // What a request fills in.
            Some(variable) => format!("${{{variable}}}"),
            None if given[name].is_null() => self.named(name),
            None => text(&self.resolved(&given[name]).unwrap()).to_owned(),
        };
        format!("{before}{value}{}", self.filled(after, given))
    }

    /// A parameter, or a resource by its id: of a bucket that has a name, its name and its ARN.
    fn named(&self, name: &str) -> String {
        if let Some(value) = self.known.get(name) {
            return value.clone();
        }
        let (id, attribute) = name.split_once('.').unwrap_or((name, ""));
        let resource = &self.template["Resources"][id];
        assert!(!resource.is_null(), "there is no {name}");
        let given = resource["Properties"].get("BucketName").and_then(|it| self.resolved(it));
        let given =
            given.map_or_else(|| format!("made-{id}").to_lowercase(), |it| text(&it).to_owned());
        match (resource["Type"].as_str().unwrap(), attribute) {
            ("AWS::S3::Bucket", "Arn") => format!("arn:aws:s3:::{given}"),
            (_, "") => given,
            (_, attribute) => format!("{given}/{attribute}"),
        }
    }
}

/// What statements decide on a request: `Some(true)` if one allows and none denies, `Some(false)` if one denies.
pub fn decided(statements: &[Value], request: &Request<'_>) -> Option<bool> {
    let applying = statements.iter().filter(|statement| applies(statement, request));
    let effects: Vec<&str> = applying.map(|statement| text(&statement["Effect"])).collect();
    match (effects.contains(&"Deny"), effects.contains(&"Allow")) {
        (true, _) => Some(false),
        (_, true) => Some(true),
        _ => None,
    }
}

/// A request: an action on a resource, with the keys that its context has.
pub struct Request<'a> {
    pub action: &'a str,
    pub resource: &'a str,
    pub context: &'a [(&'a str, &'a str)],
}

fn applies(statement: &Value, request: &Request<'_>) -> bool {
    let names = |field: &str, name: &str| {
        let patterns = super::texts(&statement[field]).into_iter();
        patterns.filter_map(|it| requested(it, request)).any(|pattern| covers(&pattern, name))
    };
    let conditions = statement["Condition"].as_object().into_iter().flatten();
    let meant = if statement["NotAction"].is_null() {
        names("Action", request.action)
    } else {
        !names("NotAction", request.action)
    };
    meant
        && (statement["Resource"].is_null() || names("Resource", request.resource))
        && conditions
            .flat_map(|(operator, keys)| {
                keys.as_object().unwrap().iter().map(move |it| (operator, it))
            })
            .all(|(operator, (key, values))| {
                let values = super::texts(values).into_iter();
                let values: Vec<String> = values.filter_map(|it| requested(it, request)).collect();
                satisfied(operator, key, &values, request)
            })
}

/// A text with its variables filled in; none if the request lacks one.
fn requested(text: &str, request: &Request<'_>) -> Option<String> {
    let Some((before, after)) = text.split_once("${") else { return Some(text.to_owned()) };
    let (key, after) = after.split_once('}').unwrap();
    let (_, value) = request.context.iter().find(|(name, _)| *name == key)?;
    Some(format!("{before}{value}{}", requested(after, request)?))
}

/// Of a key with several values the request has one here, so that for any is for all.
fn satisfied(operator: &str, key: &str, values: &[String], request: &Request<'_>) -> bool {
    let given = request.context.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
    let any = |test: &dyn Fn(&str, &str) -> bool| {
        given.is_some_and(|given| values.iter().any(|value| test(given, value)))
    };
    let none = |test: &dyn Fn(&str, &str) -> bool| {
        given.is_none_or(|given| !values.iter().any(|value| test(given, value)))
    };
    match operator {
        "Null" => values == [if given.is_none() { "true" } else { "false" }],
        "StringEquals" | "Bool" => any(&|given, value| given == value),
        "BoolIfExists" => given.is_none() || any(&|given, value| given == value),
        "StringNotEquals" => none(&|given, value| given == value),
        "ArnEquals" | "ArnLike" | "StringLike" => any(&|given, value| covers(value, given)),
        "ForAllValues:StringNotLike" => none(&|given, value| covers(value, given)),
        "ForAnyValue:StringNotEquals" => given.is_some() && none(&|given, value| given == value),
        "ForAnyValue:ArnNotLike" => given.is_some() && none(&|given, value| covers(value, given)),
        "NumericLessThan" => {
            any(&|given, value| given.parse::<f64>().unwrap() < value.parse::<f64>().unwrap())
        }
        other => panic!("the operator {other} is not known here"),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
