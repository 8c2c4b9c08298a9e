//! Files that are written for one answer: sent as they are read, however long they are.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header;
use actix_web::web::Bytes;
use futures_util::stream::try_unfold;

use crate::problem::Problem;

/// What is read of a file at once.
const PIECE: u64 = 128 * 1024;

/// The file, to be saved under a name.
///
/// # Errors
/// 500 where it cannot be read.
pub fn attachment(
    mut file: File,
    media_type: &'static str,
    name: &str,
) -> Result<HttpResponse, Problem> {
    let length = file.seek(SeekFrom::End(0)).map_err(Problem::internal)?;
    file.rewind().map_err(Problem::internal)?;
    let pieces = try_unfold(file, |mut file| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = Vec::with_capacity(PIECE as usize);
            Read::by_ref(&mut file).take(PIECE).read_to_end(&mut piece)?;
            Ok::<_, std::io::Error>((Bytes::from(piece), file))
        });
        let (piece, file) = read.await.map_err(std::io::Error::other)??;
        Ok::<_, std::io::Error>((!piece.is_empty()).then_some((piece, file)))
    });
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(SizedStream::new(length, pieces)))
}
