//! Reads JSON, strictly as RFC 8259 has it, on a stack of its own.
//!
//! A parser of YAML would do for most of it, but not for pairs of surrogates in escapes, and it would
//! accept what CloudFormation does not.

use std::borrow::Cow;

use super::build::Builder;
use super::problem::{Position, Problem, Span};
use super::tree::Style;

/// Why the reading ended early.
pub(super) enum Stop {
    /// The text is not JSON.
    NotJson(Problem),
    /// A limit is passed, or there are too many problems.
    Refused(Problem),
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    Value,
    FirstItem,
    FirstKey,
    Key,
    /// A comma or the end of the list or map.
    Next,
    Nothing,
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    position: Position,
}

pub(super) fn read(text: &str, builder: &mut Builder<'_>) -> Result<(), Stop> {
    let mut scanner = Scanner { text, at: 0, position: Position::START };
    let mut lists: Vec<bool> = Vec::new();
    let mut want = Want::Value;
    loop {
        scanner.skip_space();
        let start = scanner.position;
        let in_list = lists.last() == Some(&true);
        match (want, scanner.peek()) {
            (Want::Value | Want::FirstItem, Some(bracket @ (b'{' | b'['))) => {
                let list = bracket == b'[';
                let span = scanner.bump(1);
                if list { builder.begin_list(span, None) } else { builder.begin_map(span, None) }
                    .map_err(Stop::Refused)?;
                lists.push(list);
                want = if list { Want::FirstItem } else { Want::FirstKey };
                continue;
            }
            (Want::FirstItem, Some(b']')) | (Want::FirstKey, Some(b'}')) => {
                close(&mut scanner, builder, &mut lists)?;
            }
            (Want::Next, Some(b']')) if in_list => close(&mut scanner, builder, &mut lists)?,
            (Want::Next, Some(b'}')) if !in_list => close(&mut scanner, builder, &mut lists)?,
            (Want::Next, Some(b',')) => {
                scanner.bump(1);
                want = if in_list { Want::Value } else { Want::Key };
                continue;
            }
            (Want::Key | Want::FirstKey, Some(b'"')) => {
                scanner.string(builder)?;
                scanner.skip_space();
                if scanner.peek() != Some(b':') {
                    return Err(scanner.not_json("a `:` is needed behind a key"));
                }
                scanner.bump(1);
                want = Want::Value;
                continue;
            }
            (Want::Value | Want::FirstItem, Some(b'"')) => scanner.string(builder)?,
            (Want::Value | Want::FirstItem, Some(_)) => scanner.word(builder, start)?,
            (Want::Nothing, None) => return Ok(()),
            (_, None) => return Err(scanner.not_json("the text ends in the middle")),
            (want, Some(_)) => return Err(scanner.not_json(expectation(want, in_list))),
        }
        want = if lists.is_empty() { Want::Nothing } else { Want::Next };
    }
}

fn close(
    scanner: &mut Scanner<'_>,
    builder: &mut Builder<'_>,
    lists: &mut Vec<bool>,
) -> Result<(), Stop> {
    lists.pop();
    let span = scanner.bump(1);
    builder.end(Some(span.end)).map_err(Stop::Refused)
}

fn expectation(want: Want, in_list: bool) -> &'static str {
    match want {
        Want::Value | Want::FirstItem => "a value is needed here",
        Want::FirstKey => "a key in double quotes or `}` is needed here",
        Want::Key => "a key in double quotes is needed here, for a comma stands in front",
        Want::Next if in_list => "`,` or `]` is needed here",
        Want::Next => "`,` or `}` is needed here",
        Want::Nothing => "nothing may follow the end",
    }
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes on by so many bytes.
    fn bump(&mut self, bytes: usize) -> Span {
        let start = self.position;
        let end = self.at + bytes;
        self.position = start.after(&self.text[self.at..end]);
        self.at = end;
        Span { start, end: self.position }
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        let space = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        self.bump(space);
    }

    fn not_json(&self, message: &str) -> Stop {
        Stop::NotJson(Problem::new(self.position, format!("this is no JSON: {message}")))
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self, builder: &mut Builder<'_>, start: Position) -> Result<(), Stop> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))
            .unwrap_or(rest.len());
        let word = &rest[..length];
        if !(matches!(word, "true" | "false" | "null") || is_number(word)) {
            return Err(self.not_json("a value is needed here: a text in double quotes, a number, `true`, `false`, `null`, a list or a map"));
        }
        let end = self.bump(length).end;
        builder.scalar(word, Style::Json, Span { start, end }, None).map_err(Stop::Refused)
    }

    /// A text, which is a key if the builder wants one.
    fn string(&mut self, builder: &mut Builder<'_>) -> Result<(), Stop> {
        let start = self.position;
        self.bump(1);
        let mut text = Cow::Borrowed("");
        loop {
            let rest = self.rest();
            let run = rest
                .find(|c: char| matches!(c, '"' | '\\' | '\0'..='\u{1F}'))
                .unwrap_or(rest.len());
            if text.is_empty() {
                text = Cow::Borrowed(&rest[..run]);
            } else {
                text.to_mut().push_str(&rest[..run]);
            }
            self.bump(run);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => text.to_mut().push(self.escape()?),
                Some(_) => return Err(self.not_json("a line break, tab or control character in a text; write it as an escape such as `\\n`")),
                None => return Err(Stop::NotJson(Problem::new(start, "this is no JSON: the text that begins here has no end; a `\"` is needed"))),
            }
        }
        let end = self.bump(1).end;
        builder.scalar(&text, Style::Quoted, Span { start, end }, None).map_err(Stop::Refused)
    }

    fn escape(&mut self) -> Result<char, Stop> {
        let found = match self.text.as_bytes().get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code(),
            _ => {
                return Err(
                    self.not_json("an escape that JSON does not know; write a backslash as `\\\\`")
                );
            }
        };
        self.bump(2);
        Ok(found)
    }

    /// `\uXXXX`, or two of them that stand for one character.
    fn code(&mut self) -> Result<char, Stop> {
        let unit = |at: usize| {
            let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
            digits
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit())
                .then(|| u16::from_str_radix(digits, 16).ok())?
        };
        let units = [unit(self.at), unit(self.at + 6)];
        let (bytes, units) = match units {
            [Some(high @ 0xD800..=0xDBFF), Some(low)] => (12, vec![high, low]),
            [Some(one), _] => (6, vec![one]),
            [None, _] => {
                return Err(self.not_json("four hexadecimal digits are needed behind `\\u`"));
            }
        };
        let Some(Ok(found)) = char::decode_utf16(units).next() else {
            return Err(
                self.not_json("half of a pair of surrogates; write both, or the character itself")
            );
        };
        self.bump(bytes);
        Ok(found)
    }
}

fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let word = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match word.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (word, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent
            .is_none_or(|exponent| digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)))
}
