//! What a reader wants to know of a rule file: its rules, and what the comment above each says. Runs nothing.

/// A rule, as a page lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlined {
    /// Its name.
    pub name: String,
    /// The lines of the comment right above it, as one, up to its source.
    pub comment: String,
    /// The page that says why, if the comment ends in `Source: …`.
    pub source: Option<String>,
}

/// What a file is about: the first paragraph of the comment that it begins with.
#[must_use]
pub fn head(text: &str) -> String {
    let said = text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim);
    said.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
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
                let comment = comment.join(" ");
                let (comment, source) = match comment.split_once("Source: ") {
                    Some((comment, source)) => (comment, Some(source.trim().to_owned())),
                    None => (comment.as_str(), None),
                };
                let (name, comment) = (rest[..end].to_owned(), comment.trim().to_owned());
                rules.push(Outlined { name, comment, source });
            }
        }
        comment.clear();
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::{head, outline};

    #[test]
    fn rules_and_their_comments() {
        let text = "# The file\n# itself.\n#\n# More.\n\n# One\n# and more.\n# Source: https://a\nrule a when %x {\n# no\n}\nrule f(x) {\n}\nrule b\n";
        assert_eq!(head(text), "The file itself.");
        let found = outline(text);
        let found: Vec<_> = found
            .iter()
            .map(|it| (it.name.as_str(), it.comment.as_str(), it.source.as_deref()))
            .collect();
        assert_eq!(found, [("a", "One and more.", Some("https://a")), ("b", "", None)]);
    }
}
