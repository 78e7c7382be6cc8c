//! Identifiers: how a name or value of AWS becomes a Rust name.
//!
//! Pure text in, pure text out. Nothing here knows a schema, and nothing here resolves a collision:
//! `naming` does that.

/// Spellings that are one word although their capitals say otherwise: as AWS writes it, as part of a
/// setter, as part of a type.
const SPECIAL: &[(&str, &str, &str)] = &[
    ("OAuth", "oauth", "OAuth"),
    ("IoT", "iot", "Iot"),
    ("GraphQL", "graphql", "GraphQl"),
    ("MySQL", "mysql", "MySql"),
    ("PostgreSQL", "postgresql", "PostgreSql"),
    ("MariaDB", "mariadb", "MariaDb"),
    ("DynamoDB", "dynamodb", "DynamoDb"),
    ("DocumentDB", "documentdb", "DocumentDb"),
    ("LoRaWAN", "lorawan", "LoraWan"),
    ("VPCDHCP", "vpc_dhcp", "VpcDhcp"),
    ("SSEKMS", "sse_kms", "SseKms"),
    ("CIDRIP", "cidr_ip", "CidrIp"),
    ("AWSKMS", "aws_kms", "AwsKms"),
    ("EMREKS", "emr_eks", "EmrEks"),
    ("JDBCURL", "jdbc_url", "JdbcUrl"),
    ("JMXURL", "jmx_url", "JmxUrl"),
    ("KiB", "kib", "Kib"),
    ("MiB", "mib", "Mib"),
    ("GiB", "gib", "Gib"),
    ("TiB", "tib", "Tib"),
    ("VCpu", "vcpu", "Vcpu"),
    ("vCPU", "vcpu", "Vcpu"),
];

/// Words that may not be an identifier.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The words of a name: `KMSMasterKeyID` is `KMS Master Key ID`, `SubnetIDs` is `Subnet IDs`,
/// `ml.t3.medium` is `ml t3 medium`.
pub fn words(name: &str) -> Vec<&str> {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .flat_map(split_part)
        .collect()
}

fn split_part(part: &str) -> Vec<&str> {
    let (mut words, mut rest) = (Vec::new(), part);
    while !rest.is_empty() {
        let (word, tail) = rest.split_at(word_length(rest));
        words.push(word);
        rest = tail;
    }
    words
}

/// How many bytes the first word of `text` takes. `text` is ASCII letters and digits, and not empty.
fn word_length(text: &str) -> usize {
    if let Some((special, ..)) = special_at(text) {
        let tail =
            text[special.len()..].bytes().take_while(|b| b.is_ascii_digit() || *b == b's').count();
        return special.len() + tail;
    }
    let bytes = text.as_bytes();
    let count =
        |from: usize, test: fn(&u8) -> bool| bytes[from..].iter().take_while(|b| test(b)).count();
    let upper = count(0, u8::is_ascii_uppercase);
    let start = match upper {
        0 | 1 => upper,
        _ => match &bytes[upper..] {
            // Digits and nothing else belong to the capitals: `EC2`, `SHA256`.
            [] | [b'0'..=b'9', ..] => upper,
            // `IDs`, `ARNs`: the plural belongs to the capitals; `IPv4`, `TLSv1`: so does a version.
            [b's'] | [b's', b'A'..=b'Z' | b'0'..=b'9', ..] | [b'v', b'0'..=b'9', ..] => upper + 1,
            // `SSEAlgorithm`: the last capital begins the next word.
            _ => return upper - 1,
        },
    };
    let lower = stop_at_special(
        text,
        start,
        count(start, |b| b.is_ascii_lowercase() || b.is_ascii_digit()),
    );
    start + lower
}

/// `length`, or less if one of the special spellings that begins in lower case starts before.
fn stop_at_special(text: &str, start: usize, length: usize) -> usize {
    (1..length)
        .find(|&i| special_at(&text[start + i..]).is_some_and(|(s, ..)| s.starts_with('v')))
        .unwrap_or(length)
}

fn special_at(text: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_lowercase() && c != 's');
    SPECIAL.iter().find(|(special, ..)| text.strip_prefix(special).is_some_and(ends))
}

/// `KMSMasterKeyID` as `kms_master_key_id`; a keyword gets a trailing underscore.
pub fn snake(name: &str) -> String {
    let lower = |word: &&str| match special_at(word) {
        Some((special, snake, _)) => {
            format!("{snake}{}", word[special.len()..].to_ascii_lowercase())
        }
        None => word.to_ascii_lowercase(),
    };
    let name = words(name).iter().map(lower).collect::<Vec<_>>().join("_");
    not_keyword(if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("n{name}")
    } else {
        name
    })
}

