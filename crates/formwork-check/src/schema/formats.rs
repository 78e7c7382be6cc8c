//! Formats of which a text alone can tell that it has them not: EC2's ids, ARNs of roles, ranges of addresses.
//!
//! Formats that are only comments in a schema (`date-time`, `json`) are not judged.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::pattern::{self, Match};

/// The patterns of ids, as EC2 and IAM make them.
const PATTERNS: [(&str, &str); 6] = [
    ("AWS::EC2::Image.Id", "^ami-([0-9a-z]{8}|[0-9a-z]{17})$"),
    ("AWS::EC2::SecurityGroup.Id", "^sg-([0-9a-fA-F]{8}|[0-9a-fA-F]{17})$"),
    ("AWS::EC2::Subnet.Id", "^subnet-([0-9a-fA-F]{8}|[0-9a-fA-F]{17})$"),
    ("AWS::EC2::VPC.Id", "^vpc-([0-9a-fA-F]{8}|[0-9a-fA-F]{17})$"),
    ("AWS::SNS::Topic.Arn", "^arn:aws[a-zA-Z-]*:sns:[a-z0-9-]+:\\d{12}:.+$"),
    ("AWS::IAM::Role.Arn", "^arn:aws[a-zA-Z-]*:iam::\\d{12}:role/.+$"),
];

/// A key's id, its ARN, an alias, or an alias's ARN: where one of them is asked for, others are mostly taken too.
const KEY: &str = "^(arn:aws[a-zA-Z-]*:kms:[a-z0-9-]+:\\d{12}:(key|alias)/.+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|mrk-[0-9a-f]{32}|alias/[a-zA-Z0-9:/_-]+)$";

/// What would be allowed in place of the text; nothing if the text may have the format.
pub(super) fn refusal(format: &str, text: &str) -> Option<String> {
    if let Some((_, pattern)) = PATTERNS.iter().find(|(known, _)| *known == format) {
        return (pattern::matches(pattern, text) == Match::No).then(|| (*pattern).to_owned());
    }
    if format.starts_with("AWS::KMS::") {
        return (pattern::matches(KEY, text) == Match::No).then(|| KEY.to_owned());
    }
    match format {
        "ipv4-network" if !is_network::<Ipv4Addr>(text, 32) => {
            Some("a range of IPv4 addresses such as 10.0.0.0/16".to_owned())
        }
        "ipv6-network" if !is_network::<Ipv6Addr>(text, 128) => {
            Some("a range of IPv6 addresses such as 2001:db8::/32".to_owned())
        }
        _ => None,
    }
}

/// A format as words.
pub(super) fn words(format: &str) -> String {
    match format {
        "ipv4-network" => "range of IPv4 addresses".to_owned(),
        "ipv6-network" => "range of IPv6 addresses".to_owned(),
        id => match id.rsplit_once('.') {
            Some((kind, "Arn")) => format!("ARN of an `{kind}`"),
            Some((kind, _)) => format!("id of an `{kind}`"),
            None => id.to_owned(),
        },
    }
}

fn is_network<A: std::str::FromStr>(text: &str, most: u8) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    address.parse::<A>().is_ok() && bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}
