-- What a balance counts and what takes a place, without reading the registrations. It holds nothing that they do not, and no time beside.
CREATE INDEX registrations_in_balance ON registrations
    (consultation_id, state, sector, country, gender, organization_id, decided_at, waiting_number);