/// `name`, with a trailing underscore if it is a keyword.
pub fn not_keyword(name: String) -> String {
    if KEYWORDS.contains(&name.as_str()) { name + "_" } else { name }
}

/// `DBInstance` as `DbInstance`. Two digits that meet are kept apart: `Python3_12`.
pub fn camel(name: &str) -> String {
    let mut camel = String::new();
    for word in words(name) {
        if camel.ends_with(|c: char| c.is_ascii_digit())
            && word.starts_with(|c: char| c.is_ascii_digit())
        {
            camel.push('_');
        }
        let (first, rest) = match special_at(word) {
            Some((special, _, typed)) => ((*typed).to_owned(), word[special.len()..].to_owned()),
            None => (word[..1].to_ascii_uppercase(), word[1..].to_ascii_lowercase()),
        };
        camel += &first;
        camel += &rest;
    }
    camel
}

/// The name of one element: `AllowedMethods` is `AllowedMethod`, `TagList` is `Tag`. `name` is camel case.
pub fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("List").filter(|stem| !stem.is_empty()) {
        return stem.to_owned();
    }
    let keep =
        ["ss", "us", "is", "Series", "Dns", "Https", "Kubernetes", "Settings", "Options", "Os"];
    if keep.iter().any(|end| name.ends_with(end)) || name.len() < 4 {
        return name.to_owned();
    }
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    if ["sses", "xes", "ches", "shes"].iter().any(|end| name.ends_with(end)) {
        return name[..name.len() - 2].to_owned();
    }
    name.strip_suffix('s').unwrap_or(name).to_owned()
}

/// Joins a type's name and a property's, without saying the words where they meet twice:
/// `SecurityGroup` and `GroupId` is `SecurityGroupId`, `Bucket` and `BucketName` is `BucketName`.
pub fn overlap(owner: &str, property: &str) -> String {
    if property.starts_with(owner) && property != owner {
        return property.to_owned();
    }
    let starts = owner.char_indices().filter(|(_, c)| c.is_ascii_uppercase()).map(|(i, _)| i);
    let shared = starts.map(|i| &owner[i..]).find(|tail| {
        property
            .strip_prefix(tail)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
    });
    format!("{owner}{}", &property[shared.map_or(0, str::len)..])
}

/// The variants for the values of an enum, in their order. Values whose names would be equal are told apart
/// by their case (`EnabledUpper`), else by a number.
pub fn variants(values: &[String]) -> Vec<String> {
    // The name of the variant that holds a value the schema does not know.
    let mut taken: Vec<String> = vec!["Other".to_owned()];
    for value in values {
        let name = variant(value);
        let name = if taken.contains(&name) { tell_apart(value, &name, &taken) } else { name };
        taken.push(name);
    }
    taken.split_off(1)
}

fn tell_apart(value: &str, name: &str, taken: &[String]) -> String {
    let letters = || value.chars().filter(char::is_ascii_alphabetic);
    let case = if name == "Other" {
        "Value"
    } else if letters().all(|c| c.is_ascii_uppercase()) {
        "Upper"
    } else if letters().all(|c| c.is_ascii_lowercase()) {
        "Lower"
    } else {
        "Mixed"
    };
    let numbered = (2..).map(|n| format!("{name}{case}{n}"));
    let mut candidates = std::iter::once(format!("{name}{case}")).chain(numbered);
    candidates.find(|candidate| !taken.contains(candidate)).expect("numbers do not end")
}

/// The variant for one value of an enum: `SYMMETRIC_DEFAULT` is `SymmetricDefault`, `1.2` is `V1_2`.
fn variant(value: &str) -> String {
    let negative = value.starts_with('-') && value[1..].starts_with(|c: char| c.is_ascii_digit());
    let name = match camel(value) {
        name if name.is_empty() => value.chars().map(symbol).collect(),
        name if negative => format!("Minus{name}"),
        name if name.starts_with(|c: char| c.is_ascii_digit()) => format!("V{name}"),
        name => name,
    };
    match name.as_str() {
        "" => "Empty".to_owned(),
        "Self" => "SelfValue".to_owned(),
        _ => name,
    }
}

