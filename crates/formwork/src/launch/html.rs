//! Launch links as a page of HTML: accessible, light and dark, readable at 320 pixels and on paper.
//!
//! It stands alone: it never holds a script and never loads anything.

use std::fmt::Write as _;

use super::{LaunchBranch, LaunchPage, LaunchRegion};

const STYLE: &str = include_str!("page.css");

pub(super) fn render(
    page: &LaunchPage,
    branches: &[LaunchBranch],
    regions: &[LaunchRegion],
) -> String {
    let mut text = head(page);
    if branches.len() > 1 {
        text.push_str("<nav aria-label=\"Branches\">\n");
        for branch in branches {
            let name = escaped(branch.name);
            let _ = writeln!(text, "<a href=\"#from-{name}\">From <code>{name}</code></a>");
        }
        text.push_str("</nav>\n");
    }
    text.push_str(&explanation(page));
    for branch in branches {
        let name = escaped(branch.name);
        let _ = writeln!(
            text,
            "<section aria-labelledby=\"from-{name}\">\n\
             <h2 id=\"from-{name}\">From the <code>{name}</code> branch</h2>"
        );
        text.push_str(&filled_in(page, branch));
        text.push_str(&table(page, branch, regions));
        text.push_str(&terminal(page, branch, regions));
        text.push_str("</section>\n");
    }
    text.push_str("</main>\n</body>\n</html>\n");
    text
}

fn head(page: &LaunchPage) -> String {
    let stack = escaped(page.stack_name);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<title>Launch {stack}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Launch <code>{stack}</code></h1>\n\
         <p>Choose your region. The link opens AWS CloudFormation in your own account, \
         with everything filled in.</p>\n"
    )
}

/// What happens on a click, up to the moment at which something is made.
fn explanation(page: &LaunchPage) -> String {
    let mut text = "<h2>What a click does</h2>\n<ol>\n\
        <li>It opens the page <em>Quick create stack</em> in that region, in the account that you are signed in to; \
        if you are not signed in, AWS asks you to.</li>\n\
        <li>Template, stack name and the parameters listed below are filled in. You can change them; every other \
        parameter starts with the template's default.</li>\n"
        .to_owned();
    for capability in page.capabilities {
        let _ = writeln!(
            text,
            "<li>At the end of that page you acknowledge that {} (<code>{}</code>).</li>",
            acknowledged(capability),
            escaped(capability)
        );
    }
    text.push_str(
        "<li>Nothing is made before you choose <em>Create stack</em> there.</li>\n</ol>\n",
    );
    text
}

fn acknowledged(capability: &str) -> &'static str {
    match capability {
        "CAPABILITY_IAM" => "the stack may make IAM roles and policies",
        "CAPABILITY_NAMED_IAM" => "the stack may make IAM roles and policies with names of its own",
        "CAPABILITY_AUTO_EXPAND" => "macros may expand the template before it is launched",
        _ => "the stack needs this capability",
    }
}

fn filled_in(page: &LaunchPage, branch: &LaunchBranch) -> String {
    let mut text = "<dl>\n".to_owned();
    let mut row = |name: &str, value: &str| {
        let (name, value) = (escaped(name), escaped(value));
        let _ = writeln!(text, "<dt>{name}</dt><dd><code>{value}</code></dd>");
    };
    row("Template", &page.template_url(branch));
    row("Stack name", page.stack_name);
    for (name, value) in branch.parameters {
        row(name, value);
    }
    text.push_str("</dl>\n");
    text
}

/// A region's name and code share a cell, so that a narrow screen can put one below the other.
fn table(page: &LaunchPage, branch: &LaunchBranch, regions: &[LaunchRegion]) -> String {
    let from = escaped(branch.name);
    let mut text = format!(
        "<table>\n<caption>Launch <code>{from}</code> in a region</caption>\n\
         <thead><tr><th scope=\"col\">Region</th><th scope=\"col\">Launch</th></tr></thead>\n<tbody>\n"
    );
    for region in regions {
        let url = escaped(&page.link(branch, region).url);
        let (name, code) = (escaped(region.name), escaped(region.code));
        let _ = writeln!(
            text,
            "<tr><th scope=\"row\"><span>{name}</span> <code>{code}</code></th>\n<td><a class=\"launch\" href=\"{url}\" \
             aria-label=\"Launch Stack in {name} from {from}\">Launch Stack</a></td></tr>"
        );
    }
    text.push_str("</tbody>\n</table>\n");
    text
}

/// The command, for the first of the regions: one that can be pasted as it is, and changed to any other.
fn terminal(page: &LaunchPage, branch: &LaunchBranch, regions: &[LaunchRegion]) -> String {
    let Some(region) = regions.first() else { return String::new() };
    let (from, name) = (escaped(branch.name), escaped(region.name));
    format!(
        "<details>\n<summary>Launch <code>{from}</code> from a terminal instead</summary>\n\
         <p>The AWS CLI does the same without asking again: it acknowledges, and makes the stack at once. This is for \
         {name}; put the code of your region behind <code>--region</code>.</p>\n\
         <pre><code>{}</code></pre>\n</details>\n",
        escaped(&page.command(branch, region))
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{REGION, page_with};
    use super::{STYLE, render};

    /// The colours of a scheme: what stands between this and the next closing brace.
    fn colour(scheme: &str, name: &str) -> f64 {
        let (_, from) = STYLE.split_once(scheme).expect(scheme);
        let (block, _) = from.split_once('}').expect("a closing brace");
        let (_, value) = block.split_once(&format!("--{name}: #")).expect(name);
        let digits: String = value.chars().take_while(char::is_ascii_hexdigit).collect();
        let long = if digits.len() == 3 {
            digits.chars().flat_map(|digit| [digit, digit]).collect()
        } else {
            digits
        };
        let channel = |at: usize| {
            let value = u8::from_str_radix(&long[at..at + 2], 16).expect("two digits");
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
    }

    #[test]
    fn texts_stand_out_in_both_schemes() {
        for scheme in [":root {", "(prefers-color-scheme: dark) {\n  :root {"] {
            for (front, back) in
                [("text", "back"), ("text", "soft"), ("link", "back"), ("label", "link")]
            {
                let (front, back) = (colour(scheme, front), colour(scheme, back));
                let contrast = (front.max(back) + 0.05) / (front.min(back) + 0.05);
                assert!(contrast >= 4.5, "{scheme} {contrast}");
            }
        }
    }

    #[test]
    fn every_tag_is_closed_whatever_a_value_is() {
        let page = page_with(vec![("A", "</code><script>\"&"), ("B", "it's <b>")]);
        let html = render(&page, page.branches, &[REGION]);
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        let mut open = Vec::new();
        let (_, body) = html.split_once("</style>").expect("a style");
        for tag in body.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default()) {
            match tag.strip_prefix('/') {
                Some("head" | "html") => {}
                Some(name) => assert_eq!(open.pop(), Some(name), "{html}"),
                None => open.push(tag.split(' ').next().unwrap_or_default()),
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }
}
