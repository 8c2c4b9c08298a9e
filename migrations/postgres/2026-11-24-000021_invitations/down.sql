DROP TABLE invitation_tokens;
DROP TABLE invitation_lists;
DROP TABLE invitations;
