//! What a reader wants to know of a rule file: its rules, and what the comment above each says. Runs nothing.

/// A rule, as a page lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlined {
    /// Its name.
    pub name: String,
    /// The lines of the comment right above it, as one.
    pub comment: String,
}

/// The rules of a file in their order; those with parameters, which others call, are none.
#[must_use]
pub fn outline(text: &str) -> Vec<Outlined> {
    let (mut rules, mut comment) = (Vec::new(), Vec::new());
    for line in text.lines() {
        if let Some(said) = line.strip_prefix('#') {
            comment.push(said.trim());
            continue;
        }
        if let Some(rest) = line.strip_prefix("rule ") {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            if !rest[end..].starts_with('(') {
                let (name, comment) = (rest[..end].to_owned(), comment.join(" "));
                rules.push(Outlined { name, comment });
            }
        }
        comment.clear();
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::outline;

    #[test]
    fn rules_and_their_comments() {
        let text = "# The file.\n\n# One\n# and more.\nrule a when %x {\n# no\n}\nrule f(x) {\n}\nrule b\n";
        let found = outline(text);
        let found: Vec<_> =
            found.iter().map(|it| (it.name.as_str(), it.comment.as_str())).collect();
        assert_eq!(found, [("a", "One and more."), ("b", "")]);
    }
}
