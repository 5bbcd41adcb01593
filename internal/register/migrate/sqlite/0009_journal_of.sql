-- The journal's lines of a kind and of an office, since a moment: whether an
-- office is refused again and again is asked with each refusal.

create index journal_of on journal (kind, office, at);
