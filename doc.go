// Package jurat is the law: the nouns of a city's record, the closed lists the
// law acts on, the acts by which one state becomes the next, and the kinds of
// refusal.
//
// Holds: [Incident], [Record], [Exhibit], [Allegation], [Referral] and the
// other nouns of docs/glossary.md, as values; nothing on disk.
// Promises: every act is a method that returns the new value and the [Event],
// or refuses with a [Kind] and changes nothing. Unknown is a value, never "no";
// silence is never refusal. The same values give the same answer.
// May open: the standard library only.
// Never: reads a file, a clock, a network or a database; decides guilt;
// approves what its author wrote; lets a political office act.
package jurat
