//! What Route 53 demands of records: how the values of each type are written, and what an alias excludes.
//!
//! Source: "Supported DNS record types", Amazon Route 53 Developer Guide.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::fields::{list, map, say};
use super::rules;
use super::validate::{Violation, shorten};
use crate::value::{Fields, Presence, Value};

/// The longest text between quotes.
const LONGEST: usize = 255;

/// One record set, which stands on this path.
pub(super) fn record(fields: &Fields, path: &[&str], found: &mut Vec<Violation>) {
    let is_there = |name: &str| fields.presence(name) == Presence::Yes;
    if is_there("AliasTarget") && is_there("TTL") {
        let at = fields.get("TTL").map_or_else(Default::default, |value| Some(value.at));
        if let Some(at) = at {
            let path = [path, &["TTL"]].concat();
            let message = "an alias has no `TTL` of its own".to_owned();
            say(found, &rules::EXCLUDED, at, &path, message, "`AliasTarget` without `TTL`");
        }
    }
    zone(fields, path, found);
    let Some(kind) = fields.get("Type").and_then(known) else { return };
    let Some(records) = fields.get("ResourceRecords") else { return };
    let items = list(records);
    if kind == "CNAME" && items.len() > 1 && items.iter().all(|it| it.presence() == Presence::Yes) {
        let path = [path, &["ResourceRecords"]].concat();
        let message = format!("{} values of a `CNAME`", items.len());
        say(found, &rules::COUNT, records.at, &path, message, "one");
    }
    for (index, item) in items.iter().enumerate() {
        let Some(text) = known(item) else { continue };
        if let Some(wanted) = refused(kind, text) {
            let index = index.to_string();
            let path = [path, &["ResourceRecords", &index]].concat();
            let message = format!("`{}` is no value of a record of type `{kind}`", shorten(text));
            say(found, &rules::FORMAT, item.at, &path, message, wanted);
        }
    }
}

/// A record's name is in its zone.
fn zone(fields: &Fields, path: &[&str], found: &mut Vec<Violation>) {
    let of = |name: &str| {
        fields.get(name).and_then(known).map(|text| text.trim_end_matches('.').to_lowercase())
    };
    let (Some(name), Some(zone)) = (of("Name"), of("HostedZoneName")) else { return };
    let is_inside =
        name == zone || name.strip_suffix(&zone).is_some_and(|rest| rest.ends_with('.'));
    if let Some(value) = fields.get("Name").filter(|_| !is_inside) {
        let path = [path, &["Name"]].concat();
        let message = format!("`{}` is not in the zone `{}`", shorten(&name), shorten(&zone));
        say(found, &rules::TOGETHER, value.at, &path, message, "a name that ends in the zone's");
    }
}

fn known(value: &Value) -> Option<&str> {
    value.as_text().filter(|_| !value.is_default && value.others.is_empty())
}

/// What would be allowed in place of a value.
fn refused(kind: &str, text: &str) -> Option<&'static str> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let is_number = |text: &&str| text.parse::<u16>().is_ok();
    match kind {
        "A" => text.parse::<Ipv4Addr>().is_err().then_some("an IPv4 address"),
        "AAAA" => text.parse::<Ipv6Addr>().is_err().then_some("an IPv6 address"),
        "TXT" | "SPF" => (!are_quoted(text)).then_some("texts of up to 255 characters in quotes"),
        "MX" => (!matches!(parts.as_slice(), [first, _] if is_number(first)))
            .then_some("a number and the name of a host"),
        "SRV" => {
            (!matches!(parts.as_slice(), [a, b, c, _] if [a, b, c].into_iter().all(is_number)))
                .then_some("three numbers and the name of a host")
        }
        "CAA" => {
            let is_quoted =
                |text: &str| text.len() > 1 && text.starts_with('"') && text.ends_with('"');
            let is_right = matches!(parts.as_slice(), [flags, _, ..] if flags.parse::<u8>().is_ok())
                && text.trim().splitn(3, char::is_whitespace).nth(2).is_some_and(is_quoted);
            (!is_right).then_some("a number, a tag and a value in quotes")
        }
        _ => None,
    }
}

/// Whether a text is nothing but texts in quotes, none of which is too long.
fn are_quoted(text: &str) -> bool {
    let mut rest = text.trim();
    while let Some(inner) = rest.strip_prefix('"') {
        let mut is_escaped = false;
        let end = inner.char_indices().find(|(_, c)| {
            let is_end = *c == '"' && !is_escaped;
            is_escaped = *c == '\\' && !is_escaped;
            is_end
        });
        let Some((end, _)) = end else { return false };
        if inner[..end].chars().count() > LONGEST {
            return false;
        }
        rest = inner[end + 1..].trim_start();
        if rest.is_empty() {
            return true;
        }
    }
    false
}

/// The record sets of a group.
pub(super) fn group(fields: &Fields, found: &mut Vec<Violation>) {
    let Some(sets) = fields.get("RecordSets") else { return };
    for (index, set) in list(sets).iter().enumerate() {
        if let Some(set) = map(set) {
            record(set, &["RecordSets", &index.to_string()], found);
        }
    }
}
