//! What the tables name is there: a type or property that AWS renames, or a slip, would silence a rule.

use crate::registry;

use super::{access, code, keep, names, needs, network, ordered, roles};

fn missing(kind: &str, path: &str) -> Option<String> {
    let path = path.replace('/', ".");
    let found = registry::schema(kind).is_some_and(|schema| schema.property(&path).is_some());
    (!found).then(|| format!("{kind} {path}"))
}

#[test]
fn what_the_tables_name_is_in_the_schemas() {
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    pairs.extend(roles::places());
    pairs.extend(needs::places());
    pairs.extend(network::THROUGH);
    pairs.extend(
        ordered::NAMES.iter().flat_map(|(kind, own, of, name)| [(*kind, *own), (*of, *name)]),
    );
    pairs.extend(ordered::WRITERS);
    pairs.extend(code::CODE.iter().map(|(kind, path, _)| (*kind, *path)));
    pairs.extend(names::OTHERS.iter().copied());
    pairs.extend(access::LISTS);
    // AWS SAM has types of its own, which are in no registry.
    pairs.retain(|(kind, _)| !kind.starts_with("AWS::Serverless::"));
    let missing: Vec<String> =
        pairs.iter().filter_map(|(kind, path)| missing(kind, path)).collect();
    assert_eq!(missing, Vec::<String>::new());
    let unknown: Vec<&str> = keep::STATEFUL
        .into_iter()
        // Of these nothing can be made any more, but templates still have them.
        .filter(|kind| !["AWS::QLDB::Ledger", "AWS::SDB::Domain"].contains(kind))
        .filter(|kind| registry::schema(kind).is_none())
        .collect();
    assert_eq!(unknown, Vec::<&str>::new());
}
