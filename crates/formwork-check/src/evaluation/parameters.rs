//! What a parameter's declaration says of its values: which it refuses, and which is the longest. Knows no launch.

use formwork::read::{Entry, Scalar, Tree};

use super::sample::Sample;
use crate::finding::shown;
use crate::limits::VALUE;
use crate::pattern::{Match, matches};

/// A parameter as a template declares it.
#[derive(Clone, Copy)]
pub(super) struct Parameter<'t> {
    pub(super) name: &'t str,
    declared: &'t Tree,
}

/// The parameters of a template, of which CloudFormation takes 200.
pub(super) fn of(root: &Tree) -> impl Iterator<Item = Parameter<'_>> {
    let entries: &[Entry] = root.get("Parameters").and_then(Tree::as_map).unwrap_or_default();
    entries.iter().take(200).map(|entry| Parameter { name: &entry.key, declared: &entry.value })
}

/// A template's parameter of this name.
pub(super) fn named<'t>(root: &'t Tree, name: &str) -> Option<Parameter<'t>> {
    of(root).find(|parameter| parameter.name == name)
}

impl Parameter<'_> {
    fn text(&self, key: &str) -> Option<&str> {
        self.declared.get(key).and_then(Tree::as_str)
    }

    fn number(&self, key: &str) -> Option<usize> {
        self.text(key)?.trim().parse().ok()
    }

    fn kind(&self) -> &str {
        self.text("Type").unwrap_or("String")
    }

    pub(super) fn has_default(&self) -> bool {
        self.declared.get("Default").is_some()
    }

    /// Whether it takes several values with commas between them.
    pub(super) fn is_list(&self) -> bool {
        self.kind() == "CommaDelimitedList" || self.kind().starts_with("List<")
    }

    /// Whether Systems Manager has the value.
    fn is_remote(&self) -> bool {
        self.kind().starts_with("AWS::SSM::")
    }

    /// The values that it allows, if it lists them.
    pub(super) fn allowed(&self) -> Vec<String> {
        let list = self.declared.get("AllowedValues").and_then(Tree::as_list).unwrap_or_default();
        list.iter().filter_map(written).collect()
    }

    /// The values besides its default that it allows.
    pub(super) fn others(&self) -> Vec<String> {
        if self.is_list() || self.is_remote() {
            return Vec::new();
        }
        let default = self.declared.get("Default").and_then(written);
        let mut allowed = self.allowed();
        allowed.retain(|value| Some(value) != default.as_ref());
        allowed
    }

    /// What is allowed, if it is not this value.
    pub(super) fn refusal(&self, value: &str) -> Option<String> {
        if value.len() > VALUE {
            return Some(format!("at most {VALUE} bytes"));
        }
        if self.is_remote() {
            return None;
        }
        let items: Vec<&str> =
            if self.is_list() { value.split(',').map(str::trim).collect() } else { vec![value] };
        let refused = items.iter().find_map(|item| self.item_refusal(item));
        refused.or_else(|| {
            let length = value.chars().count();
            match (self.number("MinLength"), self.number("MaxLength")) {
                (Some(least), _) if length < least => Some(format!("at least {least} characters")),
                (_, Some(most)) if length > most => Some(format!("at most {most} characters")),
                _ => None,
            }
        })
    }

    /// Its pattern, if that is small enough to be run.
    fn pattern(&self) -> Option<&str> {
        const LONGEST: usize = 4_096;
        const DEEPEST: usize = 64;
        let pattern = self.text("AllowedPattern").filter(|pattern| pattern.len() <= LONGEST)?;
        let (mut depth, mut deepest) = (0_usize, 0);
        for byte in pattern.bytes() {
            match byte {
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            deepest = deepest.max(depth);
        }
        (deepest <= DEEPEST).then_some(pattern)
    }

    /// Whether nobody can say if its pattern takes this value.
    pub(super) fn is_undecided(&self, value: &str) -> bool {
        let runs =
            |pattern: &str| matches!(matches(&anchored(pattern), value), Match::Yes | Match::No);
        let has_pattern = !self.is_list() && self.text("AllowedPattern").is_some();
        has_pattern && !self.pattern().is_some_and(runs)
    }

    fn item_refusal(&self, item: &str) -> Option<String> {
        let allowed = self.allowed();
        if !allowed.is_empty() && !allowed.iter().any(|one| one == item) {
            let names: Vec<String> = allowed.iter().map(|one| shown(one)).collect();
            return Some(names.join(", "));
        }
        if let Some(pattern) = self.pattern()
            && matches(&anchored(pattern), item) == Match::No
        {
            let explained = self.text("ConstraintDescription");
            let explained = explained.map(|text| format!("{}; ", shown(text))).unwrap_or_default();
            return Some(format!("{explained}the pattern {pattern}"));
        }
        if !matches!(self.kind(), "Number" | "List<Number>") {
            return None;
        }
        let Ok(number) = item.trim().parse::<f64>() else { return Some("a number".to_owned()) };
        let bound = |key: &str| self.text(key).and_then(|text| text.trim().parse::<f64>().ok());
        match (bound("MinValue"), bound("MaxValue")) {
            (Some(least), _) if number < least => Some(format!("{least} or more")),
            (_, Some(most)) if number > most => Some(format!("{most} or less")),
            _ => None,
        }
    }

    /// The longest value that it takes, if what it says of itself tells one.
    pub(super) fn longest(&self) -> Option<String> {
        let by_list = self.allowed().into_iter().max_by_key(|value| value.chars().count());
        if by_list.is_some() {
            return by_list.filter(|_| !self.is_list());
        }
        if self.kind() == "Number" {
            return self.text("MaxValue").map(str::to_owned);
        }
        self.sampled(|sample, most| {
            let most = most.or_else(|| sample.as_ref().and_then(Sample::most))?;
            // What the pattern looks around at may take a few characters.
            Some((most.saturating_sub(8)..=most).rev().collect())
        })
    }

    /// A short value of the same kind.
    pub(super) fn shortest(&self) -> Option<String> {
        let by_list = self.allowed().into_iter().min_by_key(|value| value.chars().count());
        if by_list.is_some() {
            return by_list.filter(|_| !self.is_list());
        }
        if self.kind() == "Number" {
            return self.text("MinValue").map(str::to_owned);
        }
        let least = self.number("MinLength").unwrap_or(0).max(1);
        self.sampled(|sample, _| {
            let least = sample.as_ref().map_or(least, |sample| least.max(sample.least()));
            Some((least..=least + 8).collect())
        })
    }

    /// The first text of one of these lengths that it takes.
    fn sampled(
        &self,
        lengths: impl FnOnce(&Option<Sample>, Option<usize>) -> Option<Vec<usize>>,
    ) -> Option<String> {
        if self.kind() != "String" {
            return None;
        }
        let sample = match self.text("AllowedPattern") {
            Some(_) => Some(Sample::new(self.pattern()?)?),
            None => None,
        };
        let lengths = lengths(&sample, self.number("MaxLength").filter(|most| *most <= VALUE))?;
        let text = |length: usize| match &sample {
            Some(sample) => sample.text(length),
            None => "x".repeat(length),
        };
        let fits = |text: &String| !text.is_empty() && self.refusal(text).is_none();
        lengths.into_iter().map(text).find(fits)
    }
}

