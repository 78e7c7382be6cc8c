//! How one scalar is spelled so that every reader takes it for what it was.
//!
//! Nothing in here knows about indentation of what is around; a literal block is given its own. Plain
//! spelling is only chosen for text that starts like a word, so YAML 1.1's grammar of numbers, dates and
//! times needs no copy in here: whatever starts with a digit, sign or dot is quoted.

/// How a text is written in YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As it is.
    Plain,
    /// Between `'`.
    Single,
    /// Between `"`, with escapes.
    Double,
    /// As a block after `|`.
    Literal,
}

const COLON: u8 = 1;
const HASH: u8 = 2;
const DOUBLE: u8 = 4;
const SINGLE: u8 = 8;
const BREAK: u8 = 16;
const TAB: u8 = 32;
const CONTROL: u8 = 64;
const WIDE: u8 = 128;

/// What each byte may mean for the spelling of the text that it stands in; 0 for a harmless one.
const CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte {
            0x0A => BREAK,
            0x09 => TAB,
            0x00..0x20 | 0x7F => CONTROL,
            0x22 | 0x5C => DOUBLE,
            0x27 => SINGLE,
            0x23 => HASH,
            0x3A => COLON,
            0x80.. => WIDE,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// Words that some reader takes for a boolean, a null or a number.
const WORDS: [&str; 13] =
    ["y", "n", "no", "on", "yes", "off", "nan", "inf", "nil", "true", "null", "none", "false"];
const LONG_WORD: &str = "infinity";

/// The spelling of a text that stands on its own; a key cannot be [`Spelling::Literal`].
pub(super) fn spelling(text: &str, key: bool) -> Spelling {
    let class = text.bytes().fold(0, |class, byte| class | CLASS[usize::from(byte)]);
    if class & (CONTROL | BREAK | TAB | WIDE) != 0 {
        if class & BREAK != 0 && !key && class & CONTROL == 0 && is_block(text) {
            return Spelling::Literal;
        }
        if class & (CONTROL | BREAK | TAB) != 0 || !text.chars().all(is_shown) {
            return Spelling::Double;
        }
    }
    if is_word_like(text) && (class & (COLON | HASH) == 0 || !has_indicator(text)) {
        Spelling::Plain
    } else if class & DOUBLE != 0 && class & SINGLE == 0 {
        Spelling::Single
    } else {
        Spelling::Double
    }
}

/// Whether it starts with a letter, `/` or `$`, ends in no space or colon, and is no word with a meaning.
fn is_word_like(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    (first.is_ascii_alphabetic() || matches!(first, b'/' | b'$'))
        && !matches!(last, b' ' | b':')
        && !(bytes.len() <= 5 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)))
        && !text.eq_ignore_ascii_case(LONG_WORD)
}

/// Whether a `:` or `#` stands where YAML gives it a meaning.
fn has_indicator(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| matches!(pair, b": " | b" #"))
}

/// Whether a literal block brings the text back in every reader.
fn is_block(text: &str) -> bool {
    !text.starts_with(['\n', ' ', '\t'])
        && !text
            .split('\n')
            .any(|line| !line.is_empty() && line.bytes().all(|byte| matches!(byte, b' ' | b'\t')))
        && (text.is_ascii() || text.chars().all(|c| matches!(c, '\n' | '\t') || is_shown(c)))
}

/// Whether a character may be written as it is: one that is seen and that no YAML reader refuses.
/// Left out are the controls, the spaces and direction marks that nobody sees, the private ones, and
/// everything beyond U+FFFF, which older Java readers refuse.
pub(super) fn is_shown(c: char) -> bool {
    matches!(c,
        ' '..='~'
        | '\u{A1}'..='\u{AC}'
        | '\u{AE}'..='\u{61B}'
        | '\u{61D}'..='\u{115E}'
        | '\u{1161}'..='\u{180A}'
        | '\u{180F}'..='\u{1FFF}'
        | '\u{2010}'..='\u{2027}'
        | '\u{2030}'..='\u{205E}'
        | '\u{2070}'..='\u{3163}'
        | '\u{3165}'..='\u{D7FF}')
}

