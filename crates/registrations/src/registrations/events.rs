//! What registrations tell those who give people their groups: many at once, at the cost of one.

use super::Registration;
use crate::consultations::Consultation;
use crate::registry::Event;

/// People have a place now.
#[derive(Debug, Clone)]
pub struct PlacesGiven {
    /// The consultation, whose lock is held.
    pub consultation: Consultation,
    /// Their registrations, as they are now.
    pub registrations: Vec<Registration>,
}

impl Event for PlacesGiven {
    const NAME: &'static str = "places_given";
}

/// People have no place any more, or never had one.
#[derive(Debug, Clone)]
pub struct PlacesLeft {
    /// The consultation, whose lock is held.
    pub consultation: Consultation,
    /// Their registrations, as they are now.
    pub registrations: Vec<Registration>,
}

impl PlacesLeft {
    /// One person's place.
    pub fn by(consultation: &Consultation, registration: &Registration) -> Self {
        Self { consultation: consultation.clone(), registrations: vec![registration.clone()] }
    }
}

impl Event for PlacesLeft {
    const NAME: &'static str = "places_left";
}