/// The pattern, which CloudFormation wants to match the whole value.
fn anchored(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

/// A scalar as a parameter takes it.
fn written(tree: &Tree) -> Option<String> {
    match tree.as_scalar()? {
        Scalar::Null => None,
        Scalar::Bool(value) => Some(value.to_string()),
        _ => tree.as_str().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_declaration_refuses_and_tells_the_longest() {
        for (declared, value, is_refused, longest) in [
            ("{ Type: String, MaxLength: 5 }", "abcdef", true, Some("xxxxx")),
            ("{ Type: String, AllowedPattern: '^[a-z]{1,3}$' }", "abc", false, Some("xxx")),
            ("{ Type: String, AllowedPattern: '[a-z]+', MaxLength: 3 }", "ab1", true, Some("xxx")),
            ("{ Type: String, AllowedPattern: '[a-z]+' }", "ab", false, None),
            ("{ Type: String, AllowedValues: [a, bcd, ef] }", "x", true, Some("bcd")),
            ("{ Type: Number, MinValue: 1, MaxValue: 20 }", "21", true, Some("20")),
            ("{ Type: Number }", "seven", true, None),
            ("{ Type: CommaDelimitedList, AllowedValues: [a, b] }", "a, b", false, None),
            ("{ Type: 'AWS::EC2::VPC::Id' }", "vpc-1", false, None),
            ("{ Type: String, MinLength: 2 }", "a", true, None),
            ("{ Type: String }", "a", false, None),
        ] {
            let text = format!("Parameters: {{ P: {declared} }}");
            let document = formwork::read::parse(text.as_bytes()).expect("it can be read");
            let parameter = named(&document.root, "P").expect("it is declared");
            assert_eq!(parameter.refusal(value).is_some(), is_refused, "{declared} {value}");
            assert_eq!(parameter.longest().as_deref(), longest, "{declared}");
        }
    }
}
