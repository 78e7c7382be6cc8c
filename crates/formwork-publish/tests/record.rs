//! The release record: its committed schema is what the types say.

#![allow(missing_docs, reason = "a test")]

/// Run with `INSTA_UPDATE=always` to accept a change.
#[cfg(feature = "schema")]
#[test]
fn the_committed_schema_is_current() {
    use formwork_publish::record::Record;
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(Record)).unwrap() + "\n";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("release.schema.json");
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        std::fs::write(&path, &schema).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, schema, "{} is stale", path.display());
}

#[test]
fn dates_are_those_of_the_calendar() {
    use formwork_publish::releases::utc;
    let cases = [
        (0, "1970-01-01 00:00"),
        (951_782_399, "2000-02-28 23:59"),
        (951_782_400, "2000-02-29 00:00"),
        (1_709_164_800, "2024-02-29 00:00"),
        (1_735_689_599, "2024-12-31 23:59"),
        (4_107_542_400, "2100-03-01 00:00"),
        (-1, "1969-12-31 23:59"),
    ];
    for (seconds, date) in cases {
        assert_eq!(utc(seconds), date, "{seconds}");
    }
}

#[test]
fn sizes_are_short_and_exact() {
    use formwork_publish::progress::size;
    let cases = [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1.0 KiB"),
        (1_572_864, "1.5 MiB"),
        (1_048_575, "1023.9 KiB"),
        (1 << 40, "1.0 TiB"),
    ];
    for (bytes, text) in cases {
        assert_eq!(size(bytes), text, "{bytes}");
    }
}

#[test]
fn urls_of_objects_are_read_in_every_form_of_aws() {
    use formwork_publish::url::ObjectUrl;
    let cases = [
        ("https://b.s3.amazonaws.com/t/k.yaml", Some(("b", "t/k.yaml"))),
        ("https://b.s3.eu-south-1.amazonaws.com/k", Some(("b", "k"))),
        ("https://b.s3-eu-west-1.amazonaws.com/k", Some(("b", "k"))),
        ("https://s3.amazonaws.com/b/t/k", Some(("b", "t/k"))),
        ("https://s3.eu-west-1.amazonaws.com/b/k", Some(("b", "k"))),
        ("https://b.s3.cn-north-1.amazonaws.com.cn/k", Some(("b", "k"))),
        ("http://b.s3.amazonaws.com/k", None),
        ("https://b.s3.amazonaws.com/", None),
        ("https://example.com/k", None),
    ];
    for (url, parts) in cases {
        let read = ObjectUrl::parse(url);
        let read = read.as_ref().map(|url| (url.bucket.as_str(), url.key.as_str()));
        assert_eq!(read, parts, "{url}");
    }
}
