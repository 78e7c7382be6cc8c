//! Patterns of IAM: `*`, `?`, and what only the launch knows. Nothing in here knows what the texts mean.
//!
//! Comparing two patterns takes as many steps as their lengths multiplied, and a policy may have many. So the steps of a
//! run are counted, and from some number on nothing is compared any more: `patiently` says whether it came to that.

use std::cell::Cell;

/// Stands in a text for a part that only the launch knows: any characters, or none.
pub const UNKNOWN: char = '\u{FFFC}';

/// Stands in a text for a part that only the launch knows and that has no `/`, such as a bucket's name.
pub const SEGMENT: char = '\u{E000}';

/// Longer than any ARN or action; what is longer is not compared, so that nobody can make it take long.
const LONGEST: usize = 4_096;

thread_local! {
    /// How many steps may still be taken.
    static LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
}

/// Runs something that may take this many steps.
pub(super) fn patiently<T>(steps: u64, run: impl FnOnce() -> T) -> T {
    let before = LEFT.replace(steps);
    let result = run();
    LEFT.set(before);
    result
}

/// Takes so many steps, if there are as many left; if not, there are none from then on.
pub(super) fn spend(steps: usize) -> bool {
    let left = LEFT.get().checked_sub(steps as u64);
    LEFT.set(left.unwrap_or(0));
    left.is_some()
}

/// Whether no step is left, so that answers mean nothing any more.
pub(super) fn is_spent() -> bool {
    LEFT.get() == 0
}

/// A text as people see it.
#[must_use]
pub fn shown(text: &str) -> String {
    text.replace([UNKNOWN, SEGMENT], "…")
}

/// Whether something of a text is only known at a launch.
#[must_use]
pub fn is_unknown(text: &str) -> bool {
    text.contains([UNKNOWN, SEGMENT])
}

/// Whether there is nothing in it but `*` and what may be anything.
#[must_use]
pub fn is_anything(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c == '*' || c == UNKNOWN || c == SEGMENT)
}

/// The text with each variable of a policy, `${aws:username}`, as `*`; `${*}`, `${?}` and `${$}` are those characters.
#[must_use]
pub fn without_variables(text: &str) -> String {
    replace_variables(text, '*')
}

/// The text with each `${…}` as another character.
#[must_use]
pub fn replace_variables(text: &str, with: char) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("${") {
        let Some(length) = rest[at..].find('}') else { break };
        out.push_str(&rest[..at]);
        match &rest[at + 2..at + length] {
            // Escaped characters: as a pattern they are at least themselves.
            escaped @ ("*" | "?" | "$") => out.push_str(escaped),
            _ => out.push(with),
        }
        rest = &rest[at + length + 1..];
    }
    out.push_str(rest);
    out
}

/// Whether there is a text that both patterns match; also said of what is too long to be compared.
#[must_use]
pub fn meet(a: &str, b: &str) -> bool {
    let Some((a, b)) = behind_same_beginning(a, b) else { return false };
    let is_open = |text: &str| !text.is_empty() && text.chars().all(|c| c == '*' || c == UNKNOWN);
    if (a.is_empty() && b.is_empty()) || is_open(a) || is_open(b) {
        return true;
    }
    if a.len().max(b.len()) > LONGEST || !spend((a.len() + 1) * (b.len() + 1)) {
        return true;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    // `meets[j]`: whether the rest of `a` behind `i` meets the rest of `b` behind `j`.
    let mut below = vec![false; b.len() + 1];
    for i in (0..=a.len()).rev() {
        let mut meets = vec![false; b.len() + 1];
        for j in (0..=b.len()).rev() {
            let (x, y) = (a.get(i).copied(), b.get(j).copied());
            meets[j] = match (x, y) {
                (None, None) => true,
                (Some(x), _) if is_many(x) && below[j] => true,
                (_, Some(y)) if is_many(y) && meets[j + 1] => true,
                (Some(x), Some(y)) if is_many(x) && takes(x, y) && meets[j + 1] => true,
                (Some(x), Some(y)) if is_many(y) && takes(y, x) && below[j] => true,
                (Some(x), Some(y)) if !is_many(x) && !is_many(y) => {
                    (x == y || x == '?' || y == '?') && below[j + 1]
                }
                _ => false,
            };
        }
        below = meets;
    }
    below[0]
}

/// What is left of both from the first wildcard on; none if they differ before it, as most do.
fn behind_same_beginning<'p>(a: &'p str, b: &'p str) -> Option<(&'p str, &'p str)> {
    let is_wild = |c: char| is_many(c) || c == '?';
    let mut others = b.char_indices();
    for (at, x) in a.char_indices() {
        let Some((there, y)) = others.next() else { return Some((&a[at..], "")) };
        if is_wild(x) || is_wild(y) {
            return Some((&a[at..], &b[there..]));
        }
        if x != y {
            return None;
        }
    }
    Some(("", &b[b.len() - others.as_str().len()..]))
}

