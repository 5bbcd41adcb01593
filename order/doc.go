// Package order is the orders: an order is a file, and this room reads it,
// checks it, tests it, and says what it makes whom owe.
//
// Holds: [Order], the parsed file; [Facts], what the record knows of one
// incident; [Evaluation], the duties, clocks and gates that follow from both
// and from a moment.
// Promises: one misspelt key anywhere is refused with file, line and column. A
// fact that is missing or "unknown" is never read as "no": it makes a duty
// [CannotTell], never met and never not applicable. Evaluation is total and
// deterministic: the same file, facts and moment give the same answer. An entry
// nobody verified never closes a gate alone.
// May open: the law, CEL, JSON Schema, YAML.
// Never: reads a clock, a network or a database (parsing asks the runtime for
// one time zone by name, and carries its own copy of the zones); stores a duty
// as truth; decides whether an allegation is so.
package order
