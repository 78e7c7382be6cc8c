//! "Did you mean": the known name that is nearest to a mistyped one.

/// The known name within a third of its letters of `name`, the nearest first; none if all are further.
#[must_use]
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let near =
        known.iter().map(|candidate| (distance(&wanted, &candidate.to_lowercase()), *candidate));
    near.filter(|(distance, candidate)| *distance <= candidate.chars().count().max(3) / 3)
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .map(|(_, candidate)| candidate)
}

/// How many letters must be inserted, removed, replaced or swapped with a neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_the_nearest() {
        let known = ["deploy-infra", "sm-tag-lambda", "stackset-admin-role"];
        for (given, expected) in [
            ("deploy-infr", Some("deploy-infra")),
            ("depoly-infra", Some("deploy-infra")),
            ("stackset-admin", Some("stackset-admin-role")),
            ("SM-TAG-LAMBDA", Some("sm-tag-lambda")),
            ("network", None),
        ] {
            assert_eq!(nearest(given, &known), expected, "{given}");
        }
    }
}
