//! Inputs that try to break the reader: each is refused with one clear message, quickly.

use std::time::{Duration, Instant};

use formwork::read::{self, Limits};

/// Name, input, and how the first problem begins.
type Case = (&'static str, Vec<u8>, &'static str);

fn cases() -> Vec<Case> {
    let nested = |open: &str, close: &str, levels| {
        format!("a: {}x{}\n", open.repeat(levels), close.repeat(levels))
    };
    let block = |levels: usize| {
        (0..levels).fold(String::new(), |text, level| text + &" ".repeat(level) + "a:\n")
    };
    let bomb = (1..10).fold("a0: &a0 [x]\n".to_owned(), |text, level| {
        text + &format!(
            "a{level}: &a{level} [{}]\n",
            vec![format!("*a{}", level - 1); 10].join(", ")
        )
    });
    vec![
        ("nothing", b"".to_vec(), "1:1: the input is empty"),
        ("spaces and line breaks", b" \n\t\r\n ".to_vec(), "1:1: the input is empty"),
        ("a byte order mark alone", b"\xEF\xBB\xBF".to_vec(), "1:1: the input is empty"),
        (
            "100 MB",
            vec![b'a'; 100_000_000],
            "1:1: the input has 100000000 bytes; at most 60000000 are read",
        ),
        ("not UTF-8", b"a: b\nc: \xC3\xA9\xFF\n".to_vec(), "2:5: a byte that is not UTF-8"),
        ("cut UTF-8", b"a: \xF0\x9F\x98".to_vec(), "1:4: a byte that is not UTF-8"),
        ("UTF-16", b"\xFF\xFEa\0:\0 \0b\0".to_vec(), "1:1: the input is UTF-16"),
        ("a zero", b"a: b\0c\n".to_vec(), "1:5: the control character U+0000"),
        ("an escape sequence", b"a: \"\x1B[31m\"\n".to_vec(), "1:5: the control character U+001B"),
        (
            "10,000 lists",
            nested("[", "]", 10_000).into_bytes(),
            "1:259: lists, maps and intrinsics",
        ),
        ("10,000 maps", nested("{b: ", "}", 10_000).into_bytes(), "1:"),
        ("250 lists", nested("[", "]", 250).into_bytes(), "1:203: lists, maps and intrinsics"),
        (
            "10,000 levels of blocks",
            block(10_000).into_bytes(),
            "201:201: lists, maps and intrinsics",
        ),
        (
            "10,000 items in items",
            "- ".repeat(10_000).into_bytes(),
            "1:401: lists, maps and intrinsics",
        ),
        (
            "10,000 lists of JSON",
            "[".repeat(10_000).into_bytes(),
            "1:201: lists, maps and intrinsics",
        ),
        (
            "10,000 maps of JSON",
            r#"{"a":"#.repeat(10_000).into_bytes(),
            "1:1001: lists, maps and intrinsics",
        ),
        ("101 nested intrinsics", nested("!Not [", "]", 101).into_bytes(), "1:"),
        ("an alias bomb", bomb.into_bytes(), "1:5: an anchor"),
        (
            "2,000,000 values",
            "- a\n".repeat(2_000_000).into_bytes(),
            "1000000:3: more than 1000000 keys and values",
        ),
        (
            "2,000,000 values of JSON",
            format!("[{}1]", "1,".repeat(2_000_000)).into_bytes(),
            "1:2000000: more than 1000000",
        ),
        (
            "100,000 times a key",
            "a: 1\n".repeat(100_000).into_bytes(),
            "2:1: the key `a` is already on line 1",
        ),
        (
            "a long key twice",
            format!("{0}: 1\n{0}: 2\n", "k".repeat(500)).into_bytes(),
            "2:1: the key `kkkkkkkkkk",
        ),
        (
            "a long tag",
            format!("a: !{} x\n", "T".repeat(1_000_000)).into_bytes(),
            "1:4: the tag `!TTTT",
        ),
        (
            "a long attribute",
            format!("a: !GetAtt {}\n", "x".repeat(1_000_000)).into_bytes(),
            "1:4: `!GetAtt xxx",
        ),
        ("1,000,000 tabs", "\t".repeat(1_000_000).into_bytes(), "1:1: the input is empty"),
        (
            "1,000,000 question marks",
            "? ".repeat(1_000_000).into_bytes(),
            "1:3: a list or map as a key",
        ),
        ("1,000,000 tags", "!Ref ".repeat(200_000).into_bytes(), "1:6: a tag behind a tag"),
        ("1,000,000 open quotes", "\"\n".repeat(1_000_001).into_bytes(), "3:1: something follows"),
        (
            "a line of 9 MB",
            format!("a: [{}", "b ".repeat(4_500_000)).into_bytes(),
            "2:1: this is no YAML",
        ),
    ]
}

#[test]
fn every_hostile_input_is_refused_clearly() {
    // 10,000 levels of blocks are 50 MB of indentation.
    let limits = Limits { bytes: 60_000_000, ..Limits::default() };
    for (name, input, expected) in cases() {
        let start = Instant::now();
        let result = read::parse_within(&input, &limits);
        let took = start.elapsed();
        let problems = result.err().unwrap_or_else(|| panic!("{name}: it was read"));
        let first = problems.list()[0].to_string();
        assert!(first.starts_with(expected), "{name}: expected `{expected}…`, found `{first}`");
        assert!(first.len() < 400, "{name}: a message of {} bytes", first.len());
        assert!(problems.list().len() <= 100, "{name}: {} problems", problems.list().len());
        println!("{name}: {took:?}");
        assert!(took < Duration::from_secs(20), "{name}: it took {took:?}");
    }
}

#[test]
fn the_limits_are_the_callers() {
    let within = |bytes, nodes, depth, source: &str| {
        read::parse_within(source.as_bytes(), &Limits { bytes, nodes, depth })
    };
    assert!(within(8, 4, 2, "a: [b]\n\n").is_ok());
    assert!(within(7, 4, 2, "a: [b]\n\n").is_err());
    assert!(within(8, 3, 2, "a: [b]\n\n").is_err());
    assert!(within(8, 4, 1, "a: [b]\n\n").is_err());
    let problem =
        within(100, 100, 2, "a: !Not [b]\n").expect_err("an intrinsic counts as a map").to_string();
    assert_eq!(
        problem,
        "1:4: lists, maps and intrinsics stand in each other more than 2 deep; no more is read: flatten them"
    );
    assert!(within(100, 100, 2, "a: !GetAtt b.c\n").is_err(), "an attribute is a map and a list");
    assert!(within(100, 100, 3, "a: !GetAtt b.c\n").is_ok());
    let deep = "- ".repeat(100_000);
    let problem =
        within(usize::MAX, usize::MAX, usize::MAX, &deep).expect_err("a thousand is the most");
    assert!(problem.to_string().contains("more than 1000 deep"), "{problem}");
    let deep = "- ".repeat(999) + "x";
    assert!(within(usize::MAX, usize::MAX, 1_000, &deep).is_ok());
}
