//! What a scalar means that was not quoted: YAML 1.1's rules, which CloudFormation reads by, and JSON's.
//!
//! Dates and times are texts in CloudFormation, and so they are in here; single letters such as `y` too.

use super::tree::Style;

/// What a scalar means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'t> {
    /// Nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction, or a whole one beyond 64 bits.
    Number(f64),
    /// A text.
    Text(&'t str),
}

pub(super) fn resolve(text: &str, style: Style) -> Scalar<'_> {
    match style {
        Style::Quoted | Style::Block => Scalar::Text(text),
        Style::Plain => word(text).or_else(|| yaml_number(text)).unwrap_or(Scalar::Text(text)),
        Style::Json => word(text).or_else(|| decimal(text)).unwrap_or(Scalar::Text(text)),
    }
}

fn word(text: &str) -> Option<Scalar<'_>> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Scalar::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Scalar::Bool(false)
        }
        ".nan" | ".NaN" | ".NAN" => Scalar::Number(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Number(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Number(f64::NEG_INFINITY),
        _ => return None,
    })
}

/// A number as Rust reads it too.
fn decimal(text: &str) -> Option<Scalar<'_>> {
    if let Ok(number) = text.parse() {
        return Some(Scalar::Integer(number));
    }
    text.parse().ok().map(Scalar::Number)
}

fn yaml_number(text: &str) -> Option<Scalar<'_>> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let first = digits.bytes().next()?;
    let signed = digits.len() < text.len();
    if !(first.is_ascii_digit() || first == b'.' && !signed) {
        return None;
    }
    let plain: String = digits.chars().filter(|&c| c != '_').collect();
    let found = if digits.contains(':') {
        sexagesimal(digits, &plain)?
    } else if let Some(hexadecimal) = plain.strip_prefix("0x") {
        radix(hexadecimal, 16)?
    } else if let Some(binary) = plain.strip_prefix("0b") {
        radix(binary, 2)?
    } else if digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
        match plain.strip_prefix('0') {
            Some(octal) if digits.len() > 1 => {
                radix(if octal.is_empty() { "0" } else { octal }, 8)?
            }
            _ => Magnitude::Whole(plain.parse().ok(), plain.parse().ok()?),
        }
    } else if is_float(digits) {
        Magnitude::Fraction(plain.parse().ok()?)
    } else {
        return None;
    };
    Some(found.signed(text.starts_with('-')))
}

/// A number without its sign.
enum Magnitude {
    /// As far as it fits, and as a float.
    Whole(Option<i128>, f64),
    Fraction(f64),
}

impl Magnitude {
    fn signed(self, negative: bool) -> Scalar<'static> {
        let sign = if negative { -1.0 } else { 1.0 };
        match self {
            Magnitude::Whole(whole, float) => {
                let signed = whole.map(|number| if negative { -number } else { number });
                signed
                    .and_then(|number| i64::try_from(number).ok())
                    .map_or(Scalar::Number(sign * float), Scalar::Integer)
            }
            Magnitude::Fraction(float) => Scalar::Number(sign * float),
        }
    }
}

fn radix(digits: &str, base: u32) -> Option<Magnitude> {
    let value = |sum: f64, digit: u32| sum * f64::from(base) + f64::from(digit);
    let float =
        digits.chars().try_fold(0.0, |sum, c| c.to_digit(base).map(|digit| value(sum, digit)))?;
    (!digits.is_empty()).then(|| Magnitude::Whole(i128::from_str_radix(digits, base).ok(), float))
}

/// `190:20:30` and `190:20:30.15`.
fn sexagesimal(digits: &str, plain: &str) -> Option<Magnitude> {
    let (whole, fraction) = match plain.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (plain, None),
    };
    let parts: Vec<&str> = whole.split(':').collect();
    let fits = |part: &&str| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    let leading = digits
        .split(':')
        .next()
        .unwrap_or_default()
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'_');
    let separated = digits
        .split(':')
        .skip(1)
        .any(|part| part.split('.').next().is_some_and(|part| part.contains('_')));
    if parts.len() < 2 || !parts[1..].iter().all(fits) || !leading || separated {
        return None;
    }
    let total = parts
        .iter()
        .try_fold(0_i128, |total, part| total.checked_mul(60)?.checked_add(part.parse().ok()?))?;
    #[allow(clippy::cast_precision_loss, reason = "a fraction of it is asked for as a float")]
    let float = total as f64;
    match fraction {
        None if digits.starts_with('0') => None,
        None => Some(Magnitude::Whole(Some(total), float)),
        Some(fraction) if fraction.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(Magnitude::Fraction(float + format!("0.{fraction}0").parse::<f64>().ok()?))
        }
        Some(_) => None,
    }
}

/// `1.`, `1.5`, `.5`, `1.5e+3`: a dot, and an exponent only with its sign.
fn is_float(digits: &str) -> bool {
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let numeral = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let Some((whole, fraction)) = mantissa.split_once('.') else {
        return false;
    };
    let starts = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    numeral(whole)
        && numeral(fraction)
        && exponent_fits
        && if whole.is_empty() { starts(fraction) } else { starts(whole) }
}
