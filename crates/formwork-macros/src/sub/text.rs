//! The text of `sub!`, cut into literal text and places for values, with `format!`'s braces.

/// A part of the text.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// Literal text, its braces already single.
    Text(String),
    /// A place for a value.
    Slot(Slot),
}

/// Which value a place is for.
#[derive(Debug, PartialEq, Eq)]
pub enum Slot {
    /// `{}`: the next one.
    Next,
    /// `{0}`: the one at an index.
    Index(usize),
    /// `{name}`: a named argument, or the Rust variable of that name.
    Named(String),
}

/// The parts of the text, or what is wrong with it.
pub fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        literal.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("{{") {
            literal.push('{');
            rest = after;
        } else if let Some(after) = rest.strip_prefix("}}") {
            literal.push('}');
            rest = after;
        } else if rest.starts_with('}') {
            return Err("`}` without a `{` before it: write `}}` for a literal brace".to_owned());
        } else {
            let (inside, after) = inside(&rest[1..])?;
            if literal.ends_with('$') {
                return Err(cloudformation_spelling(inside));
            }
            if !literal.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut literal)));
            }
            pieces.push(Piece::Slot(slot(inside)?));
            rest = after;
        }
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    Ok(pieces)
}

/// What is between the braces, and what comes after them.
fn inside(rest: &str) -> Result<(&str, &str), String> {
    match rest.find(['{', '}']) {
        Some(end) if rest[end..].starts_with('}') => Ok((&rest[..end], &rest[end + 1..])),
        _ => Err("`{` without a `}` after it: write `{{` for a literal brace".to_owned()),
    }
}

fn slot(inside: &str) -> Result<Slot, String> {
    let inside = inside.trim();
    if inside.is_empty() {
        return Ok(Slot::Next);
    }
    if inside.bytes().all(|byte| byte.is_ascii_digit()) {
        return inside
            .parse()
            .map(Slot::Index)
            .map_err(|_| format!("`{{{inside}}}` is beyond all values"));
    }
    if is_name(inside) {
        return Ok(Slot::Named(inside.to_owned()));
    }
    match inside.split_once(':') {
        Some((name, spec))
            if !spec.starts_with(':') && (name.is_empty() || is_name(name) || is_number(name)) =>
        {
            Err(format!("`sub!` has no format specifications: write `{{{name}}}`"))
        }
        _ => Err(format!(
            "between braces is a name, a number or nothing: write `{{}}` and give `{inside}` as a value"
        )),
    }
}

fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && letters.all(|letter| letter == '_' || letter.is_alphanumeric())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What to write instead of `${Bucket}`, `${Bucket.Arn}`, `${AWS::Region}` or `${!Literal}`.
fn cloudformation_spelling(inside: &str) -> String {
    let literal = inside.strip_prefix('!').unwrap_or(inside);
    let cure = match inside.strip_prefix("AWS::") {
        Some(pseudo) => {
            format!("write `{{}}` with the value `pseudo::{}`", snake_case(pseudo).to_uppercase())
        }
        None if inside.starts_with('!') => {
            return format!(
                "`${{{inside}}}` is CloudFormation's spelling: write `${{{{{literal}}}}}` for the literal text"
            );
        }
        None => match inside.split_once('.') {
            _ if is_name(inside) => format!("drop the `$` and write `{{{}}}`", snake_case(inside)),
            Some((name, attribute)) if is_name(name) && is_name(attribute) => {
                format!(
                    "write `{{}}` with the value `{}.{}()`",
                    snake_case(name),
                    snake_case(attribute)
                )
            }
            _ => "drop the `$` and write `{}` with a value".to_owned(),
        },
    };
    format!(
        "`${{{inside}}}` is CloudFormation's spelling: {cure}, or `${{{{{literal}}}}}` for the literal text"
    )
}

/// `DomainArn` as Rust spells it, `domain_arn`; `AccountId` and `URLSuffix` too.
fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    for (index, letter) in letters.iter().enumerate() {
        let after_lower =
            index > 0 && !letters[index - 1].is_uppercase() && letters[index - 1] != '_';
        let before_lower =
            index > 0 && letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (after_lower || before_lower && letters[index - 1] != '_') {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::pieces;

    /// The pieces in one line: literal text in quotes, places in braces.
    fn shown(text: &str) -> String {
        match pieces(text) {
            Err(message) => format!("error: {message}"),
            Ok(pieces) => {
                let shown: Vec<String> = pieces.iter().map(|piece| format!("{piece:?}")).collect();
                shown.join(" ")
            }
        }
    }

    #[test]
    fn texts() {
        let cases = [
            ("", ""),
            ("plain", r#"Text("plain")"#),
            ("{}", "Slot(Next)"),
            ("a-{}-{b}{0}", r#"Text("a-") Slot(Next) Text("-") Slot(Named("b")) Slot(Index(0))"#),
            ("{{}}", r#"Text("{}")"#),
            ("${{Literal}}", r#"Text("${Literal}")"#),
            ("{{{}}}", r#"Text("{") Slot(Next) Text("}")"#),
            ("ü{ name }é", r#"Text("ü") Slot(Named("name")) Text("é")"#),
            ("{", "error: `{` without a `}` after it: write `{{` for a literal brace"),
            ("{a{b}", "error: `{` without a `}` after it: write `{{` for a literal brace"),
            ("}", "error: `}` without a `{` before it: write `}}` for a literal brace"),
            ("a}}}", "error: `}` without a `{` before it: write `}}` for a literal brace"),
            ("{:?}", "error: `sub!` has no format specifications: write `{}`"),
            ("{x:>3}", "error: `sub!` has no format specifications: write `{x}`"),
            ("{0:04}", "error: `sub!` has no format specifications: write `{0}`"),
            ("{99999999999999999999}", "error: `{99999999999999999999}` is beyond all values"),
            (
                "{vpc.arn()}",
                "error: between braces is a name, a number or nothing: write `{}` and give `vpc.arn()` as a value",
            ),
            (
                "${Bucket}/x",
                "error: `${Bucket}` is CloudFormation's spelling: drop the `$` and write `{bucket}`, or `${{Bucket}}` for the literal text",
            ),
            (
                "${AWS::URLSuffix}",
                "error: `${AWS::URLSuffix}` is CloudFormation's spelling: write `{}` with the value `pseudo::URL_SUFFIX`, or `${{AWS::URLSuffix}}` for the literal text",
            ),
            (
                "${DataBucket.Arn}",
                "error: `${DataBucket.Arn}` is CloudFormation's spelling: write `{}` with the value `data_bucket.arn()`, or `${{DataBucket.Arn}}` for the literal text",
            ),
            (
                "${!Name}",
                "error: `${!Name}` is CloudFormation's spelling: write `${{Name}}` for the literal text",
            ),
            (
                "${}",
                "error: `${}` is CloudFormation's spelling: drop the `$` and write `{}` with a value, or `${{}}` for the literal text",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
