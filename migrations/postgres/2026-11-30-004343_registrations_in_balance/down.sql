DROP INDEX registrations_in_balance;