/// Whether there is an ARN that both patterns match: part by part, for a wildcard in one part is not about the next.
#[must_use]
pub fn arns_meet(a: &str, b: &str) -> bool {
    if a.splitn(6, ':').count() < 6 || b.splitn(6, ':').count() < 6 {
        return meet(a, b);
    }
    a.splitn(6, ':').zip(b.splitn(6, ':')).all(|(one, other)| meet(one, other))
}

/// Whether a pattern matches every text that `text`, itself perhaps a pattern, stands for; what is unknown is not matched
/// but by `*`.
#[must_use]
pub fn covers(pattern: &str, text: &str) -> bool {
    if pattern == "*" || pattern == text {
        return true;
    }
    let is_plain = !pattern.contains(['*', '?']);
    if is_plain
        || pattern.len().max(text.len()) > LONGEST
        || !spend((pattern.len() + 1) * (text.len() + 1))
    {
        return false;
    }
    let (p, t): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let mut row = vec![false; t.len() + 1];
    for i in (0..=p.len()).rev() {
        let mut next = vec![false; t.len() + 1];
        for j in (0..=t.len()).rev() {
            next[j] = match (p.get(i), t.get(j)) {
                (None, None) => true,
                (Some('*'), _) if row[j] => true,
                (Some('*'), Some(_)) => next[j + 1],
                (Some('?'), Some(&c)) => !is_many(c) && row[j + 1],
                (Some(x), Some(y)) => x == y && row[j + 1],
                _ => false,
            };
        }
        row = next;
    }
    row[0]
}

fn is_many(c: char) -> bool {
    c == '*' || c == UNKNOWN || c == SEGMENT
}

fn takes(many: char, c: char) -> bool {
    many != SEGMENT || c != '/'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_meet_or_do_not() {
        for (a, b, expected) in [
            ("", "", true),
            ("*", "", true),
            ("abc", "abc", true),
            ("abc", "abd", false),
            ("a*c", "ab*", true),
            ("a*c", "b*", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("arn:*:s3:::\u{E000}", "arn:aws:s3:::b/*", false),
            ("arn:*:s3:::\u{E000}", "arn:aws:s3:::b*", true),
            ("arn:*:s3:::\u{E000}/*", "arn:aws:s3:::b", false),
            ("arn:*:s3:::\u{E000}/*", "arn:aws:s3:::b*", true),
            ("arn:*:s3:::\u{E000}/*", "arn:aws:s3:::\u{E000}", false),
            ("arn:*:s3:::\u{E000}/*", "arn:aws:s3:::\u{FFFC}", true),
        ] {
            assert_eq!(arns_meet(a, b), expected, "{a} {b}");
            assert_eq!(arns_meet(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn patterns_cover_or_do_not() {
        for (pattern, text, expected) in [
            ("*", "a*", true),
            ("a*", "*", false),
            ("a?", "ab", true),
            ("a?", "a*", false),
            ("iam:*", "iam:PassRole", true),
            ("iam:Pass*", "iam:*", false),
        ] {
            assert_eq!(covers(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn variables_are_anything() {
        assert_eq!(without_variables("a/${aws:username}/b"), "a/*/b");
        assert_eq!(without_variables("a${*}b${open"), "a*b${open");
    }

    #[test]
    fn patience_ends() {
        let long = "*a".repeat(1_000);
        let spent = patiently(10_000_000, || {
            let met =
                (0..100).filter(|_| meet(&(long.clone() + "c"), &(long.clone() + "b"))).count();
            (met, is_spent())
        });
        assert_eq!(spent, (98, true));
        assert!(!is_spent());
    }
}
