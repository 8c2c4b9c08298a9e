//! The register as an Atom feed (RFC 4287): an entry for each recommendation, which is new again when something of it changes. Pure.

use std::fmt::Write as _;

use super::RecommendationState;
use super::service::Entry;
use crate::reviews::Review;
use crate::ways;

/// The media type.
pub const MEDIA_TYPE: &str = "application/atom+xml; charset=utf-8";

/// The feed of a review's recommendations, the latest first, those that stand no more too: whoever follows it learns that. The same
/// recommendations give the same bytes.
pub fn write(review: &Review, entries: &[Entry], public_url: &str) -> String {
    let mut latest: Vec<&Entry> = entries.iter().collect();
    latest.sort_by_key(|entry| {
        (std::cmp::Reverse(entry.recommendation.updated_at), entry.recommendation.number)
    });
    let updated = latest.first().map_or(review.created_at, |entry| entry.recommendation.updated_at);
    let mut feed = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let address = format!("{public_url}/api/v1/reviews/{}/recommendations.atom", review.id);
    let page = format!("{public_url}{}", ways::register(review.id));
    let _ = write!(
        feed,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n<id>urn:uuid:{}</id>\n<title>Recommendations: {}</title>\n\
         <updated>{updated}</updated>\n<author><name>{}</name></author>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
        review.id,
        escaped(&review.title),
        escaped(&review.organ),
        escaped(&address),
        escaped(&page),
    );
    for entry in latest {
        write_entry(&mut feed, entry, public_url);
    }
    feed.push_str("</feed>\n");
    feed
}

fn write_entry(feed: &mut String, entry: &Entry, public_url: &str) {
    let one = &entry.recommendation;
    let text = entry.newest().map(|text| text.text.as_str()).unwrap_or_default();
    let page = format!("{public_url}{}", ways::recommendation(one.id));
    let _ = write!(
        feed,
        "<entry>\n<id>urn:uuid:{}</id>\n<title>{}</title>\n<published>{}</published>\n<updated>{}</updated>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
        one.id,
        escaped(&title(entry)),
        one.created_at,
        one.updated_at,
        escaped(&page),
    );
    let _ = writeln!(feed, "<category term=\"{}\"/>", one.state);
    for objective in entry.newest().into_iter().flat_map(|text| &text.objectives) {
        let _ = writeln!(feed, "<category term=\"objective-{objective}\"/>");
    }
    let mut content = text.to_owned();
    for note in &entry.follow_ups {
        let _ = write!(content, "\n\n{}: {} ({})", note.dated_on, note.text, note.source);
    }
    let _ = write!(
        feed,
        "<content type=\"text\" xml:lang=\"{}\">{}</content>\n</entry>\n",
        one.language,
        escaped(&content)
    );
}

/// "apgcm-2021/R12", with what became of it where it does not stand.
fn title(entry: &Entry) -> String {
    let name = &entry.recommendation.reference;
    match (entry.recommendation.state, &entry.joined_into) {
        (RecommendationState::Standing, _) => name.clone(),
        (RecommendationState::Joined, Some((_, into))) => format!("{name} (joined into {into})"),
        (state, _) => format!("{name} ({state})"),
    }
}

/// As it stands in XML; what XML has no room for is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_has_a_meaning_in_xml_has_none_in_a_text() {
        assert_eq!(
            escaped("<a href=\"x\">&\u{0}\u{7}</a>"),
            "&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;"
        );
    }
}
