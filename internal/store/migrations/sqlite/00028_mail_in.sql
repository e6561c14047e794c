-- +goose Up

-- The secret part of the address to which mail for a post-mortem is sent.
create table mail_address (
    incident bigint primary key references incident (num) on delete cascade,
    token    text not null,
    person   text not null, -- id of who asked for it, on whose behalf strangers' mail is kept
    at       bigint not null
);

-- To what an answer to a letter of ours belongs.
create table mail_reply (
    letter   text primary key, -- id
    token    text not null unique,
    incident bigint not null references incident (num) on delete cascade,
    thread   text not null,
    person   text not null, -- who got the letter
    at       bigint not null
);
create index mail_reply_incident on mail_reply (incident);
create index mail_reply_at on mail_reply (at);

-- Mail that came in.
create table mail_in (
    id          text primary key,
    key         text not null unique, -- the same when it comes again
    route       text not null, -- general, incident or reply: by its address
    incident    bigint references incident (num) on delete cascade, -- of the address; null for the general one
    thread      text not null, -- of a reply
    reader      text not null, -- who got the letter that it answers
    sender      text not null,
    name        text not null,
    subject     text not null,
    written_at  bigint not null,
    received_at bigint not null,
    size        bigint not null,
    sha256      text not null, -- of the message as it came; empty when it is not kept any more
    auth        text not null, -- what our mail server found about the sender
    proved      boolean not null, -- the sender is who the message says
    automatic   boolean not null, -- no person wrote it
    state       text not null, -- new, waiting, kept, said or dismissed
    said        text not null, -- why
    became      bigint not null, -- number of the post-mortem; 0 for none
    done_by     text not null,
    done_at     bigint not null
);
create index mail_in_state on mail_in (state, id);
create index mail_in_sender on mail_in (sender, received_at);
create index mail_in_incident on mail_in (incident);
create index mail_in_sha on mail_in (sha256);
