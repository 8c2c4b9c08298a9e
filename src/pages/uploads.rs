//! A form that was sent with a file (`multipart/form-data`), as browsers send one without a script. Knows no page.

use futures_util::stream;

use super::fields::Fields;
use crate::http::extract::Upload;
use crate::problem::{Code, Problem};

/// Fields that a form may have.
const MOST_FIELDS: usize = 100;

/// A file; without bytes where none was chosen.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// What was sent.
    pub bytes: Vec<u8>,
    /// What the browser takes it for.
    pub content_type: String,
}

/// What a form was sent with.
#[derive(Debug, Default)]
pub struct Parts {
    /// Its fields.
    pub fields: Fields,
    /// Its file.
    pub file: Option<File>,
}

impl Parts {
    /// Takes a form apart.
    ///
    /// # Errors
    /// 422 for what is no such form, or did not arrive whole.
    pub async fn of(upload: Upload) -> Result<Self, Problem> {
        let unreadable =
            |_: multer::Error| Problem::new(Code::UnreadableFile, "The form cannot be read.");
        let kind = upload.content_type.unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(unreadable)?;
        let whole = stream::once(async move { Ok::<_, std::io::Error>(upload.bytes) });
        let mut form = multer::Multipart::new(whole, boundary);
        let (mut fields, mut file) = (Vec::new(), None);
        while let Some(field) = form.next_field().await.map_err(unreadable)? {
            if fields.len() == MOST_FIELDS {
                return Err(Problem::new(Code::UnreadableFile, "The form has too many fields."));
            }
            let name = field.name().unwrap_or_default().to_owned();
            if field.file_name().is_some() {
                let content_type = field.content_type().map(ToString::to_string);
                let bytes = field.bytes().await.map_err(unreadable)?.to_vec();
                file = Some(File { bytes, content_type: content_type.unwrap_or_default() });
            } else {
                fields.push((name, field.text().await.map_err(unreadable)?));
            }
        }
        Ok(Self { fields: fields.into(), file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn parts(body: &str) -> Result<Parts, Problem> {
        let content_type = Some("multipart/form-data; boundary=b".to_owned());
        Parts::of(Upload { bytes: body.into(), content_type, fingerprint: [0; 32] }).await
    }

    #[actix_web::test]
    async fn fields_and_a_file_are_told_apart() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\nlook\r\n\
             --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\na,b\r\n--b--\r\n";
        let read = parts(body).await.unwrap();
        assert_eq!(read.fields.one("action"), Some("look"));
        let file = read.file.unwrap();
        assert_eq!((file.bytes.as_slice(), file.content_type.as_str()), (&b"a,b"[..], "text/csv"));
        assert!(parts("--b\r\nContent").await.is_err(), "it did not arrive whole");
        let many = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n".repeat(200);
        assert!(parts(&format!("{many}--b--\r\n")).await.is_err());
    }
}
