//! How wide text is, before anybody draws it.
//!
//! The widths are those of `DejaVu Sans`, the widest of the system fonts in use, so that text never runs out of its box.

/// Advance widths of the characters from space to `~`, in hundredths of the font's size.
const WIDTHS: [u8; 95] = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75,
    79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35,
    63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
];

/// How much wider a bold text is.
const BOLD: f64 = 1.14;

/// How text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Type {
    pub(super) size: f64,
    pub(super) bold: bool,
}

impl Type {
    pub(super) fn width(self, text: &str) -> f64 {
        let first = usize::from(b' ');
        let width = |letter: char| match usize::try_from(u32::from(letter)) {
            Ok(code) if code >= first && code - first < WIDTHS.len() => WIDTHS[code - first],
            _ => 100,
        };
        let sum: f64 = text.chars().map(|letter| f64::from(width(letter))).sum();
        sum / 100.0 * self.size * if self.bold { BOLD } else { 1.0 }
    }

    /// The text in lines that are not wider than this. Breaks stand at spaces, but a number stays with what it counts; a word
    /// that is wider by itself is broken, and then before a capital or after a sign if it can be.
    pub(super) fn wrapped(self, text: &str, width: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut number = String::new();
        for word in text.split_whitespace() {
            if word.parse::<u32>().is_ok() {
                number = format!("{number}{word} ");
                continue;
            }
            let word = std::mem::take(&mut number) + word;
            self.append(&mut lines, &word, width);
        }
        if !number.is_empty() {
            self.append(&mut lines, number.trim_end(), width);
        }
        lines
    }

    fn append(self, lines: &mut Vec<String>, word: &str, width: f64) {
        if let Some(line) = lines.last_mut()
            && self.width(line) + self.width(" ") + self.width(word) <= width
        {
            line.push(' ');
            line.push_str(word);
            return;
        }
        let mut rest = word;
        while self.width(rest) > width {
            let end = self.break_in(rest, width);
            lines.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        if !rest.is_empty() {
            lines.push(rest.to_owned());
        }
    }

    /// Where a word that is too wide is broken: at least one character stays before.
    fn break_in(self, word: &str, width: f64) -> usize {
        let mut ends = word.char_indices().map(|(at, _)| at).skip(1);
        let first = ends.next().unwrap_or(word.len());
        let fitting: Vec<usize> = std::iter::once(first)
            .chain(ends.take_while(|end| self.width(&word[..*end]) <= width))
            .collect();
        let good = |end: &&usize| {
            word[**end..].starts_with(char::is_uppercase)
                || word[..**end].ends_with(['-', '_', ':', '/'])
        };
        let half = fitting.len() / 2;
        let nice = fitting.iter().skip(half).rev().find(good);
        nice.or(fitting.last()).copied().unwrap_or(first)
    }
}

#[cfg(test)]
mod tests {
    use super::Type;

    #[test]
    fn lines_are_broken_where_a_reader_expects_it() {
        let ten = Type { size: 10.0, bold: false };
        for (text, width, lines) in [
            ("", 100.0, &[] as &[&str]),
            ("one two three", 100.0, &["one two three"]),
            ("one two three", 45.0, &["one two", "three"]),
            ("1 topic, 2 policies", 70.0, &["1 topic,", "2 policies"]),
            ("Build 7", 100.0, &["Build 7"]),
            ("PermissionsBoundaryArn", 90.0, &["Permissions", "BoundaryArn"]),
            ("mlops-platform-deploy", 90.0, &["mlops-platform-", "deploy"]),
            ("ééééé", 20.0, &["éé", "éé", "é"]),
            ("wide", 1.0, &["w", "i", "d", "e"]),
        ] {
            assert_eq!(ten.wrapped(text, width), lines, "{text}");
        }
        assert!(Type { size: 10.0, bold: true }.width("m") > ten.width("m"));
    }
}
