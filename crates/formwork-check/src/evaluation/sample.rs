//! Makes texts that a pattern matches: as long as it allows, or short.
//!
//! It knows the common part of regular expressions and takes no notice of what looks around; whoever asks holds the text
//! against the pattern itself. What it cannot read makes no text. Sizes and depths are limited.

/// How many characters of a pattern are read, and how long a text is made at the most.
const MOST: usize = 4_096;

/// How deep groups may stand in each other.
const DEEPEST: usize = 32;

/// What a pattern is made of, with the least and the most characters that it matches.
struct Node {
    what: What,
    least: usize,
    most: usize,
}

enum What {
    /// One character, of those allowed the one that reads best.
    One(char),
    All(Vec<Node>),
    Any(Vec<Node>),
    Repeat(Box<Node>, usize),
}

/// A pattern that was read.
pub(super) struct Sample(Node);

impl Sample {
    /// Reads a pattern, if it can.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        let characters: Vec<char> = pattern.chars().collect();
        if characters.len() > MOST {
            return None;
        }
        let mut reader = Reader { characters, at: 0 };
        let node = reader.choice(0)?;
        // One without a text that is short enough to be made makes none.
        (reader.at == reader.characters.len() && node.least <= MOST).then_some(Sample(node))
    }

    /// The fewest characters of a text.
    pub(super) fn least(&self) -> usize {
        self.0.least
    }

    /// The most characters of a text, if there is such a number.
    pub(super) fn most(&self) -> Option<usize> {
        (self.0.most < usize::MAX).then_some(self.0.most)
    }

    /// A text of so many characters, or of as many below that as can be.
    pub(super) fn text(&self, length: usize) -> String {
        let mut text = String::new();
        self.0.write(length.min(MOST), &mut text);
        text
    }
}

impl Node {
    fn one(c: char) -> Self {
        Node { what: What::One(c), least: 1, most: 1 }
    }

    fn all(nodes: Vec<Node>) -> Self {
        let sum = |of: fn(&Node) -> usize| nodes.iter().map(of).fold(0, usize::saturating_add);
        let (least, most) = (sum(|node| node.least), sum(|node| node.most));
        Node { what: What::All(nodes), least, most }
    }

    fn any(mut nodes: Vec<Node>) -> Self {
        if nodes.len() == 1 {
            return nodes.remove(0);
        }
        let least = nodes.iter().map(|node| node.least).min().unwrap_or(0);
        let most = nodes.iter().map(|node| node.most).max().unwrap_or(0);
        Node { what: What::Any(nodes), least, most }
    }

    fn repeat(self, least: usize, most: usize) -> Self {
        let (low, high) = (self.least.saturating_mul(least), self.most.saturating_mul(most));
        Node { what: What::Repeat(Box::new(self), most), least: low, most: high }
    }

    /// Writes a text of `length` characters, as far as that can be.
    fn write(&self, length: usize, text: &mut String) {
        match &self.what {
            What::One(c) => text.push(*c),
            What::All(nodes) => {
                let mut rest = length.saturating_sub(self.least);
                for node in nodes {
                    let more = rest.min(node.most - node.least);
                    rest -= more;
                    node.write(node.least + more, text);
                }
            }
            What::Any(nodes) => {
                let fitting = nodes.iter().filter(|node| node.least <= length);
                // Of those that are as long the first.
                let best = fitting.rev().max_by_key(|node| node.most.min(length));
                if let Some(node) = best.or(nodes.first()) {
                    node.write(length, text);
                }
            }
            What::Repeat(node, most) => {
                if node.most == 0 {
                    return;
                }
                let least = self.least.checked_div(node.least).unwrap_or(0);
                let count = (length / node.least.max(1)).min(*most).max(least).min(MOST);
                let mut rest = length;
                for turn in 0..count {
                    let kept = node.least * (count - turn - 1);
                    let given = rest.saturating_sub(kept).min(node.most).max(node.least);
                    rest = rest.saturating_sub(given);
                    node.write(given, text);
                }
            }
        }
    }
}

struct Reader {
    characters: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn eat(&mut self, text: &str) -> bool {
        let is_there = text.chars().enumerate().all(|(index, c)| {
            self.characters.get(self.at + index).is_some_and(|there| *there == c)
        });
        if is_there {
            self.at += text.chars().count();
        }
        is_there
    }

    fn choice(&mut self, depth: usize) -> Option<Node> {
        if depth > DEEPEST {
            return None;
        }
        let mut choices = vec![self.sequence(depth)?];
        while self.eat("|") {
            choices.push(self.sequence(depth)?);
        }
        Some(Node::any(choices))
    }

