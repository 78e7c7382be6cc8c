//! Launch links in a text of any kind: where they stand, and the parts that they are made of.
//!
//! It reads URLs and knows no markup. It never says whether a link is right; `check` does.

/// A launch link as a document has it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The line, counted from 1.
    pub(super) line: usize,
    /// The link, without the escapes of HTML and JSON.
    pub(super) url: String,
}

/// What `&`, `/` and the marks beside a URL are in HTML and in JSON. The ampersand comes last, so that nothing is read twice.
const ESCAPES: &[(&str, &str)] = &[
    ("\\/", "/"),
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#39;", "'"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("\\u0026", "&"),
    ("&#38;", "&"),
    ("&#x26;", "&"),
    ("&amp;", "&"),
];

/// The pages of the CloudFormation console that make a stack, as they begin behind the `#`: today's and those before.
const PAGES: &[&str] =
    &["stacks/quickcreate", "stacks/create", "stacks/new", "stack/new", "cstack="];

/// Every launch link of a text, in order.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut line = line.to_owned();
        for (escape, character) in ESCAPES {
            line = line.replace(escape, character);
        }
        for url in urls(&line).filter(|url| launches(url)) {
            found.push(Found { line: index + 1, url: url.to_owned() });
        }
    }
    found
}

/// The URLs of a line. One ends before what cannot stand in it or closes it in some markup, and before a sentence's end.
fn urls(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let middle = rest.find("://")?;
        let scheme = rest[..middle].bytes().rev().take_while(u8::is_ascii_alphabetic).count();
        let url = &rest[middle - scheme..];
        let end = url
            .find(|c: char| c.is_whitespace() || c.is_control() || "\"'<>`\\|{}()[]".contains(c));
        let (url, behind) = url.split_at(end.unwrap_or(url.len()));
        rest = behind;
        Some(url.trim_end_matches(['.', ',', ';', ':', '!', '?', '*']))
    })
}

/// Whether a URL opens a page of the CloudFormation console that makes a stack.
fn launches(url: &str) -> bool {
    let url = url.to_ascii_lowercase();
    url.split_once('#').is_some_and(|(before, fragment)| {
        let fragment = fragment.trim_start_matches('/');
        before.contains("/cloudformation") && PAGES.iter().any(|page| fragment.starts_with(page))
    })
}

/// The parts of a launch link, as they are written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    /// What stands before `://`.
    pub(super) scheme: &'a str,
    /// The host.
    pub(super) host: &'a str,
    /// The path.
    pub(super) path: &'a str,
    /// What stands between `?` and `#`.
    pub(super) query: &'a str,
    /// The page: what stands between `#` and the `?` behind it.
    pub(super) page: &'a str,
    /// The parameters of the page, names and values.
    pub(super) parameters: Vec<(&'a str, &'a str)>,
}

impl<'a> Parts<'a> {
    /// Takes a link apart. A part that is not there is empty.
    pub(super) fn of(url: &'a str) -> Self {
        let (scheme, rest) = split(url, "://");
        let (before, fragment) = split(rest, "#");
        let (location, query) = split(before, "?");
        let (host, _) = split(location, "/");
        let (page, parameters) = split(fragment, "?");
        let parameters = parameters.split('&').filter(|parameter| !parameter.is_empty());
        Parts {
            scheme,
            host,
            path: &location[host.len()..],
            query,
            page,
            parameters: parameters.map(|parameter| split(parameter, "=")).collect(),
        }
    }

    /// The region's code as the query has it; none if it has none.
    pub(super) fn region(&self) -> Option<&'a str> {
        self.query.split('&').find_map(|parameter| parameter.strip_prefix("region="))
    }

    /// The bucket that the template is in; none where the link does not say it as ours do.
    pub(super) fn bucket(&self) -> Option<String> {
        let named = |(name, _): &&(&str, &str)| name.eq_ignore_ascii_case("templateUrl");
        let (_, url) = self.parameters.iter().find(named)?;
        let url = decoded(url);
        let (host, _) = split(split(&url, "://").1, "/");
        host.split_once(".s3").map(|(bucket, _)| bucket.to_owned())
    }
}

/// What stands before and behind the first of these; all and nothing where it is not.
fn split<'a>(text: &'a str, at: &str) -> (&'a str, &'a str) {
    text.split_once(at).unwrap_or((text, ""))
}

/// A text without percent-encoding; what is no encoding stays as it is.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        if let Some(byte) = encoded_byte(rest) {
            bytes.push(byte);
            rest = &rest[3..];
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn encoded_byte(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(*high)? * 16 + digit(*low)?)
}

#[cfg(test)]
mod tests {
    use super::{Parts, decoded, find};

    const URL: &str = "https://r.console.aws.amazon.com/cloudformation/home?region=r#/stacks/quickcreate?templateUrl=a&stackName=b";

    #[test]
    fn links_are_found_in_any_markup() {
        let html = URL.replace('&', "&amp;");
        for text in [
            URL.to_owned(),
            format!(".. _name: {URL}\n"),
            format!("`Launch <{URL}>`_"),
            format!("`Launch <{URL}>`__, or"),
            format!("| EU | [Launch]({URL}) |"),
            format!("[![Launch](x.png)]({URL})"),
            format!("<{URL}>"),
            format!("see {URL}."),
            format!("**{URL}**"),
            format!("<a href=\"{html}\">"),
            format!("<a href='{html}'>"),
            format!("<a href={html}>"),
            format!("&lt;a href=&quot;{html}&quot;&gt;"),
            format!("{{\"url\":\"{URL}\",\"n\":1}}"),
            format!("{{\"url\":\"{}\"}}", URL.replace('/', "\\/").replace('&', "\\u0026")),
            format!("see https://example.com and {URL}, please"),
        ] {
            let found = find(&text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].url, URL, "{text}");
        }
    }

    #[test]
    fn other_links_are_none() {
        for text in [
            "",
            "://",
            "https://",
            "https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks",
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/quick-create.html#/stacks/quickcreate",
            "https://eu-west-1.console.aws.amazon.com/s3/home#/stacks/quickcreate?templateUrl=x",
            "é://é/cloudformation é#/stacks/quickcreate",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
        let older =
            "https://console.aws.amazon.com/cloudformation/home?region=r#cstack=sn~a|turl~b";
        assert_eq!(find(older).len(), 1, "the console's older page");
    }

    #[test]
    fn lines_are_counted_and_two_links_stand_in_one() {
        let text = format!("\r\n{URL} {URL}\r\n\n{URL}");
        assert_eq!(find(&text).iter().map(|found| found.line).collect::<Vec<_>>(), [2, 2, 4]);
    }

    #[test]
    fn parts_of_anything() {
        let parts = Parts::of(URL);
        assert_eq!((parts.host, parts.page), ("r.console.aws.amazon.com", "/stacks/quickcreate"));
        assert_eq!((parts.path, parts.region()), ("/cloudformation/home", Some("r")));
        assert_eq!(parts.parameters, [("templateUrl", "a"), ("stackName", "b")]);
        for broken in ["", "a", "#", "://?#?&=&", "https://é#é?é"] {
            let parts = Parts::of(broken);
            assert_eq!((parts.region(), parts.bucket()), (None, None), "{broken}");
        }
    }

    #[test]
    fn percent_encoding() {
        for (text, expected) in
            [("a%2Fb%2fc", "a/b/c"), ("%", "%"), ("%4", "%4"), ("%zz%é", "%zz%é"), ("%C3%A9", "é")]
        {
            assert_eq!(decoded(text), expected);
        }
    }
}
