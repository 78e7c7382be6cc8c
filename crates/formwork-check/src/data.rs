//! What the rules know of AWS, and of which day that is: what `--version` and every report say.

use crate::iam::access;
use crate::registry;

/// A set of data that rules are held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Data {
    /// What it is.
    pub name: &'static str,
    /// The day that it is of, `YYYY-MM-DD`.
    pub date: &'static str,
}

/// All of them.
pub const DATA: &[Data] = &[
    Data { name: "registry schemas, and types by region", date: registry::DATE },
    Data { name: "IAM actions, resources and condition keys", date: access::DATE },
    Data { name: "quotas of CloudFormation, IAM and Lambda", date: "2026-11-24" },
];

/// What `--version` says.
#[must_use]
pub fn version() -> String {
    let mut text = format!("formwork-check {}", env!("CARGO_PKG_VERSION"));
    for data in DATA {
        text += &["\n", data.name, ": ", data.date].concat();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_date_is_one() {
        for data in DATA {
            let is_date = data.date.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
            assert!(is_date && data.date.len() == 10, "{data:?}");
        }
    }
}