    fn sequence(&mut self, depth: usize) -> Option<Node> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek().filter(|c| !matches!(c, '|' | ')')) {
            self.at += 1;
            let node = match c {
                '^' | '$' => continue,
                '(' => self.group(depth)?,
                '[' => Node::one(self.class()?),
                '.' => Node::one('x'),
                '\\' if self.place() => continue,
                '\\' => Node::one(best(&[self.escape()?], false)?),
                '*' | '+' | '?' => return None,
                c => Node::one(c),
            };
            nodes.push(self.repeated(node)?);
        }
        Some(Node::all(nodes))
    }

    /// A group; what looks around matches nothing by itself.
    fn group(&mut self, depth: usize) -> Option<Node> {
        let looks = ["?=", "?!", "?<=", "?<!"].iter().any(|start| self.eat(start));
        if !looks && !self.eat("?:") && self.eat("?<") {
            while self.peek()? != '>' {
                self.at += 1;
            }
            self.at += 1;
        }
        let inner = self.choice(depth + 1)?;
        self.eat(")").then(|| if looks { Node::all(Vec::new()) } else { inner })
    }

    fn repeated(&mut self, node: Node) -> Option<Node> {
        let (least, most) = match self.peek() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => {
                let end = self.characters[self.at..].iter().position(|c| *c == '}')?;
                let inside: String = self.characters[self.at + 1..self.at + end].iter().collect();
                self.at += end;
                let (least, most) = inside.split_once(',').unwrap_or((&inside, &inside));
                let most = if most.is_empty() { usize::MAX } else { most.parse().ok()? };
                (least.parse().ok().filter(|least| *least <= MOST)?, most)
            }
            _ => return Some(node),
        };
        self.at += 1;
        // How eager it is changes nothing of what it matches.
        if matches!(self.peek(), Some('?' | '+')) {
            self.at += 1;
        }
        (least <= most).then(|| node.repeat(least, most))
    }

    /// Whether an escape stands for a place, such as a text's end, and no character.
    fn place(&mut self) -> bool {
        ["A", "Z", "z", "b", "B"].iter().any(|place| self.eat(place))
    }

    /// The characters that an escape stands for.
    fn escape(&mut self) -> Option<(char, char)> {
        let c = self.peek()?;
        self.at += 1;
        Some(match c {
            'd' => ('0', '9'),
            'w' | 'S' | 'D' => ('a', 'z'),
            's' | 'W' | 'h' => (' ', ' '),
            'n' => ('\n', '\n'),
            't' => ('\t', '\t'),
            'r' => ('\r', '\r'),
            'p' | 'P' => {
                if self.eat("{") {
                    while self.peek()? != '}' {
                        self.at += 1;
                    }
                }
                self.at += 1;
                ('a', 'z')
            }
            'u' | 'x' => {
                let length = if c == 'u' { 4 } else { 2 };
                let digits = self.characters.get(self.at..self.at + length)?;
                let code = u32::from_str_radix(&digits.iter().collect::<String>(), 16).ok()?;
                self.at += length;
                let c = char::from_u32(code)?;
                (c, c)
            }
            c if c.is_ascii_alphanumeric() => return None,
            c => (c, c),
        })
    }

    /// One character of a class, behind its `[`.
    fn class(&mut self) -> Option<char> {
        let is_negated = self.eat("^");
        let mut sets = Vec::new();
        let mut is_first = true;
        loop {
            let c = self.peek()?;
            self.at += 1;
            let set = match c {
                ']' if !is_first => break,
                '\\' => self.escape()?,
                c => (c, c),
            };
            is_first = false;
            let is_range = self.peek() == Some('-')
                && self.characters.get(self.at + 1).is_some_and(|next| *next != ']')
                && set.0 == set.1;
            if !is_range {
                sets.push(set);
                continue;
            }
            self.at += 1;
            let end = self.peek()?;
            self.at += 1;
            let end = if end == '\\' { self.escape()?.1 } else { end };
            sets.push((set.0, end));
        }
        best(&sets, is_negated)
    }
}

/// Of the characters in these ranges, or of those that are not, one that reads well.
fn best(sets: &[(char, char)], is_negated: bool) -> Option<char> {
    let has = |c: char| sets.iter().any(|(low, high)| (*low..=*high).contains(&c)) != is_negated;
    let usual = std::iter::once('x').chain('a'..='z').chain('1'..='9').chain('A'..='Z');
    usual.chain("0-_./: ".chars()).find(|c| has(*c)).or_else(|| sets.first().map(|set| set.0))
}

#[cfg(test)]
mod tests {
    use super::Sample;
    use crate::pattern::{Match, matches};

    #[test]
    fn texts_are_as_long_as_they_may_be_and_match() {
        for (pattern, wish, length) in [
            ("^[a-z0-9](-?[a-z0-9])*$", 32, 32),
            ("^(?!mlops-platform$)[a-z0-9](-?[a-z0-9])*$", 32, 32),
            ("^(?=.*[^ ])[A-Za-z0-9 _.:/=+@-]{1,64}$", 100, 64),
            (r"^\d{12}$", 100, 12),
            (r"^(\d{12})?$", 100, 12),
            ("^ml\\.[a-z0-9-]+\\.[a-z0-9-]+$", 40, 40),
            ("^(a|bc|defg)$", 3, 2),
            ("^(a|bc|defg)$", 9, 4),
            ("^(ab){2,3}$", 5, 4),
            ("^[^a-z]{3}$", 3, 3),
            (r"^[\w+=,.@-]{1,64}$", 64, 64),
            (r"^[a-zA-Z](-*[a-zA-Z0-9]){0,62}$", 63, 63),
            ("", 5, 0),
        ] {
            let sample = Sample::new(pattern).expect(pattern);
            let text = sample.text(wish);
            assert_eq!(text.chars().count(), length, "{pattern}: {text}");
            assert_eq!(matches(pattern, &text), Match::Yes, "{pattern}: {text}");
        }
    }

    #[test]
    fn bounds_are_those_of_the_pattern() {
        let sample = Sample::new("^a{2,5}(bc)?$").expect("it can be read");
        assert_eq!((sample.least(), sample.most()), (2, Some(7)));
        assert_eq!(Sample::new("^a+$").expect("it can be read").most(), None);
    }

    #[test]
    fn what_cannot_be_read_makes_nothing() {
        let deep = "(".repeat(100) + &")".repeat(100);
        for pattern in [
            r"(a)\1",
            "[a",
            "(a",
            "a{9,2}",
            "a{99999}",
            "*",
            "(((a{99}){99}){99}){99}",
            deep.as_str(),
        ] {
            assert!(Sample::new(pattern).is_none(), "{pattern}");
        }
    }
}
