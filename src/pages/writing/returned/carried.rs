//! A file as a browser sends it with a form (`multipart/form-data`, RFC 7578): the one that was chosen, and nothing else. Pure.

/// The first file in what was sent, if somebody chose one.
pub(super) fn file<'b>(content_type: &str, body: &'b [u8]) -> Option<&'b [u8]> {
    let (kind, rest) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
    let limit = format!("--{}", boundary.trim_matches('"'));
    let mut rest = &body[find(body, limit.as_bytes())? + limit.len()..];
    // The next limit stands on a line of its own; a file may hold anything but that.
    let limit = format!("\r\n{limit}");
    loop {
        let head = find(rest, b"\r\n\r\n")?;
        let content = &rest[head + 4..];
        let end = find(content, limit.as_bytes())?;
        let names = String::from_utf8_lossy(&rest[..head]);
        if names.contains("filename=") && end > 0 {
            return Some(&content[..end]);
        }
        rest = &content[end + limit.len()..];
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| *byte == first) {
        let at = from + at;
        if bytes[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_that_was_chosen_is_found() {
        let kind = "multipart/form-data; boundary=x1";
        let body = b"--x1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"d.docx\"\r\nContent-Type: a/b\r\n\r\nPK\r\n\0--x\r\n--x1--\r\n";
        assert_eq!(file(kind, body), Some(b"PK\r\n\0--x".as_slice()));
        assert_eq!(file("application/x-www-form-urlencoded", body), None);
        assert_eq!(file("multipart/form-data; boundary=other", body), None);
        let none = b"--x1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--x1--\r\n";
        assert_eq!(file(kind, none), None);
        assert_eq!(file(kind, b"--x1"), None);
    }
}
