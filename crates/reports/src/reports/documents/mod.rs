//! Long documents by a job: the PDF of a draft or of an edition, made beside all requests and kept for whoever asks for it next.
//! Must never make what the one who asked may not read at the moment at which it is made.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::ReportId;
use crate::access::Scope;
use crate::document::Document;
use crate::jobs::{self, Advance, Computation, Computed, Job, JobKind, Task};
use crate::printing::{self, Output, Printer};
use crate::problem::{Code, Problem};
use crate::reports;
use crate::work::Work;

pub mod http;
pub mod keeping;

/// What is to be made. It goes along with the job and holds no personal data.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Wanted {
    report: ReportId,
    /// The draft when there is none.
    edition: Option<i32>,
}

impl Wanted {
    fn document(self, work: &mut Work) -> Result<Document, Problem> {
        match self.edition {
            Some(number) => reports::service::edition(work, self.report, number)?.document(),
            None => reports::service::compile(work, self.report),
        }
    }

    fn address(self) -> String {
        let report = self.report;
        match self.edition {
            Some(number) => format!("/api/v1/reports/{report}/editions/{number}.pdf"),
            None => format!("/api/v1/reports/{report}/draft.pdf"),
        }
    }
}

/// Queues the making of a PDF for somebody who may read the document.
pub fn start(work: &mut Work, report: ReportId, edition: Option<i32>) -> Result<Job, Problem> {
    if !Output::ALL.contains(&Output::Pdf) {
        let detail = "This program was built without PDF; nothing else takes long.";
        return Err(Problem::new(Code::NotAcceptable, detail));
    }
    let wanted = Wanted { report, edition };
    wanted.document(work)?;
    let params = serde_json::to_value(wanted).map_err(Problem::internal)?;
    jobs::service::start(work, JobKind::RenderDocument, Scope::INSTANCE, params, Vec::new())
}

/// Reads the document, as who started the job; the printing holds nothing of the database.
pub fn prepare(work: &mut Work, task: &Task) -> Result<Computation, Problem> {
    let wanted: Wanted = task.params()?;
    let document = wanted.document(work)?;
    let printer = task.app.shared::<Printer>()?.clone();
    Ok(Box::new(move |progress| {
        let paragraphs = document.last_number() as usize;
        progress.step(0, paragraphs, "Setting paragraphs")?;
        let stopped = || progress.is_cancelled();
        let pdf = printer
            .print_until(&document, Output::Pdf, &stopped)
            .map_err(printing::into_problem)?;
        progress.step(paragraphs, paragraphs, "Setting paragraphs")?;
        let (address, bytes) = (wanted.address(), pdf.len());
        let write =
            move |_: &mut Work| Ok(Advance::Done(json!({ "href": address, "bytes": bytes })));
        Ok(Computed { write: Box::new(write), even_when_cancelled: false })
    }))
}
