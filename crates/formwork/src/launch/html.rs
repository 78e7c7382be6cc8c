//! Launch links as a page of HTML: accessible, light and dark, without a script.

use std::fmt::Write as _;

use super::{LaunchBranch, LaunchPage, LaunchRegion};

const HEAD: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Launch Stack</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
table { width: 100%; border-collapse: collapse; margin-bottom: 2.5rem }
th, td { padding: .45rem .6rem; text-align: left; border-bottom: 1px solid #8886 }
td:last-child, th:last-child { text-align: right }
code { font-size: .95em }
a.launch { display: inline-block; padding: .2rem .8rem; border-radius: .3rem; background: #0b5cad; color: #fff; text-decoration: none; white-space: nowrap }
a.launch:hover, a.launch:focus-visible { background: #083f78; outline: 2px solid currentColor; outline-offset: 2px }
</style>
<h1>Launch Stack</h1>
<p>Choose your region. The link opens AWS CloudFormation in your own account with everything filled in; nothing is created before you confirm.</p>
"#;

pub(super) fn render(
    page: &LaunchPage,
    branches: &[LaunchBranch],
    regions: &[LaunchRegion],
) -> String {
    let mut text = HEAD.to_owned();
    for branch in branches {
        let name = escaped(branch.name);
        let _ = write!(
            text,
            "<h2 id=\"{name}\">From the <code>{name}</code> branch</h2>\n<table aria-labelledby=\"{name}\">\n\
             <tr><th scope=\"col\">Region name<th scope=\"col\">Region code<th scope=\"col\">Launch\n"
        );
        for region in regions {
            let url = escaped(&page.link(branch, region).url);
            let (region_name, code) = (escaped(region.name), escaped(region.code));
            let _ = writeln!(
                text,
                "<tr><td>{region_name}<td><code>{code}</code><td><a class=\"launch\" href=\"{url}\" \
                 aria-label=\"Launch Stack in {region_name} from {name}\">Launch Stack</a>"
            );
        }
        text.push_str("</table>\n");
    }
    text.push_str("</html>\n");
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
