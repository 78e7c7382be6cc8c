//! The functions that make lists or read them.

use std::net::Ipv4Addr;

use super::machine::Machine;
use super::{Known, Scope, Text};
use crate::read::Tree;

impl Machine<'_, '_> {
    pub(super) fn join(&mut self, argument: &Tree, tree: &Tree, scope: &Scope) -> Known {
        let Some([delimiter, list]) = argument.as_list() else {
            return self.malformed(
                "Fn::Join",
                "it takes a list of a delimiter and a list",
                tree,
                scope,
            );
        };
        let delimiter = self.text(delimiter, scope);
        let items = match self.value(list, scope) {
            Known::List(items) => items,
            Known::Unknown(_) => return self.unknown("Fn::Join", tree, scope),
            _ => return self.malformed("Fn::Join", "its second value is a list", tree, scope),
        };
        let mut text = Text::default();
        let mut is_first = true;
        for item in items {
            // The delimiter beside what may be absent belongs to what is unknown.
            if !item.may_be_absent() && !std::mem::take(&mut is_first) {
                text.append(&delimiter);
            }
            let item = self.text_of(&item, list, scope);
            if !self.spend(item.size() + delimiter.size(), tree) {
                return self.unknown("Fn::Join", tree, scope);
            }
            text.append(&item);
        }
        text.into()
    }

    pub(super) fn split(&mut self, argument: &Tree, tree: &Tree, scope: &Scope) -> Known {
        let Some([delimiter, text]) = argument.as_list() else {
            return self.malformed(
                "Fn::Split",
                "it takes a list of a delimiter and a text",
                tree,
                scope,
            );
        };
        let (delimiter, text) = (self.text(delimiter, scope), self.text(text, scope));
        match (delimiter.whole(), text.whole()) {
            (Some(""), _) => self.malformed("Fn::Split", "its delimiter is not empty", tree, scope),
            (Some(delimiter), Some(text)) if self.spend(text.len(), tree) => {
                let count = text.matches(delimiter).count() + 1;
                if !self.spend(count * size_of::<Known>(), tree) {
                    return self.unknown("Fn::Split", tree, scope);
                }
                Known::List(text.split(delimiter).map(Known::text).collect())
            }
            _ => self.unknown("Fn::Split", tree, scope),
        }
    }

    pub(super) fn select(&mut self, argument: &Tree, tree: &Tree, scope: &Scope) -> Known {
        let Some([index, list]) = argument.as_list() else {
            return self.malformed(
                "Fn::Select",
                "it takes a list of an index and a list",
                tree,
                scope,
            );
        };
        let index = self.text(index, scope);
        let items = match self.value(list, scope) {
            Known::List(items) => items,
            Known::Unknown(_) => return self.unknown("Fn::Select", tree, scope),
            _ => return self.malformed("Fn::Select", "its second value is a list", tree, scope),
        };
        let Some(index) = index.whole() else {
            return self.unknown("Fn::Select", tree, scope);
        };
        let Ok(at) = index.parse::<usize>() else {
            return self.malformed(
                "Fn::Select",
                "its index is a whole number, from 0",
                tree,
                scope,
            );
        };
        if items.iter().take(at.saturating_add(1)).any(Known::may_be_absent) {
            return self.unknown("Fn::Select", tree, scope);
        }
        let count = items.len();
        items.into_iter().nth(at).unwrap_or_else(|| {
            self.note(tree, format!("`Fn::Select` asks for item {at}, counted from 0, of a list of {count}: ask for one that is there"));
            self.unknown("Fn::Select", tree, scope)
        })
    }

    /// `Fn::Length` of `AWS::LanguageExtensions`.
    pub(super) fn length(&mut self, argument: &Tree, tree: &Tree, scope: &Scope) -> Known {
        match self.value(argument, scope) {
            Known::List(items) if items.iter().any(Known::may_be_absent) => {
                self.unknown("Fn::Length", tree, scope)
            }
            Known::List(items) => Known::Number(items.len().to_string()),
            Known::Unknown(_) => self.unknown("Fn::Length", tree, scope),
            _ => self.malformed("Fn::Length", "it takes a list", tree, scope),
        }
    }

    /// `Fn::Cidr`: so many ranges of `2^bits` addresses each. Of IPv6 only the count is known.
    pub(super) fn cidr(&mut self, argument: &Tree, tree: &Tree, scope: &Scope) -> Known {
        const USAGE: &str =
            "it takes a list of a range, a count from 1 to 256, and how many bits each part has";
        let (range, count, bits) = match argument.as_list() {
            Some([range, count]) => (range, count, None),
            Some([range, count, bits]) => (range, count, Some(bits)),
            _ => return self.malformed("Fn::Cidr", USAGE, tree, scope),
        };
        let (range, count) = (self.text(range, scope), self.text(count, scope));
        let bits = bits.map(|bits| self.text(bits, scope));
        let Some(count) = count.whole() else {
            return self.unknown("Fn::Cidr", tree, scope);
        };
        let Some(count) = count.parse().ok().filter(|count| (1..=256).contains(count)) else {
            return self.malformed("Fn::Cidr", USAGE, tree, scope);
        };
        let bits = bits.as_ref().and_then(Text::whole);
        let (Some(range), Some(bits)) = (range.whole().filter(|range| !range.contains(':')), bits)
        else {
            let part = |index| self.unknown(&format!("range {index} of Fn::Cidr"), tree, scope);
            return Known::List((0..count).map(part).collect());
        };
        match ranges(range, count, bits) {
            Some(ranges) => Known::List(ranges.iter().map(|range| Known::text(range)).collect()),
            None => self.malformed(
                "Fn::Cidr",
                "the range is IPv4 such as `10.0.0.0/16`, and has room for all parts",
                tree,
                scope,
            ),
        }
    }
}

/// The parts of a range of IPv4, from its first address on.
fn ranges(range: &str, count: u32, bits: &str) -> Option<Vec<String>> {
    let (address, prefix) = range.split_once('/')?;
    let address: Ipv4Addr = address.parse().ok()?;
    let prefix: u32 = prefix.parse().ok().filter(|prefix| *prefix <= 32)?;
    let bits: u32 = bits.parse().ok().filter(|bits| *bits <= 32)?;
    let size = 1_u64 << bits;
    let whole = 1_u64 << (32 - prefix);
    if size * u64::from(count) > whole {
        return None;
    }
    let first = u64::from(u32::from(address)) & !(whole - 1);
    let part = |index: u32| {
        let start = u32::try_from(first + u64::from(index) * size).ok()?;
        Some(format!("{}/{}", Ipv4Addr::from(start), 32 - bits))
    };
    (0..count).map(part).collect()
}