/// Writes a text between `'`.
pub(super) fn single_quoted(out: &mut String, text: &str) {
    out.push('\'');
    out.push_str(text);
    out.push('\'');
}

/// Writes a text between `"` with YAML's escapes.
pub(super) fn double_quoted(out: &mut String, text: &str) {
    out.push('"');
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        if is_shown(c) && !matches!(c, '"' | '\\') {
            continue;
        }
        out.push_str(&text[copied..at]);
        copied = at + c.len_utf8();
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{FF}' => escape(out, 'x', u32::from(c), 2),
            '\u{100}'..='\u{FFFF}' => escape(out, 'u', u32::from(c), 4),
            _ => escape(out, 'U', u32::from(c), 8),
        }
    }
    out.push_str(&text[copied..]);
    out.push('"');
}

/// Writes a text as a JSON string. What nobody sees is escaped as in YAML.
pub(super) fn json_string(out: &mut String, text: &str) {
    out.push('"');
    let class = text.bytes().fold(0, |class, byte| class | CLASS[usize::from(byte)]);
    if class & (DOUBLE | BREAK | TAB | CONTROL | WIDE) == 0 {
        out.push_str(text);
        out.push('"');
        return;
    }
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        if (is_shown(c) && !matches!(c, '"' | '\\')) || c > '\u{FFFF}' {
            continue;
        }
        out.push_str(&text[copied..at]);
        copied = at + c.len_utf8();
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ => escape(out, 'u', u32::from(c), 4),
        }
    }
    out.push_str(&text[copied..]);
    out.push('"');
}

fn escape(out: &mut String, letter: char, code: u32, digits: u32) {
    out.push('\\');
    out.push(letter);
    for digit in (0..digits).rev() {
        let value = (code >> (4 * digit)) & 0xF;
        out.push(char::from_digit(value, 16).unwrap_or('0').to_ascii_uppercase());
    }
}

/// Writes a text that [`is_block`] as a literal block whose lines start after `indent` spaces, without
/// the line break before what follows.
pub(super) fn literal(out: &mut String, text: &str, indent: usize) {
    let body = text.trim_end_matches('\n');
    out.push('|');
    match text.len() - body.len() {
        0 => out.push('-'),
        1 => {}
        _ => out.push('+'),
    }
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            spaces(out, indent);
            out.push_str(line);
        }
    }
    out.push_str(text[body.len()..].get(1..).unwrap_or_default());
}

/// Writes `count` spaces.
pub(super) fn spaces(out: &mut String, count: usize) {
    const SPACES: &str = "                                ";
    let mut left = count;
    while left > SPACES.len() {
        out.push_str(SPACES);
        left -= SPACES.len();
    }
    out.push_str(&SPACES[..left]);
}

/// Writes a whole number.
pub(super) fn integer(out: &mut String, number: i64) {
    if number < 0 {
        out.push('-');
    }
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut left = number.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(left % 10).unwrap_or_default();
        left /= 10;
        if left == 0 {
            break;
        }
    }
    digits[at..].iter().for_each(|&digit| out.push(char::from(digit)));
}

/// Writes a finite number with the fewest digits that bring it back. YAML 1.1 takes an exponent only
/// after a fraction and with a sign, so very large and very small numbers are written like `1.0e+300`;
/// all others without an exponent, whole ones without a fraction.
pub(super) fn number(out: &mut String, number: f64) {
    use std::fmt::Write;
    let magnitude = number.abs();
    if number == 0.0 {
        out.push('0');
    } else if (1e-7..1e16).contains(&magnitude) {
        write!(out, "{number}").unwrap_or_default();
    } else {
        let short = format!("{number:e}");
        let (digits, exponent) = short.split_once('e').unwrap_or((&short, "0"));
        out.push_str(digits);
        if !digits.contains('.') {
            out.push_str(".0");
        }
        out.push('e');
        if !exponent.starts_with('-') {
            out.push('+');
        }
        out.push_str(exponent);
    }
}
