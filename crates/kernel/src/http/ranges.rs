//! Parts of a file (RFC 9110, section 14): whoever lost the connection goes on where it broke. One part at a time; a request
//! for several, or one that cannot be read, is answered with the whole file, as the standard allows.

use actix_web::HttpResponseBuilder;
use actix_web::http::{StatusCode, header};
use http_range::{HttpRange, HttpRangeParseError};

use super::call::{Answer, Call};
use crate::problem::{Code, Problem};

impl Call {
    /// The file, or the part of it that `Range` names; the part only of the version that `If-Range` names.
    pub fn file(&self, mut answer: HttpResponseBuilder, etag: &str, bytes: Vec<u8>) -> Answer {
        answer.insert_header((header::ETAG, etag)).insert_header((header::ACCEPT_RANGES, "bytes"));
        let length = bytes.len();
        match self.part(etag, length as u64) {
            Served::Whole => Ok(answer.body(bytes)),
            Served::From(start, end) => {
                let range = format!("bytes {start}-{}/{length}", end - 1);
                answer.status(StatusCode::PARTIAL_CONTENT);
                answer.insert_header((header::CONTENT_RANGE, range));
                Ok(answer.body(bytes.get(start..end).unwrap_or_default().to_vec()))
            }
            Served::Nowhere => {
                let detail = format!("It has {length} bytes.");
                Err(Problem::new(Code::RangeNotSatisfiable, detail)
                    .with_header("Content-Range", format!("bytes */{length}")))
            }
        }
    }

    fn part(&self, etag: &str, length: u64) -> Served {
        let text = |name| self.header(name);
        let same = text(header::IF_RANGE).is_none_or(|known| known.trim() == etag);
        let Some(range) = text(header::RANGE).filter(|_| same) else { return Served::Whole };
        match HttpRange::parse(range, length).as_deref() {
            Ok([one]) => Served::From(one.start as usize, (one.start + one.length) as usize),
            Err(HttpRangeParseError::NoOverlap) => Served::Nowhere,
            Ok(_) | Err(HttpRangeParseError::InvalidRange) => Served::Whole,
        }
    }
}

/// What of a file is wanted.
enum Served {
    Whole,
    /// From this byte to before that one.
    From(usize, usize),
    /// Nothing that there is.
    Nowhere,
}
