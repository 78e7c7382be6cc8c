//! Names: from Rust's spelling to CloudFormation's, and from a misspelt word to the one that was meant.
//!
//! Nothing in here knows a macro.

/// The name in CloudFormation's spelling: `vpc_cidr` is `VpcCidr`, `REGION` is `Region`, `az_1` is `Az1`.
pub fn pascal_case(name: &str) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    let shouted = !name.contains(|c: char| c.is_lowercase());
    let mut pascal = String::with_capacity(name.len());
    for word in name.split('_') {
        let mut letters = word.chars();
        pascal.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        if shouted {
            pascal.extend(letters.flat_map(char::to_lowercase));
        } else {
            pascal.push_str(letters.as_str());
        }
    }
    pascal
}

/// Whether CloudFormation takes it as a logical id: letters and digits only, and at least one.
pub fn is_logical_id(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The known word that a misspelt one most likely means.
pub fn closest<'k>(given: &str, known: &[&'k str]) -> Option<&'k str> {
    let allowed = (given.chars().count() / 3).max(1);
    let distances = known.iter().map(|word| (distance(given, word), *word));
    let (distance, word) = distances.min_by_key(|(distance, _)| *distance)?;
    let shortened = || known.iter().find(|word| given.len() > 3 && word.starts_with(given));
    (distance <= allowed).then_some(word).or_else(|| shortened().copied())
}

/// How many letters must be changed, added, dropped or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::{closest, pascal_case};

    #[test]
    fn pascal_cases() {
        let cases = [
            ("vpc_cidr", "VpcCidr"),
            ("az_1", "Az1"),
            ("REGION", "Region"),
            ("ACCOUNT_ID", "AccountId"),
            ("r#type", "Type"),
            ("_unused", "Unused"),
            ("x", "X"),
            ("vpcId", "VpcId"),
        ];
        for (rust, expected) in cases {
            assert_eq!(pascal_case(rust), expected, "{rust}");
        }
    }

    #[test]
    fn closest_words() {
        let known = ["default", "pattern", "min", "max", "min_length"];
        let cases = [
            ("defualt", Some("default")),
            ("patern", Some("pattern")),
            ("min_len", Some("min_length")),
            ("mni", Some("min")),
            ("colour", None),
        ];
        for (given, expected) in cases {
            assert_eq!(closest(given, &known), expected, "{given}");
        }
    }
}
