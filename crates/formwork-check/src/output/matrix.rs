//! The table of resource types by region, for people. Looks at no template: `regions::matrix` does.

use std::fmt::Write as _;

use crate::regions::{Availability, Matrix};

/// One line a type, one column a region, and below it what the cells mean.
#[must_use]
pub fn write(matrix: &Matrix) -> String {
    let Some(regions) = matrix.values().next() else {
        return "no template makes a type of which the regions are known\n".to_owned();
    };
    let codes: Vec<String> = regions.iter().map(|(region, _)| short(region)).collect();
    let widest = matrix.keys().map(String::len).max().unwrap_or_default();
    let mut text = format!("{:widest$}", "type");
    for code in &codes {
        // Writing into a `String` cannot fail.
        let _ = write!(text, "  {code}");
    }
    text.push('\n');
    for (kind, cells) in matrix {
        let _ = write!(text, "{kind:widest$}");
        for ((_, availability), code) in cells.iter().zip(&codes) {
            let width = code.len();
            let _ = write!(text, "  {:width$}", cell(*availability));
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    let names: Vec<String> =
        regions.iter().zip(&codes).map(|((region, _), code)| format!("{code} {region}")).collect();
    let _ = writeln!(text, "\n{}", names.join(", "));
    text + "yes: it is there; NO: it is missing; -: no resource of it is made there; ?: nothing is known\n"
}

const fn cell(availability: Availability) -> &'static str {
    match availability {
        Availability::There => "yes",
        Availability::Missing => "NO",
        Availability::Unused => "-",
        Availability::Unknown => "?",
    }
}

/// A region's code as in the ids of its zones: `apse1` for `ap-southeast-1`.
fn short(region: &str) -> String {
    let part = |part: &str| match part {
        "northeast" => "ne".to_owned(),
        "northwest" => "nw".to_owned(),
        "southeast" => "se".to_owned(),
        "southwest" => "sw".to_owned(),
        "north" | "south" | "east" | "west" | "central" | "gov" => part[..1].to_owned(),
        part => part.to_owned(),
    };
    region.split('-').map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_short_and_differ() {
        for (region, code) in [
            ("us-east-1", "use1"),
            ("ap-southeast-1", "apse1"),
            ("ap-south-1", "aps1"),
            ("us-gov-west-1", "usgw1"),
            ("moon", "moon"),
        ] {
            assert_eq!(short(region), code);
        }
    }

    #[test]
    fn each_type_has_a_line() {
        let row = |cells: [Availability; 2]| {
            ["us-east-1", "eu-south-2"].map(str::to_owned).into_iter().zip(cells).collect()
        };
        let matrix: Matrix = [
            ("AWS::Amplify::App".to_owned(), row([Availability::There, Availability::Missing])),
            ("AWS::S3::Bucket".to_owned(), row([Availability::Unknown, Availability::Unused])),
        ]
        .into();
        let text = write(&matrix);
        let lines: Vec<&str> = text.lines().take(3).collect();
        assert_eq!(
            lines,
            [
                "type               use1  eus2",
                "AWS::Amplify::App  yes   NO",
                "AWS::S3::Bucket    ?     -"
            ]
        );
        assert!(text.contains("use1 us-east-1, eus2 eu-south-2"), "{text}");
    }
}
