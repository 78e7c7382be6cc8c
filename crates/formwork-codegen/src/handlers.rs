//! What the handlers of each resource type call: reads the schemas as cfn-lint carries them, which have what the source of the
//! types leaves out.
//!
//! Every schema is one type, also if its handlers are not described. An action is taken as it is written, because nobody but
//! AWS knows better; only what is blank is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use crate::error::{Result, error};
use crate::iam::{self, IamService};
use crate::source::parse;

/// The handlers, in the order in which they are printed; `tag` is what tags need beside them.
pub const HANDLERS: [&str; 6] = ["create", "read", "update", "delete", "list", "tag"];

/// The actions of each handler of a type, by the handler's name.
pub type TypeHandlers = BTreeMap<String, BTreeSet<String>>;

#[derive(Deserialize)]
struct Schema {
    #[serde(rename = "typeName")]
    type_name: String,
    #[serde(default)]
    handlers: BTreeMap<String, Handler>,
    #[serde(default)]
    tagging: Option<Handler>,
}

#[derive(Deserialize)]
struct Handler {
    #[serde(default)]
    permissions: Vec<String>,
}

/// Reads every schema of the unpacked package.
pub fn read(resources: &Path) -> Result<BTreeMap<String, TypeHandlers>> {
    let mut types = BTreeMap::new();
    for (name, text) in iam::files(resources)? {
        let schema: Schema = parse(&text, &format!("{name}.json"))?;
        let tags = schema.tagging.map(|tagging| ("tag".to_owned(), tagging));
        let mut handlers = TypeHandlers::new();
        for (handler, it) in schema.handlers.into_iter().chain(tags) {
            if !HANDLERS.contains(&handler.as_str()) {
                return Err(error!(
                    "{}: an unknown handler `{handler}`: teach handlers.rs",
                    schema.type_name
                ));
            }
            let actions = it.permissions.iter().map(|action| action.trim().to_owned());
            handlers.insert(handler, actions.filter(|action| !action.is_empty()).collect());
        }
        if types.insert(schema.type_name.clone(), handlers).is_some() {
            return Err(error!("{} has two schemas: choose one in handlers.rs", schema.type_name));
        }
    }
    Ok(types)
}

/// Whether IAM knows an action; if it has a `*`, whether it knows one that begins so. IAM does not tell capitals.
pub fn is_known(action: &str, iam: &BTreeMap<String, IamService>) -> bool {
    let Some((prefix, name)) = action.split_once(':') else { return false };
    let Some(service) = iam.get(&prefix.to_ascii_lowercase()) else { return false };
    let name = name.to_ascii_lowercase();
    service.actions.iter().map(|known| known.to_ascii_lowercase()).any(|known| {
        name.split_once('*').map_or(known == name, |(before, _)| known.starts_with(before))
    })
}

/// Types and actions of a table as it is printed, counted independently of the printer.
pub fn count(table: &str) -> (usize, usize) {
    let lines = || table.lines().filter(|line| !line.starts_with('#'));
    let types = lines().filter(|line| !line.starts_with(' ')).count();
    let words = lines().filter(|line| line.starts_with(' '));
    (types, words.map(|line| line.split_whitespace().count() - 1).sum())
}