fn symbol(c: char) -> &'static str {
    match c {
        '*' => "Star",
        '+' => "Plus",
        '-' => "Minus",
        '/' => "Slash",
        '.' => "Dot",
        ',' => "Comma",
        ':' => "Colon",
        ';' => "Semicolon",
        '=' => "Equal",
        '<' => "Less",
        '>' => "Greater",
        '!' => "Not",
        '%' => "Percent",
        '&' => "Ampersand",
        '|' => "Pipe",
        '_' => "Underscore",
        '#' => "Hash",
        '@' => "At",
        '$' => "Dollar",
        '^' => "Caret",
        '~' => "Tilde",
        '?' => "Question",
        ' ' => "Space",
        '\t' => "Tab",
        _ => "Symbol",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setters() {
        let cases = [
            ("CidrBlock", "cidr_block"),
            ("EnableDnsHostnames", "enable_dns_hostnames"),
            ("KMSMasterKeyID", "kms_master_key_id"),
            ("SSEAlgorithm", "sse_algorithm"),
            ("VPCId", "vpc_id"),
            ("SubnetIDs", "subnet_ids"),
            ("NotificationARNs", "notification_arns"),
            ("Ipv6CidrBlocks", "ipv6_cidr_blocks"),
            ("IPv4Prefix", "ipv4_prefix"),
            ("EnableDns64", "enable_dns64"),
            ("S3Bucket", "s3_bucket"),
            ("EC2InstanceType", "ec2_instance_type"),
            ("EnableResourceNameDnsAAAARecord", "enable_resource_name_dns_aaaa_record"),
            ("OAuth2Config", "oauth2_config"),
            ("IoTJobRate", "iot_job_rate"),
            ("DynamoDBTable", "dynamodb_table"),
            ("MultiAZ", "multi_az"),
            ("DBInstanceIdentifier", "db_instance_identifier"),
            ("MemoryGiBPerVCpu", "memory_gib_per_vcpu"),
            ("Type", "type_"),
            ("MinTLSVersion", "min_tls_version"),
            ("deadLetterTargetArn", "dead_letter_target_arn"),
            ("Endpoint.Address", "endpoint_address"),
            ("IOPS", "iops"),
            ("H264Settings", "h264_settings"),
            ("GraphQLApi", "graphql_api"),
            ("VpcIds", "vpc_ids"),
            ("JDBCURL", "jdbc_url"),
            ("VPCDHCPOptionsAssociation", "vpc_dhcp_options_association"),
        ];
        for (name, expected) in cases {
            assert_eq!(snake(name), expected);
        }
    }

    #[test]
    fn types() {
        let cases = [
            ("VPC", "Vpc"),
            ("VPCEndpoint", "VpcEndpoint"),
            ("DBInstance", "DbInstance"),
            ("KMSKeyId", "KmsKeyId"),
            ("OAuth2CredentialProvider", "OAuth2CredentialProvider"),
            ("IoTJobRateIncreaseCriteria", "IotJobRateIncreaseCriteria"),
            ("SubnetIDs", "SubnetIds"),
        ];
        for (name, expected) in cases {
            assert_eq!(camel(name), expected);
        }
    }

    #[test]
    fn elements() {
        let cases = [
            ("AllowedMethods", "AllowedMethod"),
            ("Policies", "Policy"),
            ("TagList", "Tag"),
            ("Address", "Address"),
            ("Addresses", "Address"),
            ("KeySchema", "KeySchema"),
            ("Boxes", "Box"),
        ];
        for (name, expected) in cases {
            assert_eq!(singular(name), expected);
        }
    }

    #[test]
    fn meanings() {
        let cases = [
            ("Bucket", "BucketName", "BucketName"),
            ("Key", "KeyId", "KeyId"),
            ("SecurityGroup", "GroupId", "SecurityGroupId"),
            ("ManagedPolicy", "PolicyArn", "ManagedPolicyArn"),
            ("Vpc", "Id", "VpcId"),
            ("KeyPair", "KeyName", "KeyPairKeyName"),
            ("Alias", "Alias", "AliasAlias"),
        ];
        for (owner, property, expected) in cases {
            assert_eq!(overlap(owner, property), expected);
        }
    }

    #[test]
    fn values() {
        let cases: &[(&[&str], &[&str])] = &[
            (&["SSO", "IAM"], &["Sso", "Iam"]),
            (&["SYMMETRIC_DEFAULT"], &["SymmetricDefault"]),
            (&["python3.12", "nodejs18.x"], &["Python3_12", "Nodejs18X"]),
            (&["ml.t3.2xlarge", "ml.m5.large"], &["MlT3_2xlarge", "MlM5Large"]),
            (&["1.2", "128", "2012-10-17"], &["V1_2", "V128", "V2012_10_17"]),
            (&["TLSv1.2", "SSE-C", "aws:kms"], &["Tlsv1_2", "SseC", "AwsKms"]),
            (&["*", ">=", "", "-1"], &["Star", "GreaterEqual", "Empty", "Minus1"]),
            (&["Enabled", "ENABLED", "enabled"], &["Enabled", "EnabledUpper", "EnabledLower"]),
            (&["OTHER", "self"], &["OtherValue", "SelfValue"]),
        ];
        for (values, expected) in cases {
            let values: Vec<String> = values.iter().map(|&value| value.to_owned()).collect();
            assert_eq!(&variants(&values), expected);
        }
    }
}
