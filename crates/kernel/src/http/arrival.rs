//! Bodies that do not arrive: a request is given so long for its body, and a large one as long as it takes on a slow line.

use std::cell::Cell;
use std::io::{Error, ErrorKind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

/// Bytes that lengthen the time for a body by a second.
const A_SECOND: usize = 64 * 1024;

/// Whether the body of a request did not arrive in time.
#[derive(Clone, Default)]
pub(super) struct Late(Rc<Cell<bool>>);

impl Late {
    /// Whether it did not.
    pub(super) fn is_late(&self) -> bool {
        self.0.get()
    }
}

/// Gives the body of a request, if it has one, so many seconds.
pub(super) fn limit(request: &mut ServiceRequest, seconds: u64) -> Late {
    let late = Late::default();
    match request.take_payload() {
        Payload::None => {}
        payload => {
            let until = Instant::now() + Duration::from_secs(seconds);
            let (payload, wait, late) =
                (Box::pin(payload), Box::pin(sleep_until(until)), late.clone());
            let body = Arriving { payload, wait, until, arrived: 0, late };
            request.set_payload(Payload::Stream { payload: Box::pin(body) });
        }
    }
    late
}

struct Arriving {
    payload: Pin<Box<Payload>>,
    wait: Pin<Box<Sleep>>,
    /// Until when, had it no length.
    until: Instant,
    arrived: usize,
    late: Late,
}

impl Stream for Arriving {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Poll::Ready(part) = self.payload.as_mut().poll_next(context) {
            if let Some(Ok(bytes)) = &part {
                let before = self.arrived / A_SECOND;
                self.arrived += bytes.len();
                let longer = self.arrived / A_SECOND;
                if longer > before {
                    let until = self.until + Duration::from_secs(longer as u64);
                    self.wait.as_mut().reset(until);
                }
            }
            return Poll::Ready(part);
        }
        if self.wait.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        self.late.0.set(true);
        Poll::Ready(Some(Err(PayloadError::Io(Error::from(ErrorKind::TimedOut)))))
    }
}
