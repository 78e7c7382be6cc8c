//! "Did you mean": the known name that is nearest to a mistyped one.

/// The known name within a third of its letters of `name`, the nearest first; none if all are further.
#[must_use]
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let wanted = name.to_lowercase();
    let length = wanted.chars().count();
    let near = known.iter().filter_map(|candidate| {
        let letters = candidate.chars().count();
        let most = letters.max(3) / 3;
        // As many letters as the lengths differ by are missing at least.
        if candidate.len() > LONGEST || letters.abs_diff(length) > most {
            return None;
        }
        let candidate_letters = candidate.to_lowercase();
        if others(&wanted, &candidate_letters) > most {
            return None;
        }
        let distance = distance(&wanted, &candidate_letters);
        (distance <= most).then_some((distance, *candidate))
    });
    near.min().map(|(_, candidate)| candidate)
}

/// No name is as long, in bytes.
const LONGEST: usize = 512;

/// How many letters one of them has that the other lacks, wherever they stand: no fewer must be changed.
fn others(a: &str, b: &str) -> usize {
    let mut counts = [0_i32; 64];
    for (text, one) in [(a, 1), (b, -1)] {
        for byte in text.bytes().filter(|byte| byte & 0xC0 != 0x80) {
            counts[usize::from(byte % 64)] += one;
        }
    }
    let more: i32 = counts.iter().filter(|count| **count > 0).sum();
    let fewer: i32 = counts.iter().filter(|count| **count < 0).sum();
    usize::try_from(more.max(-fewer)).unwrap_or_default()
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
        assert_eq!(nearest(&"a".repeat(10_000_000), &["a".repeat(10_000_000).as_str()]), None);
    }
}
